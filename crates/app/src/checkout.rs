//! Taking money. The sale is durable before anything is answered, printed or sent.

use evertill_core::{
    Cart, Fault, Invoice, Money, NewInvoice, PaymentModeId, SaleRules, Tender, TenderError, Totals,
    quick_cash, settle,
};
use uuid::Uuid;

use crate::desk::Held;
use crate::fault::AppError;
use crate::receipt;
use crate::session::Caller;
use crate::shop::Joined;
use crate::sync;
use crate::till::Till;
use crate::types::{
    ChargeView, DoneView, Nothing, PayRequest, PaymentModeView, QuoteRequest, QuoteView,
    TenderInput, TenderView,
};
use crate::view::at_least_zero;
use crate::when;

/// `checkout.prepare`: what is due and how it can be paid.
///
/// Refusals: `cart_empty`.
pub(crate) fn prepare(till: &Till, _: &Caller, _: &Nothing) -> Result<ChargeView, Fault> {
    let joined = till.joined()?;
    let cart = till.desk().hold(till).cart()?;
    let totals = due(till, &joined, &cart)?.1;
    let modes = till
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
        due: joined.money(totals.total),
        cash_due: joined.money(totals.cash_total),
        quick_cash: quick_cash(totals.cash_total, joined.currency())
            .into_iter()
            .map(|amount| joined.money(amount))
            .collect(),
        modes,
    })
}

/// `checkout.quote`: what is left to pay.
///
/// Refusals: amounts that are none, `tender_not_positive`, `card_over`.
pub(crate) fn quote(till: &Till, _: &Caller, request: &QuoteRequest) -> Result<QuoteView, Fault> {
    let joined = till.joined()?;
    let cart = till.desk().hold(till).cart()?;
    let (_, totals) = due(till, &joined, &cart)?;
    let tenders = tenders(till, &joined, &request.tenders)?;
    let due = totals.due(&tenders);
    let (paid, remaining, change) = match settle(due, &tenders) {
        Ok(settled) => (settled.paid, Money::ZERO, settled.change),
        Err(TenderError::CashShort { due: missing }) => {
            (due.checked_sub(missing)?, missing, Money::ZERO)
        }
        Err(error) => return Err(error.into()),
    };
    Ok(QuoteView {
        due: joined.money(due),
        paid: joined.money(paid),
        remaining: joined.money(at_least_zero(remaining)),
        cash_remaining: joined.money(at_least_zero(totals.cash_total.checked_sub(paid)?)),
        change: joined.money(change),
        enough: remaining == Money::ZERO,
    })
}

/// `checkout.pay`: closes the sale.
///
/// Paying the same cart again, as a double click or a lost answer does, answers the sale that was
/// made of it.
///
/// Refusals: `cart_changed`, `cart_empty`, `cash_short`, `card_over`, `tender_not_positive`,
/// `payment_mode_unknown`, amounts that are none, `disk_full`.
pub(crate) fn pay(till: &Till, caller: &Caller, request: &PayRequest) -> Result<DoneView, Fault> {
    let joined = till.joined()?;
    let wanted = Uuid::parse_str(&request.cart_id).map_err(|error| AppError::RequestMalformed {
        command: "checkout.pay".to_owned(),
        reason: error.to_string(),
    })?;
    let mut held = till.desk().hold(till);
    let cart = held.cart()?;
    if cart.id != wanted {
        return match till.store().invoice_of_cart(&wanted)? {
            Some(key) => done(till, &joined, &receipt::invoice(till, &key)?),
            None => Err(AppError::CartChanged {
                total: cart.totals(&till.sale_rules(&joined, &cart)?)?.total,
            }
            .into()),
        };
    }
    let (sale_rules, totals) = due(till, &joined, &cart)?;
    if totals.total.minor() != request.expected_total_minor {
        return Err(AppError::CartChanged {
            total: totals.total,
        }
        .into());
    }
    let tenders = tenders(till, &joined, &request.tenders)?;
    let invoice = commit(
        till,
        caller,
        &joined,
        &mut held,
        &cart,
        &sale_rules,
        tenders,
    )?;
    drop(held);
    till.printing().wake();
    till.sync_wake();
    done(till, &joined, &invoice)
}

fn commit(
    till: &Till,
    caller: &Caller,
    joined: &Joined,
    held: &mut Held<'_>,
    cart: &Cart,
    sale_rules: &SaleRules,
    tenders: Vec<Tender>,
) -> Result<Invoice, Fault> {
    let session = caller.session()?;
    let sold_at = till.now();
    let key = till.next_id();
    let invoice = till.store().commit_sale(cart, |number| {
        Invoice::from_cart(
            cart,
            sale_rules,
            NewInvoice {
                key,
                till: joined.enrolment.till.clone(),
                number,
                business_date: when::business_date(sold_at, &joined.zone),
                sold_at,
                cashier: session.user.clone(),
                cashier_name: session.name.clone(),
                tenders,
            },
        )
    })?;
    held.sold();
    Ok(invoice)
}

/// What a cart with something in it comes to, and the terms it was worked out by.
fn due(till: &Till, joined: &Joined, cart: &Cart) -> Result<(SaleRules, Totals), Fault> {
    if cart.is_empty() {
        return Err(evertill_core::CheckoutError::CartEmpty.into());
    }
    let sale_rules = till.sale_rules(joined, cart)?;
    let totals = cart.totals(&sale_rules)?;
    Ok((sale_rules, totals))
}

fn tenders(till: &Till, joined: &Joined, typed: &[TenderInput]) -> Result<Vec<Tender>, Fault> {
    let modes = till.store().payment_modes()?;
    typed
        .iter()
        .map(|tender| {
            let id = PaymentModeId::from(tender.mode.as_str());
            let mode = modes.iter().find(|mode| mode.id == id).ok_or_else(|| {
                AppError::PaymentModeUnknown {
                    mode: tender.mode.clone(),
                }
            })?;
            Ok(Tender {
                mode: id,
                mode_name: mode.name.clone(),
                kind: mode.kind,
                amount: joined.currency().parse(&tender.amount)?,
            })
        })
        .collect()
}

fn done(till: &Till, joined: &Joined, invoice: &Invoice) -> Result<DoneView, Fault> {
    let tenders = invoice
        .tenders
        .iter()
        .map(|tender| TenderView {
            mode: tender.mode.to_string(),
            name: tender.mode_name.clone(),
            amount: joined.money(tender.amount),
        })
        .collect();
    Ok(DoneView {
        invoice_id: invoice.key.to_string(),
        number: invoice.number.to_string(),
        total: joined.money(invoice.totals.total),
        paid: joined.money(invoice.paid),
        change: joined.money(invoice.change),
        tenders,
        print: receipt::view_of(till, &invoice.key)?,
        sync: sync::view(till)?,
    })
}
