//! What a new shop begins with.

use std::collections::BTreeMap;

use evertill_core::{Currency, Percent, TotalsPolicy};
use evertill_protocol::{
    ChangeBody, PaymentModeRecord, PriceListRecord, Record, Shop, TaxRuleRecord,
};
use iso_currency::Currency as Iso;

use crate::person::NewPerson;

/// A shop before its first item: enough for its administrator to sign in at a till.
#[derive(Clone)]
pub struct Founding {
    /// Name on the receipt.
    pub name: String,
    /// Address on the receipt, line by line.
    pub address_lines: Vec<String>,
    /// The shop's own tax number; empty where it has none.
    pub tax_id: String,
    /// What prices are in.
    pub currency: Currency,
    /// IANA time zone that decides the business date.
    pub time_zone: String,
    /// Name of the price list tills sell from; its id is the name's [`slug`].
    pub price_list: String,
    /// Last words on the receipt; empty for none.
    pub receipt_footer: String,
    /// The taxes items may name.
    pub taxes: Vec<TaxRuleRecord>,
    /// How customers may pay.
    pub payment_modes: Vec<PaymentModeRecord>,
    /// The first person, who may do everything.
    pub administrator: NewPerson,
}

impl Founding {
    /// The records of the shop, its administrator apart.
    #[must_use]
    pub fn records(&self) -> Vec<ChangeBody> {
        let price_list = slug(&self.price_list);
        let mut records = vec![Record::PriceList(PriceListRecord {
            id: price_list.as_str().into(),
            name: self.price_list.clone(),
        })];
        records.extend(self.taxes.iter().cloned().map(Record::TaxRule));
        records.extend(self.payment_modes.iter().cloned().map(Record::PaymentMode));
        records.push(Record::Shop(Shop {
            name: self.name.clone(),
            address_lines: self.address_lines.clone(),
            tax_id: self.tax_id.clone(),
            currency: self.currency.clone(),
            time_zone: self.time_zone.clone(),
            price_list: price_list.into(),
            receipt_footer: self.receipt_footer.clone(),
            totals_policy: TotalsPolicy::default(),
            group_price_lists: BTreeMap::new(),
            till_price_lists: BTreeMap::new(),
        }));
        records.into_iter().map(ChangeBody::Upsert).collect()
    }
}

/// An id from a name: `Fruit & Vegetables` is `fruit-vegetables`.
#[must_use]
pub fn slug(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// A tax rule from its name and its rate as a person types it. Its id is the name's [`slug`].
///
/// # Errors
/// A sentence that says what is wrong with the rate or the name.
pub fn tax(name: &str, rate: &str, inclusive: bool) -> Result<TaxRuleRecord, String> {
    let name = name.trim();
    if slug(name).is_empty() {
        return Err("the tax has no name: write what the receipt shall say, “VAT 20 %”".to_owned());
    }
    let percent = Percent::parse(rate).map_err(|_| {
        format!("“{rate}” is no tax rate: write percent from 0 to 100, as 20 or 7.5")
    })?;
    Ok(TaxRuleRecord {
        id: slug(name).into(),
        name: name.to_owned(),
        rate: percent.value().to_string(),
        inclusive,
        rates: Vec::new(),
    })
}

/// The currency of an ISO 4217 code, with the sign and the decimals ISO gives it.
///
/// # Errors
/// A sentence if there is no such code.
pub fn currency(code: &str) -> Result<Currency, String> {
    let wanted = code.trim().to_uppercase();
    let Some(iso) = Iso::from_code(&wanted) else {
        return Err(format!(
            "“{}” is no currency: write its three letters, as EUR, USD or GBP",
            code.trim()
        ));
    };
    let decimals = iso
        .exponent()
        .and_then(|decimals| u8::try_from(decimals).ok());
    let decimals = decimals.ok_or_else(|| format!("{wanted} is no currency to sell in"))?;
    Currency::new(iso.code(), iso.symbol().to_string(), decimals).map_err(|error| error.to_string())
}

/// The time zone of that IANA name.
///
/// # Errors
/// A sentence if there is none.
pub fn time_zone(name: &str) -> Result<String, String> {
    let zone = jiff::tz::TimeZone::get(name.trim());
    match zone.as_ref().ok().and_then(jiff::tz::TimeZone::iana_name) {
        Some(name) => Ok(name.to_owned()),
        None => Err(format!(
            "“{}” is no time zone: write it as Europe/Vienna or America/New_York",
            name.trim()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_has_its_own_decimals_and_a_slip_gets_a_hint() {
        let decimals = |code: &str| currency(code).map(|currency| currency.decimals);
        assert_eq!(decimals("eur"), Ok(2));
        assert_eq!(decimals("JPY"), Ok(0));
        assert_eq!(decimals("KWD"), Ok(3));
        assert_eq!(currency("EUR").map(|eur| eur.symbol), Ok("€".to_owned()));
        let slip = currency("EURO").unwrap_err();
        assert_eq!(
            slip,
            "“EURO” is no currency: write its three letters, as EUR, USD or GBP"
        );
        assert!(currency("XAU").is_err(), "gold has no decimals to sell in");
    }

    #[test]
    fn a_tax_is_named_as_on_the_receipt() {
        let vat = tax("VAT 20 %", "20,0 %", true).unwrap();
        assert_eq!((vat.id.as_str(), vat.rate.as_str()), ("vat-20", "20"));
        assert!(tax("VAT", "twenty", true).is_err());
        assert!(tax(" ", "20", true).is_err());
    }

    #[test]
    fn a_time_zone_is_one_that_is_known() {
        assert_eq!(time_zone("europe/vienna"), Ok("Europe/Vienna".to_owned()));
        assert!(time_zone("Vienna").is_err());
    }
}
