//! The master data a hub gives to its tills, one record a row.

use evertill_core::pricing::Promotion;
use evertill_core::{
    AccountRate, CategoryId, CustomerId, ItemId, PaymentKind, PaymentModeId, PriceListId, Role,
    TaxRuleId, TaxTemplate, UserId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::enrol::Shop;
use crate::price::PriceRecord;
use crate::schema::{
    AccountRateSchema, PromotionSchema, TaxTemplateSchema, payment_kind_schema, role_schema,
};

/// One row of master data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Record {
    /// Something the shop sells.
    Item(ItemRecord),
    /// What an item costs on a price list.
    Price(PriceRecord),
    /// A price list.
    PriceList(PriceListRecord),
    /// A tax rule items point to.
    TaxRule(TaxRuleRecord),
    /// What a whole sale is charged.
    #[schema(value_type = TaxTemplateSchema)]
    TaxTemplate(TaxTemplate),
    /// A category of items.
    Category(CategoryRecord),
    /// A customer.
    Customer(CustomerRecord),
    /// A promotion. One that ends for good is deleted. Boxed, because it is many times as large as
    /// the records of which there are many.
    #[schema(value_type = PromotionSchema)]
    Promotion(Box<Promotion>),
    /// A mode of payment.
    PaymentMode(PaymentModeRecord),
    /// A person who works at tills.
    User(UserRecord),
    /// The shop itself.
    Shop(Shop),
}

/// The id under which the one [`Record::Shop`] travels.
const SHOP_ID: &str = "shop";

impl Record {
    /// Which kind of record this is.
    #[must_use]
    pub const fn kind(&self) -> RecordKind {
        match self {
            Self::Item(_) => RecordKind::Item,
            Self::Price(_) => RecordKind::Price,
            Self::PriceList(_) => RecordKind::PriceList,
            Self::TaxRule(_) => RecordKind::TaxRule,
            Self::TaxTemplate(_) => RecordKind::TaxTemplate,
            Self::Category(_) => RecordKind::Category,
            Self::Customer(_) => RecordKind::Customer,
            Self::Promotion(_) => RecordKind::Promotion,
            Self::PaymentMode(_) => RecordKind::PaymentMode,
            Self::User(_) => RecordKind::User,
            Self::Shop(_) => RecordKind::Shop,
        }
    }

    /// The record's id, unique within its kind.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Item(item) => item.id.as_str(),
            Self::Price(price) => &price.id,
            Self::PriceList(list) => list.id.as_str(),
            Self::TaxRule(rule) => rule.id.as_str(),
            Self::TaxTemplate(template) => &template.id,
            Self::Category(category) => category.id.as_str(),
            Self::Customer(customer) => customer.id.as_str(),
            Self::Promotion(promotion) => &promotion.id,
            Self::PaymentMode(mode) => mode.id.as_str(),
            Self::User(user) => user.id.as_str(),
            Self::Shop(_) => SHOP_ID,
        }
    }
}

impl From<Promotion> for Record {
    fn from(promotion: Promotion) -> Self {
        Self::Promotion(Box::new(promotion))
    }
}

/// The kinds of [`Record`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// [`Record::Item`]
    Item,
    /// [`Record::Price`]
    Price,
    /// [`Record::PriceList`]
    PriceList,
    /// [`Record::TaxRule`]
    TaxRule,
    /// [`Record::TaxTemplate`]
    TaxTemplate,
    /// [`Record::Category`]
    Category,
    /// [`Record::Customer`]
    Customer,
    /// [`Record::Promotion`]
    Promotion,
    /// [`Record::PaymentMode`]
    PaymentMode,
    /// [`Record::User`]
    User,
    /// [`Record::Shop`]
    Shop,
}

impl RecordKind {
    /// Every kind, in the order a snapshot sends them: what others point to comes first.
    /// A till sells as soon as it has an item and its price, so what decides on the taxes and the
    /// price of a whole sale comes before those.
    pub const ALL: [Self; 11] = [
        Self::Shop,
        Self::PriceList,
        Self::TaxRule,
        Self::TaxTemplate,
        Self::Category,
        Self::PaymentMode,
        Self::User,
        Self::Customer,
        Self::Promotion,
        Self::Item,
        Self::Price,
    ];

    /// The kind's name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Price => "price",
            Self::PriceList => "price_list",
            Self::TaxRule => "tax_rule",
            Self::TaxTemplate => "tax_template",
            Self::Category => "category",
            Self::Customer => "customer",
            Self::Promotion => "promotion",
            Self::PaymentMode => "payment_mode",
            Self::User => "user",
            Self::Shop => "shop",
        }
    }

    /// The kind of that name on the wire.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Something the shop sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemRecord {
    /// The item's id.
    #[schema(value_type = String)]
    pub id: ItemId,
    /// What the cashier and the customer read.
    pub name: String,
    /// Its category.
    #[schema(value_type = String)]
    pub category: CategoryId,
    /// Its brand, which promotions may name; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub brand: String,
    /// Unit of measure, `pc` or `kg`.
    pub unit: String,
    /// Sold in whole units only.
    pub whole_units: bool,
    /// How it is taxed.
    #[schema(value_type = String)]
    pub tax_rule: TaxRuleId,
    /// What a scanner may read on it; any number, none included.
    pub barcodes: Vec<String>,
    /// How much of it was sold, the higher the more; orders the search.
    pub popularity: u64,
    /// No longer to be sold. A sale made before a till heard of it stands.
    pub disabled: bool,
}

/// A price list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PriceListRecord {
    /// The price list's id.
    #[schema(value_type = String)]
    pub id: PriceListId,
    /// Its name.
    pub name: String,
}

/// A tax rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaxRuleRecord {
    /// The rule's id.
    #[schema(value_type = String)]
    pub id: TaxRuleId,
    /// Its name on the receipt.
    pub name: String,
    /// Percent as a decimal, 0 to 100 with at most three decimals.
    #[schema(example = "19")]
    pub rate: String,
    /// The price contains the tax.
    pub inclusive: bool,
    /// Its rates by account, where sales are charged by templates; empty: the rule is its own
    /// account, charged at `rate`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<AccountRateSchema>)]
    pub rates: Vec<AccountRate>,
}

/// A category of items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryRecord {
    /// The category's id.
    #[schema(value_type = String)]
    pub id: CategoryId,
    /// What its tile says.
    pub name: String,
    /// Where its tile stands, from 0.
    pub position: u32,
}

/// A customer. An empty text means: not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CustomerRecord {
    /// The customer's id.
    #[schema(value_type = String)]
    pub id: CustomerId,
    /// Name.
    pub name: String,
    /// Phone number.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// Tax number.
    pub tax_id: String,
    /// The group they are in, which decides on price list and promotions.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// Their own price list, looked at before that of the group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub price_list: String,
    /// Their tax category: the template they are charged by.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tax_category: String,
    /// Why they are charged no tax; empty: they are charged.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exemption: String,
    /// They have the shop's loyalty card.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub loyalty: bool,
}

impl CustomerRecord {
    /// A customer of whom no more than the name is known.
    #[must_use]
    pub fn named(id: CustomerId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            phone: String::new(),
            email: String::new(),
            tax_id: String::new(),
            group: String::new(),
            price_list: String::new(),
            tax_category: String::new(),
            exemption: String::new(),
            loyalty: false,
        }
    }
}

/// A mode of payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PaymentModeRecord {
    /// The mode's id.
    #[schema(value_type = String)]
    pub id: PaymentModeId,
    /// What its key says.
    pub name: String,
    /// Cash gives change and opens the drawer, a card does neither. On the wire it is called
    /// `payment_kind`, because `kind` already says which record this is.
    #[serde(rename = "payment_kind")]
    #[schema(schema_with = payment_kind_schema)]
    pub kind: PaymentKind,
    /// Where its key stands, from 0.
    pub position: u32,
}

/// A person who works at tills. Carries no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserRecord {
    /// The person's id.
    #[schema(value_type = String)]
    pub id: UserId,
    /// What their tile says.
    pub name: String,
    /// What they may do.
    #[schema(schema_with = role_schema)]
    pub role: Role,
    /// May no longer sign in.
    pub disabled: bool,
    /// Has a PIN to sign in with, once signed in here with the password.
    pub has_pin: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_of_payment_says_what_it_is_twice_and_survives_json() {
        let mode = Record::PaymentMode(PaymentModeRecord {
            id: "cash".into(),
            name: "Cash".to_owned(),
            kind: PaymentKind::Cash,
            position: 0,
        });
        let json = serde_json::to_string(&mode).expect("a record is JSON");
        assert_eq!(
            json,
            r#"{"kind":"payment_mode","id":"cash","name":"Cash","payment_kind":"cash","position":0}"#
        );
        assert_eq!(
            serde_json::from_str::<Record>(&json).expect("its own JSON"),
            mode
        );
    }
}
