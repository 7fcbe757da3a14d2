//! Taking money. The sale is durable before anything is answered, printed or sent.

use evertill_core::{
    Cart, Fault, Invoice, Money, NewInvoice, PaymentKind, SaleRules, Tender, TenderError, Totals,
    quick_cash, settle,
};
use evertill_store::PaymentMode;
use uuid::Uuid;

use super::cart_view::at_least_zero;
use super::checkout_types::{
    ChargeView, DoneView, ModeDueView, PayRequest, PaymentModeView, QuoteRequest, QuoteView,
    TenderInput, TenderView,
};
use super::{CartGuard, Counter};
use crate::caller::Caller;
use crate::common::Nothing;
use crate::fault::AppError;
use crate::printing;
use crate::shop::EnrolledShop;
use crate::when;

/// `checkout.prepare`: what is due and how it can be paid.
///
/// Refusals: `cart_empty`.
pub(super) fn prepare(counter: &Counter, _: &Caller, _: &Nothing) -> Result<ChargeView, Fault> {
    let enrolled = counter.context.shop()?;
    let cart = counter.lock().cart()?;
    let totals = due(counter, &enrolled, &cart)?.1;
    let modes = counter
        .context
        .store()
        .payment_modes()?
        .into_iter()
        .map(|mode| PaymentModeView {
            id: mode.id.to_string(),
            name: mode.name,
            kind: mode.kind,
        })
        .collect();
    Ok(ChargeView {
        due: enrolled.money(totals.total),
        cash_due: enrolled.money(totals.cash_total),
        quick_cash: quick_cash(totals.cash_total, enrolled.currency())
            .into_iter()
            .map(|amount| enrolled.money(amount))
            .collect(),
        modes,
    })
}

/// `checkout.quote`: what is left to pay.
///
/// Refusals: amounts that are none, `payment_mode_unknown`, `tender_not_positive`, `card_over`.
pub(super) fn quote(
    counter: &Counter,
    _: &Caller,
    request: &QuoteRequest,
) -> Result<QuoteView, Fault> {
    let enrolled = counter.context.shop()?;
    let cart = counter.lock().cart()?;
    let (_, totals) = due(counter, &enrolled, &cart)?;
    let modes = counter.context.store().payment_modes()?;
    let tenders = tenders(&modes, &enrolled, &request.tenders)?;
    let due = totals.due(&tenders);
    let (paid, remaining, change) = match settle(due, &tenders) {
        Ok(settled) => (settled.paid, Money::ZERO, settled.change),
        Err(TenderError::CashShort { due: missing }) => {
            (due.checked_sub(missing)?, missing, Money::ZERO)
        }
        Err(error) => return Err(error.into()),
    };
    let enough = remaining == Money::ZERO;
    let modes = modes.iter().map(|mode| {
        let due = match mode.kind {
            PaymentKind::Cash if !enough => totals.cash_total,
            _ => due,
        };
        Ok(ModeDueView {
            mode: mode.id.to_string(),
            due: enrolled.money(due),
            remaining: enrolled.money(at_least_zero(due.checked_sub(paid)?)),
        })
    });
    Ok(QuoteView {
        due: enrolled.money(due),
        paid: enrolled.money(paid),
        remaining: enrolled.money(at_least_zero(remaining)),
        modes: modes.collect::<Result<_, Fault>>()?,
        change: enrolled.money(change),
        enough,
    })
}

/// `checkout.pay`: closes the sale.
///
/// Paying the same cart again, as a double click or a lost answer does, answers the sale that was
/// made of it.
///
/// Refusals: `cart_changed`, `cart_empty`, `cash_short`, `card_over`, `tender_not_positive`,
/// `payment_mode_unknown`, amounts that are none, `disk_full`.
pub(super) fn pay(
    counter: &Counter,
    caller: &Caller,
    request: &PayRequest,
) -> Result<DoneView, Fault> {
    let enrolled = counter.context.shop()?;
    let wanted = Uuid::parse_str(&request.cart_id).map_err(|error| AppError::RequestMalformed {
        command: "checkout.pay".to_owned(),
        reason: error.to_string(),
    })?;
    let mut guard = counter.lock();
    let cart = guard.cart()?;
    if cart.id != wanted {
        return match counter.context.store().invoice_of_cart(&wanted)? {
            Some(key) => done(
                counter,
                &enrolled,
                &printing::invoice(&counter.context, &key)?,
            ),
            None => Err(AppError::CartChanged {
                total: Totals::of(&cart, &counter.sale_rules(&enrolled, &cart)?)?.total,
            }
            .into()),
        };
    }
    let (sale_rules, totals) = due(counter, &enrolled, &cart)?;
    if totals.total.minor() != request.expected_total_minor {
        return Err(AppError::CartChanged {
            total: totals.total,
        }
        .into());
    }
    let modes = counter.context.store().payment_modes()?;
    let tenders = tenders(&modes, &enrolled, &request.tenders)?;
    let invoice = commit(
        counter,
        caller,
        &enrolled,
        &mut guard,
        &cart,
        &sale_rules,
        tenders,
    )?;
    drop(guard);
    counter.printing.wake();
    counter.sync.wake();
    done(counter, &enrolled, &invoice)
}

fn commit(
    counter: &Counter,
    caller: &Caller,
    enrolled: &EnrolledShop,
    guard: &mut CartGuard<'_>,
    cart: &Cart,
    sale_rules: &SaleRules,
    tenders: Vec<Tender>,
) -> Result<Invoice, Fault> {
    let session = caller.session()?;
    let sold_at = counter.context.now();
    let key = counter.context.next_id();
    let invoice = counter.context.store().commit_sale(cart, |number| {
        Invoice::from_cart(
            cart,
            sale_rules,
            NewInvoice {
                key,
                till: enrolled.enrolment.till.clone(),
                number,
                business_date: when::business_date(sold_at, &enrolled.zone),
                sold_at,
                cashier: session.user.clone(),
                cashier_name: session.name.clone(),
                tenders,
            },
        )
    })?;
    guard.sold();
    Ok(invoice)
}

/// What a cart with something in it comes to, and the terms it was worked out by.
fn due(
    counter: &Counter,
    enrolled: &EnrolledShop,
    cart: &Cart,
) -> Result<(SaleRules, Totals), Fault> {
    if cart.is_empty() {
        return Err(evertill_core::CheckoutError::CartEmpty.into());
    }
    let sale_rules = counter.sale_rules(enrolled, cart)?;
    let totals = Totals::of(cart, &sale_rules)?;
    Ok((sale_rules, totals))
}

fn tenders(
    modes: &[PaymentMode],
    enrolled: &EnrolledShop,
    typed: &[TenderInput],
) -> Result<Vec<Tender>, Fault> {
    typed
        .iter()
        .map(|tender| {
            let mode = mode_called(modes, &tender.mode)?;
            Ok(Tender {
                mode: mode.id.clone(),
                mode_name: mode.name.clone(),
                kind: mode.kind,
                amount: enrolled.currency().parse(&tender.amount)?,
            })
        })
        .collect()
}

fn mode_called<'a>(modes: &'a [PaymentMode], id: &str) -> Result<&'a PaymentMode, Fault> {
    let found = modes.iter().find(|mode| mode.id.as_str() == id);
    found.ok_or_else(|| {
        AppError::PaymentModeUnknown {
            mode: id.to_owned(),
        }
        .into()
    })
}

fn done(counter: &Counter, enrolled: &EnrolledShop, invoice: &Invoice) -> Result<DoneView, Fault> {
    let tenders = invoice
        .tenders
        .iter()
        .map(|tender| TenderView {
            mode: tender.mode.to_string(),
            name: tender.mode_name.clone(),
            amount: enrolled.money(tender.amount),
        })
        .collect();
    Ok(DoneView {
        invoice_id: invoice.key.to_string(),
        number: invoice.number.to_string(),
        total: enrolled.money(invoice.totals.total),
        paid: enrolled.money(invoice.paid),
        change: enrolled.money(invoice.change),
        tenders,
        print: counter.printing.receipt_view(&invoice.key)?,
        sync: counter.sync.view()?,
    })
}
