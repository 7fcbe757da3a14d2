//! A cart written down as a document of the engine, and its lines read back.

use rust_decimal::Decimal;

use super::parts::{cost, take_off};
use super::taxes::{self, Taxes};
use super::{LineTotals, Part, PromotionSaving, discount_base, exact_money, refused};
use crate::calc::{self, Document, DocumentDiscount, Line};
use crate::cart::{Cart, CartError, CartLine};
use crate::discount::Discount;
use crate::money::Money;
use crate::pricing::{Basket, BasketLine, NotApplied, PricedBasket};
use crate::quantity::Quantity;
use crate::sale_rules::SaleRules;
use crate::tax::{AccountRate, TaxCharge};

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
        let money = |value| exact_money(&sale_rules.currency, value);
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
            rate: taxes::rate_at(line, row),
        })
        .filter(|charged| !charged.rate.is_zero())
        .collect()
    }
}

/// Lets the shop's promotions go over the cart; nothing where it has none.
fn promote(cart: &Cart, sale_rules: &SaleRules) -> Option<PricedBasket> {
    let now = cart.priced_at?;
    if sale_rules.promotions.is_empty() {
        return None;
    }
    let lines = cart.lines.iter().map(|line| BasketLine {
        item: line.item.id.to_string(),
        name: line.item.name.clone(),
        categories: vec![line.item.category.to_string()],
        brand: Some(line.item.brand.clone()).filter(|brand| !brand.is_empty()),
        qty: line.quantity.value(),
        price: sale_rules.currency.to_decimal(line.price),
        no_promotions: line.price_set || !line.discount.is_none(),
    });
    let basket = Basket {
        lines: lines.collect(),
        coupons: cart.coupons.clone(),
    };
    Some(
        sale_rules
            .promotions
            .price(&basket, &sale_rules.context(cart, now)),
    )
}

/// The units of a line of the cart as lines of the document, without their taxes.
fn units_of(
    line: &CartLine,
    promoted: Option<&crate::pricing::PricedLine>,
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
        .map(|line| exact_money(&sale_rules.currency, line.amount))
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
            saved: exact_money(&sale_rules.currency, one.amount)?,
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
                saved: exact_money(&sale_rules.currency, saving.saved)?,
            };
            if let Some(line) = lines.get_mut(saving.line) {
                line.push(saved);
            }
        }
    }
    Ok(lines)
}
