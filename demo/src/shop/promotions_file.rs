//! What the demo shop sells by besides its shelf prices: `promotions.json`.

use std::collections::{BTreeMap, BTreeSet};

use evertill_core::pricing::{Effect, Promotion, Selector};
use evertill_core::{PriceListId, TotalsPolicy};
use evertill_protocol::{ChangeBody, CustomerRecord, PriceListRecord, PriceRecord, Record};
use serde::Deserialize;

use evertill_hub::HubError;

/// The file. A folder without one is a shop of shelf prices only.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PromotionsFile {
    pub(super) totals_policy: TotalsPolicy,
    pub(super) group_price_lists: BTreeMap<String, PriceListId>,
    price_lists: Vec<PriceListRecord>,
    customers: Vec<CustomerPromotions>,
    prices: Vec<PriceRecord>,
    promotions: Vec<Promotion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomerPromotions {
    household_id: String,
    group: String,
    loyalty: bool,
}

impl PromotionsFile {
    /// Reads the file; an empty text is no file.
    pub(super) fn read(json: &str) -> Result<Self, HubError> {
        if json.is_empty() {
            return Ok(Self::default());
        }
        Ok(serde_json::from_str(json)?)
    }

    /// Price lists, prices and promotions as changes. They name articles of the shop only.
    pub(super) fn changes(self, articles: &BTreeSet<String>) -> Result<Vec<ChangeBody>, HubError> {
        for price in &self.prices {
            known(articles, "price", &price.id, price.item.as_str())?;
        }
        for promotion in &self.promotions {
            for item in named(&promotion.effect) {
                known(articles, "promotion", &promotion.id, item)?;
            }
        }
        let lists = self.price_lists.into_iter().map(Record::PriceList);
        let prices = self.prices.into_iter().map(Record::Price);
        let promotions = self.promotions.into_iter().map(Record::from);
        let all = lists.chain(prices).chain(promotions);
        Ok(all.map(ChangeBody::Upsert).collect())
    }

    /// A customer with what the file says of them.
    pub(super) fn of(&self, mut customer: CustomerRecord) -> CustomerRecord {
        let mut all = self.customers.iter();
        if let Some(offers) = all.find(|offers| offers.household_id == customer.id.as_str()) {
            customer.group.clone_from(&offers.group);
            customer.loyalty = offers.loyalty;
        }
        customer
    }
}

/// The articles a promotion names.
fn named(effect: &Effect) -> impl Iterator<Item = &str> {
    let (one, other): (&Selector, Option<&Selector>) = match effect {
        Effect::UnitDiscount { of, .. }
        | Effect::MixAndMatch { of, .. }
        | Effect::Ticket { of, .. } => (of, None),
        Effect::BuyGet { buy, get, .. } => (buy, Some(get)),
    };
    let all = std::iter::once(one).chain(other);
    all.flat_map(|of| of.items.iter().chain(&of.except))
        .map(String::as_str)
}

fn known(articles: &BTreeSet<String>, what: &str, id: &str, article: &str) -> Result<(), HubError> {
    if articles.contains(article) {
        return Ok(());
    }
    Err(HubError::Unreadable(format!(
        "{what} {id}: unknown product {article}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DemoData;

    #[test]
    fn offers_that_name_what_is_not_there_are_refused() {
        let articles: BTreeSet<String> = ["milk".to_owned()].into();
        let table = [
            (
                r#"{"prices":[{"id":"staff/oil","price_list":"staff","item":"oil","amount":1}]}"#,
                "price staff/oil: unknown product oil",
            ),
            (
                r#"{"promotions":[{"id":"p","name":"P","effect":{"kind":"buy_get","buy":{"items":["milk"]},
                    "buy_units":1,"get":{"items":["oil"]},"get_units":1,"benefit":{"kind":"free"}}}]}"#,
                "promotion p: unknown product oil",
            ),
        ];
        for (json, wrong) in table {
            let error = PromotionsFile::read(json)
                .unwrap()
                .changes(&articles)
                .unwrap_err();
            assert!(error.to_string().contains(wrong), "{error}");
        }
        assert!(
            PromotionsFile::read(r#"{"promotion":[]}"#).is_err(),
            "a slip"
        );
        assert!(
            PromotionsFile::read("")
                .unwrap()
                .changes(&articles)
                .unwrap()
                .is_empty()
        );
    }

    /// Shift and week come to what was paid in the data set; an article on offer would change it.
    #[test]
    fn no_article_of_the_offers_is_in_a_basket_of_the_data_set() {
        let offers = PromotionsFile::read(&DemoData::embedded().promotions).unwrap();
        let prices = offers.prices.iter().map(|price| price.item.as_str());
        let offered: BTreeSet<&str> = offers
            .promotions
            .iter()
            .flat_map(|promotion| named(&promotion.effect))
            .chain(prices)
            .collect();
        assert_eq!(offered.len(), 7);
        let sold = include_str!("../../lines.csv");
        let mut rows = csv::Reader::from_reader(sold.as_bytes());
        let product = 3;
        assert_eq!(&rows.headers().unwrap()[product], "product_id");
        let found: Vec<String> = rows
            .records()
            .map(|row| row.unwrap()[product].to_owned())
            .filter(|product| offered.contains(product.as_str()))
            .collect();
        assert_eq!(found, Vec::<String>::new());
        // What the whole ticket gets needs a coupon, which no basket shows.
        let tickets = offers
            .promotions
            .iter()
            .filter(|one| matches!(one.effect, Effect::Ticket { .. }));
        assert!(tickets.clone().count() > 0);
        assert!(tickets.clone().all(|one| one.coupon.is_some()));
    }
}
