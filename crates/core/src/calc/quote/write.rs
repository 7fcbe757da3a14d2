//! Writes an answer.

use core::fmt::Write;

use rust_decimal::Decimal;

use super::read::{Request, Shows};
use super::value::Id;
use crate::calc::{DocumentLineTotals, DocumentTotals, TaxTotals, ValidationError};

/// Writes `{"id": …, "error": …}`.
pub(super) fn refusal(out: &mut String, id: Option<&Id>, refusal: &ValidationError) {
    open(out, id);
    error(out, "error", refusal);
    out.push('}');
}

/// Writes `{"id": …, …}`.
pub(super) fn totals(out: &mut String, request: &Request, totals: &DocumentTotals) {
    open(out, request.id.as_ref());
    number(out, "total", totals.total);
    number(out, "net_total", totals.net_total);
    number(out, "discount_amount", totals.discount_amount);
    number(
        out,
        "total_taxes_and_charges",
        totals.total_taxes_and_charges,
    );
    number(out, "grand_total", totals.grand_total);
    number(out, "rounded_total", totals.rounded_total);
    number(out, "rounding_adjustment", totals.rounding_adjustment);
    if let Some(base) = &totals.base {
        number(out, "base_total", base.total);
        number(out, "base_net_total", base.net_total);
        number(out, "base_discount_amount", base.discount_amount);
        number(
            out,
            "base_total_taxes_and_charges",
            base.total_taxes_and_charges,
        );
        number(out, "base_grand_total", base.grand_total);
        number(out, "base_rounded_total", base.rounded_total);
        number(out, "base_rounding_adjustment", base.rounding_adjustment);
    }
    if let Some(payment) = &totals.payment {
        number(out, "paid_amount", payment.paid_amount);
        number(out, "change_amount", payment.change_amount);
        if let Some(base) = &totals.base {
            number(
                out,
                "base_paid_amount",
                base.paid_amount.unwrap_or_default(),
            );
            number(
                out,
                "base_change_amount",
                base.change_amount.unwrap_or_default(),
            );
        }
        if let Some(open) = payment.outstanding_amount {
            number(out, "outstanding_amount", open);
        }
    }
    out.push_str(",\"items\":[");
    for (index, (line, shows)) in totals.lines.iter().zip(&request.line_shows).enumerate() {
        item(out, index == 0, line, *shows);
    }
    out.push_str("],\"taxes\":[");
    for (index, row) in totals.taxes.iter().enumerate() {
        tax(out, index == 0, row);
    }
    out.push(']');
    if let Some(payment) = &totals.payment {
        out.push_str(",\"status\":\"");
        out.push_str(payment.status.name());
        out.push('"');
    }
    if let Some(refusal) = &totals.submit_refusal {
        error(out, "submit_error", refusal);
    }
    out.push('}');
}

fn item(out: &mut String, first: bool, line: &DocumentLineTotals, shows: Shows) {
    out.push_str(if first { "{" } else { ",{" });
    first_number(out, "rate", line.rate);
    number(out, "amount", line.amount);
    number(out, "net_amount", line.net_amount);
    number(out, "net_rate", line.net_rate);
    if shows.discount {
        number(out, "discount_amount", line.discount_amount);
        number(out, "discount_percentage", line.discount_percentage);
    }
    if shows.stock_qty {
        number(out, "stock_qty", line.stock_qty);
    }
    if let Some(base) = &line.base {
        number(out, "base_rate", base.rate);
        number(out, "base_amount", base.amount);
        number(out, "base_net_amount", base.net_amount);
        number(out, "base_net_rate", base.net_rate);
    }
    out.push('}');
}

fn tax(out: &mut String, first: bool, row: &TaxTotals) {
    out.push_str(if first { "{" } else { ",{" });
    first_number(out, "tax_amount", row.tax_amount);
    number(
        out,
        "tax_amount_after_discount_amount",
        row.tax_amount_after_discount_amount,
    );
    number(out, "total", row.total);
    if let Some(base) = &row.base {
        number(out, "base_tax_amount", base.tax_amount);
        number(
            out,
            "base_tax_amount_after_discount_amount",
            base.tax_amount_after_discount_amount,
        );
        number(out, "base_total", base.total);
    }
    out.push('}');
}

fn open(out: &mut String, id: Option<&Id>) {
    out.push_str("{\"id\":");
    out.push_str(id.map_or("null", |id| &id.json));
}

fn error(out: &mut String, name: &str, refusal: &ValidationError) {
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":{\"reason\":\"");
    out.push_str(refusal.reason());
    out.push_str("\",\"message\":");
    // A text always has a JSON form.
    out.push_str(
        &serde_json::to_string(&refusal.to_string()).unwrap_or_else(|_| "\"\"".to_owned()),
    );
    out.push('}');
}

fn number(out: &mut String, name: &str, value: Decimal) {
    out.push(',');
    first_number(out, name, value);
}

fn first_number(out: &mut String, name: &str, value: Decimal) {
    out.push('"');
    out.push_str(name);
    out.push_str("\":");
    // Minus nothing is nothing.
    let value = if value.is_zero() {
        Decimal::ZERO
    } else {
        value
    };
    // Writing into a string does not fail.
    let _ = write!(out, "{value}");
}
