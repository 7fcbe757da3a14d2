//! Reads a request.

use rust_decimal::Decimal;
use serde::Deserialize;

use super::names::{ChargeType, DiscountOn, InvoiceKind, RoundingMethod};
use super::value::{Amount, Flag, Id, Rates, RowId};
use crate::calc::{Document, DocumentDiscount, Line, Payment, Settings, TaxRow};

/// The company currency where a rate is sent without one.
const COMPANY_CURRENCY: &str = "EUR";

/// More decimals than this no currency has, and no arithmetic keeps.
const MAX_PLACES: u32 = 9;

/// A document, and what only the quote needs of it.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) id: Option<Id>,
    pub(super) return_against: Option<String>,
    pub(super) document: Document,
    /// For each line whether it says something about a discount, and a stock
    /// unit: then the answer does too.
    pub(super) line_shows: Vec<Shows>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Shows {
    pub(super) discount: bool,
    pub(super) stock_qty: bool,
}

#[derive(Debug, Deserialize)]
struct RawDocument {
    id: Option<Id>,
    #[serde(default)]
    doctype: InvoiceKind,
    #[serde(default)]
    currency: Option<String>,
    company_currency: Option<String>,
    conversion_rate: Option<Amount>,
    rounding_method: Option<RoundingMethod>,
    currency_precision: Option<u32>,
    float_precision: Option<u32>,
    smallest_currency_fraction: Option<Amount>,
    #[serde(default)]
    settings: RawSettings,
    #[serde(default)]
    is_return: Flag,
    return_against: Option<String>,
    #[serde(default)]
    taxes: Option<Vec<RawTax>>,
    items: Vec<RawItem>,
    apply_discount_on: Option<DiscountOn>,
    #[serde(default)]
    discount_amount: Amount,
    #[serde(default)]
    additional_discount_percentage: Amount,
    payments: Option<Vec<RawPayment>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RawSettings {
    rounding_method: Option<RoundingMethod>,
    currency_precision: Option<u32>,
    float_precision: Option<u32>,
    round_row_wise_tax: Flag,
    disable_rounded_total: Flag,
    round_cash_only: Flag,
    keep_included_difference: Flag,
    smallest_currency_fraction_value: Option<Amount>,
    allow_multi_currency_invoices_against_single_party_account: Option<Flag>,
    allow_negative_rates_for_items: Flag,
    whole_units: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct RawTax {
    #[serde(default)]
    account: String,
    #[serde(default)]
    charge_type: ChargeType,
    #[serde(default)]
    rate: Amount,
    #[serde(default)]
    included_in_print_rate: Flag,
    #[serde(default)]
    row_id: RowId,
    #[serde(default)]
    tax_amount: Amount,
}

#[derive(Debug, Deserialize)]
struct RawItem {
    qty: Amount,
    rate: Option<Amount>,
    price_list_rate: Option<Amount>,
    discount_percentage: Option<Amount>,
    discount_amount: Option<Amount>,
    uom: Option<String>,
    conversion_factor: Option<Amount>,
    #[serde(default)]
    item_tax_rates: Rates,
    #[serde(default)]
    return_row: RowId,
}

#[derive(Debug, Deserialize)]
struct RawPayment {
    #[serde(default)]
    mode_of_payment: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    amount: Amount,
}

#[derive(Deserialize)]
struct OnlyId {
    id: Option<Id>,
}

/// The id of a document that cannot be read otherwise.
pub(super) fn id_of(json: &str) -> Option<Id> {
    serde_json::from_str::<OnlyId>(json).ok()?.id
}

/// Reads one JSON object, or says in words what is wrong with it.
pub(super) fn request(json: &str) -> Result<Request, String> {
    let raw: RawDocument = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let settings = settings(&raw)?;
    let (company_currency, currency) = currencies(&raw);
    let line_shows = raw
        .items
        .iter()
        .map(|item| Shows {
            discount: item.price_list_rate.is_some()
                || item.discount_percentage.is_some()
                || item.discount_amount.is_some(),
            stock_qty: item.conversion_factor.is_some(),
        })
        .collect();
    let document = Document {
        kind: raw.doctype.into(),
        currency,
        company_currency,
        conversion_rate: raw.conversion_rate.map_or(Decimal::ZERO, |rate| rate.0),
        settings,
        is_return: raw.is_return.0,
        lines: raw.items.into_iter().map(line).collect(),
        taxes: raw
            .taxes
            .unwrap_or_default()
            .into_iter()
            .map(tax_row)
            .collect(),
        discount: DocumentDiscount {
            on: raw.apply_discount_on.map(Into::into).unwrap_or_default(),
            amount: raw.discount_amount.0,
            percentage: raw.additional_discount_percentage.0,
        },
        payments: raw
            .payments
            .map(|payments| payments.into_iter().map(payment).collect()),
    };
    Ok(Request {
        id: raw.id,
        return_against: raw.return_against,
        document,
        line_shows,
    })
}

fn settings(raw: &RawDocument) -> Result<Settings, String> {
    let default = Settings::default();
    let given = &raw.settings;
    let places = |name: &str, inner: Option<u32>, outer: Option<u32>, default: u32| {
        let places = inner.or(outer).unwrap_or(default);
        if places > MAX_PLACES {
            return Err(format!("{name} is {places}, more than {MAX_PLACES}"));
        }
        Ok(places)
    };
    let coin = given
        .smallest_currency_fraction_value
        .or(raw.smallest_currency_fraction);
    let coin = coin.map_or(default.smallest_currency_fraction, |coin| coin.0);
    if coin.is_sign_negative() && !coin.is_zero() {
        return Err(format!("the smallest coin is {coin}, less than nothing"));
    }
    Ok(Settings {
        rounding_method: given
            .rounding_method
            .or(raw.rounding_method)
            .map(Into::into)
            .unwrap_or_default(),
        currency_precision: places(
            "currency_precision",
            given.currency_precision,
            raw.currency_precision,
            default.currency_precision,
        )?,
        float_precision: places(
            "float_precision",
            given.float_precision,
            raw.float_precision,
            default.float_precision,
        )?,
        round_row_wise_tax: given.round_row_wise_tax.0,
        disable_rounded_total: given.disable_rounded_total.0,
        round_cash_only: given.round_cash_only.0,
        keep_included_difference: given.keep_included_difference.0,
        smallest_currency_fraction: coin,
        allow_foreign_on_company_account: given
            .allow_multi_currency_invoices_against_single_party_account
            .is_none_or(|allowed| allowed.0),
        allow_negative_rates: given.allow_negative_rates_for_items.0,
        whole_units: given.whole_units.clone().unwrap_or(default.whole_units),
    })
}

/// Company and document currency. A document that sends neither a rate nor a
/// company currency is in the company's.
fn currencies(raw: &RawDocument) -> (String, String) {
    let currency = raw.currency.clone();
    let company = match (&raw.company_currency, raw.conversion_rate) {
        (Some(company), _) => company.clone(),
        (None, Some(_)) => COMPANY_CURRENCY.to_owned(),
        (None, None) => currency.clone().unwrap_or_default(),
    };
    let currency = currency.unwrap_or_else(|| company.clone());
    (company, currency)
}

fn line(item: RawItem) -> Line {
    let value = |amount: Option<Amount>| amount.map(|amount| amount.0);
    Line {
        qty: item.qty.0,
        rate: value(item.rate),
        price_list_rate: value(item.price_list_rate),
        discount_percentage: value(item.discount_percentage),
        discount_amount: value(item.discount_amount),
        uom: item.uom,
        conversion_factor: value(item.conversion_factor),
        item_tax_rates: item.item_tax_rates.0,
        return_row: item.return_row.0,
    }
}

fn tax_row(row: RawTax) -> TaxRow {
    TaxRow {
        account: row.account,
        charge_type: row.charge_type.into(),
        rate: row.rate.0,
        included: row.included_in_print_rate.0,
        row_id: row.row_id.0,
        amount: row.tax_amount.0,
    }
}

fn payment(payment: RawPayment) -> Payment {
    let kind = payment.kind.as_deref().unwrap_or(&payment.mode_of_payment);
    Payment {
        is_cash: kind == "Cash",
        amount: payment.amount.0,
        mode_of_payment: payment.mode_of_payment,
    }
}
