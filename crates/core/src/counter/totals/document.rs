//! A cart written down as a document of the engine, and its lines read back.

use rust_decimal::Decimal;

use super::amounts::{LineTotals, Part, PromotionSaving};
use super::charges::{Taxes, rate_at};
use super::refusal::refused;
use super::unit_prices::{cost, take_off};
use crate::calc::{self, DiscountOn, Document, DocumentDiscount, Line};
use crate::counter::cart::{Cart, CartLine};
use crate::counter::cart_error::CartError;
use crate::counter::discount::Discount;
use crate::counter::promotions::promote;
use crate::counter::sale_rules::SaleRules;
use crate::pricing::{NotApplied, PricedBasket, PricedLine};
use crate::tax::{AccountRate, TaxCharge};
use crate::values::money::Money;
use crate::values::quantity::Quantity;

/// A cart as a document, and what only the cart knows about it.
pub(super) struct Written {
    pub(super) document: Document,
    /// For each line of the document the line of the cart, by place.
    pub(super) of_line: Vec<usize>,
    pub(super) charges: Vec<TaxCharge>,
    pub(super) ticket: Vec<PromotionSaving>,
    pub(super) not_applied: Vec<NotApplied>,
    pub(super) coupons: Vec<String>,
    /// What promotions saved, by line of the cart.
    promotions: Vec<Vec<PromotionSaving>>,
    /// What the lines would cost whole, where that is not their price times quantity: for a
    /// customer who is charged no tax.
    untaxed: Option<Vec<Money>>,
}

impl Written {
    pub(super) fn new(cart: &Cart, sale_rules: &SaleRules) -> Result<Self, CartError> {
        let taxes = Taxes::of(cart, sale_rules);
        let priced = promote(cart, sale_rules);
        let mut document = taxes.blank(sale_rules);
        let mut of_line = Vec::with_capacity(cart.lines.len());
        for (place, line) in cart.lines.iter().enumerate() {
            let promoted = priced.as_ref().and_then(|all| all.lines.get(place));
            let units = units_of(line, promoted, sale_rules)?;
            for unit in units {
                document.lines.push(Line {
                    item_tax_rates: taxes.rates_of(line),
                    ..unit
                });
                of_line.push(place);
            }
        }
        let mut charges = taxes.charges.clone();
        let mut untaxed = None;
        if taxes.exempt {
            untaxed = Some(whole_untaxed(cart, &taxes, sale_rules)?);
            taxes.exempt(&mut document, &mut charges, sale_rules)?;
        }
        document.discount = discount(cart, &document, priced.as_ref(), sale_rules)?;
        let saved = priced.unwrap_or_default();
        Ok(Self {
            document,
            of_line,
            charges,
            ticket: ticket(&saved, sale_rules)?,
            promotions: by_line(cart, &saved, sale_rules)?,
            not_applied: saved.not_applied,
            coupons: saved.coupons,
            untaxed,
        })
    }

    /// The lines of the cart from those of the document.
    pub(super) fn line_totals(
        &self,
        cart: &Cart,
        worked: &calc::DocumentTotals,
        sale_rules: &SaleRules,
    ) -> Result<Vec<LineTotals>, CartError> {
        let money = |value| sale_rules.currency.from_decimal(value);
        let mut lines: Vec<LineTotals> = Vec::with_capacity(cart.lines.len());
        for (at, (place, units)) in self.of_line.iter().zip(&worked.lines).enumerate() {
            let Some(line) = cart.lines.get(*place) else {
                continue;
            };
            let part = Part {
                quantity: Quantity::new(units.qty)?,
                price: money(units.rate)?,
            };
            let (amount, net) = (money(units.amount)?, money(units.net_amount)?);
            if lines.len() > *place {
                if let Some(last) = lines.last_mut() {
                    last.amount = last.amount.checked_add(amount)?;
                    last.net = last.net.checked_add(net)?;
                    last.parts.push(part);
                }
                continue;
            }
            lines.push(LineTotals {
                line: line.id,
                gross: Money::ZERO,
                discount: Money::ZERO,
                invoice_discount_share: Money::ZERO,
                amount,
                net,
                parts: vec![part],
                tax_rates: self.charged_at(at),
                promotions: self.promotions.get(*place).cloned().unwrap_or_default(),
            });
        }
        for (place, (totals, line)) in lines.iter_mut().zip(&cart.lines).enumerate() {
            totals.gross = self.gross(place, line, totals, sale_rules)?;
            totals.discount = totals.gross.checked_sub(totals.amount)?;
        }
        Ok(lines)
    }

    /// Price times quantity. A line without discount costs what the engine says, to the cent.
    fn gross(
        &self,
        place: usize,
        line: &CartLine,
        totals: &LineTotals,
        sale_rules: &SaleRules,
    ) -> Result<Money, CartError> {
        if let Some(whole) = self.untaxed.as_ref().and_then(|all| all.get(place)) {
            return Ok(*whole);
        }
        let as_priced = matches!(totals.parts.as_slice(), [one] if one.price == line.price);
        if as_priced {
            return Ok(totals.amount);
        }
        Ok(cost(line.price, line.quantity.value(), sale_rules)?)
    }

    /// What a line of the document is charged at, by account, where that is not nothing.
    fn charged_at(&self, at: usize) -> Vec<AccountRate> {
        let Some(line) = self.document.lines.get(at) else {
            return Vec::new();
        };
        let rows = self.document.taxes.iter().zip(&self.charges);
        rows.map(|(row, charge)| AccountRate {
            account: charge.account.clone(),
            rate: rate_at(line, row),
        })
        .filter(|charged| !charged.rate.is_zero())
        .collect()
    }
}

/// The units of a line of the cart as lines of the document, without their taxes.
fn units_of(
    line: &CartLine,
    promoted: Option<&PricedLine>,
    sale_rules: &SaleRules,
) -> Result<Vec<Line>, CartError> {
    let price = sale_rules.currency.to_decimal(line.price);
    let whole = Line::units(line.quantity.value(), price, price);
    if line.discount.is_none() {
        return Ok(match promoted {
            Some(promoted) => promoted.document_lines(&whole, price),
            None => vec![whole],
        });
    }
    let parts = match line.discount {
        Discount::None => return Ok(vec![whole]),
        Discount::Percent(percent) => {
            return Ok(vec![Line {
                rate: None,
                discount_percentage: Some(percent.value()),
                ..whole
            }]);
        }
        Discount::Amount(off) => {
            let full = cost(line.price, line.quantity.value(), sale_rules)?;
            if off > full {
                return Err(CartError::DiscountOverPrice {
                    line: line.id,
                    discount: off,
                    price: full,
                });
            }
            take_off(line.price, line.quantity, off, sale_rules)?
        }
    };
    let units = parts.into_iter().map(|part| {
        let rate = sale_rules.currency.to_decimal(part.price);
        Line::units(part.quantity.value(), rate, price)
    });
    Ok(units.collect())
}

/// The discount on the document: what was given by hand, and what promotions take off the ticket.
fn discount(
    cart: &Cart,
    document: &Document,
    priced: Option<&PricedBasket>,
    sale_rules: &SaleRules,
) -> Result<DocumentDiscount, CartError> {
    let on = sale_rules.totals_policy.discount_on;
    let ticket = priced.map_or(Decimal::ZERO, PricedBasket::ticket_discount);
    let none = DocumentDiscount {
        on,
        ..DocumentDiscount::default()
    };
    Ok(match cart.discount {
        Discount::None => DocumentDiscount {
            amount: ticket,
            ..none
        },
        Discount::Amount(amount) => DocumentDiscount {
            amount: ticket.saturating_add(sale_rules.currency.to_decimal(amount)),
            ..none
        },
        Discount::Percent(percent) if ticket.is_zero() => DocumentDiscount {
            percentage: percent.value(),
            ..none
        },
        Discount::Percent(percent) => {
            let worked = calc::calculate(document, None, sale_rules.totals_policy.arithmetic)
                .map_err(|refusal| refused(&refusal, &sale_rules.currency))?;
            let left = discount_base(on, &worked).saturating_sub(ticket);
            let off = left.saturating_mul(percent.value()) / Decimal::ONE_HUNDRED;
            let places = u32::from(sale_rules.currency.decimals);
            let off = calc::round_exact(off, places, sale_rules.totals_policy.rounding);
            DocumentDiscount {
                amount: ticket.saturating_add(off),
                ..none
            }
        }
    })
}

/// What the lines would cost a customer without tax, had nothing been taken off them.
fn whole_untaxed(
    cart: &Cart,
    taxes: &Taxes,
    sale_rules: &SaleRules,
) -> Result<Vec<Money>, CartError> {
    let mut document = taxes.blank(sale_rules);
    for line in &cart.lines {
        let price = sale_rules.currency.to_decimal(line.price);
        document.lines.push(Line {
            qty: line.quantity.value(),
            rate: Some(price),
            item_tax_rates: taxes.rates_of(line),
            ..Line::default()
        });
    }
    taxes.exempt(&mut document, &mut taxes.charges.clone(), sale_rules)?;
    let worked = calc::calculate(&document, None, sale_rules.totals_policy.arithmetic)
        .map_err(|refusal| refused(&refusal, &sale_rules.currency))?;
    let amounts = worked.lines.iter();
    Ok(amounts
        .map(|line| sale_rules.currency.from_decimal(line.amount))
        .collect::<Result<_, _>>()?)
}

fn ticket(
    priced: &PricedBasket,
    sale_rules: &SaleRules,
) -> Result<Vec<PromotionSaving>, CartError> {
    let all = priced.ticket.iter().map(|one| {
        Ok(PromotionSaving {
            promotion: one.promotion.clone(),
            name: one.name.clone(),
            what: one.what.clone(),
            quantity: None,
            saved: sale_rules.currency.from_decimal(one.amount)?,
        })
    });
    all.collect()
}

fn by_line(
    cart: &Cart,
    priced: &PricedBasket,
    sale_rules: &SaleRules,
) -> Result<Vec<Vec<PromotionSaving>>, CartError> {
    let mut lines = vec![Vec::new(); cart.lines.len()];
    for applied in &priced.applied {
        for saving in &applied.lines {
            let saved = PromotionSaving {
                promotion: applied.promotion.clone(),
                name: applied.name.clone(),
                what: applied.what.clone(),
                quantity: Some(Quantity::new(saving.qty)?),
                saved: sale_rules.currency.from_decimal(saving.saved)?,
            };
            if let Some(line) = lines.get_mut(saving.line) {
                line.push(saved);
            }
        }
    }
    Ok(lines)
}

/// What a discount in per cent on the whole sale is taken of.
fn discount_base(on: DiscountOn, worked: &calc::DocumentTotals) -> Decimal {
    match on {
        DiscountOn::NetTotal => worked.net_total,
        DiscountOn::GrandTotal => worked.grand_total,
    }
}
