//! OpenAPI schemas of the core's types that travel: the core knows no OpenAPI.
//!
//! The structures here are never made. They are the words of the description, and the tests hold
//! them to what the core writes.

#![expect(dead_code, reason = "they describe JSON and are never made")]

use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

pub(crate) fn role_schema() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(["cashier", "supervisor", "manager", "administrator"]))
        .description(Some("What the person may do."))
        .build()
}

pub(crate) fn payment_kind_schema() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(["cash", "card", "other"]))
        .description(Some("Cash gives change and opens the drawer."))
        .build()
}

pub(crate) fn currency_schema() -> Object {
    ObjectBuilder::new()
        .property("code", ObjectBuilder::new().schema_type(Type::String))
        .property("symbol", ObjectBuilder::new().schema_type(Type::String))
        .property(
            "decimals",
            ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(0))
                .maximum(Some(4)),
        )
        .required("code")
        .required("symbol")
        .required("decimals")
        .description(Some("ISO 4217 code, symbol and number of decimals."))
        .build()
}

/// How sales are worked out.
#[derive(ToSchema)]
#[schema(as = TotalsPolicy)]
#[cfg_attr(test, derive(serde::Deserialize), serde(deny_unknown_fields))]
pub(crate) struct TotalsPolicySchema {
    /// Exact decimals, or ERPNext's own doubles.
    #[schema(required = false)]
    arithmetic: ArithmeticSchema,
    /// Which document of the upstream a sale becomes.
    #[schema(required = false)]
    document: DocumentSchema,
    /// How a tie is rounded.
    #[schema(required = false)]
    rounding: RoundingSchema,
    /// The tax of each line is rounded before it is added up.
    #[schema(required = false)]
    round_row_wise_tax: bool,
    /// The total may miss the prices on the shelf where these hold many taxes.
    #[schema(required = false)]
    drop_included_difference: bool,
    /// What a discount on the whole sale is taken of.
    #[schema(required = false)]
    discount_on: DiscountOnSchema,
    /// How the amount due is rounded; none: it is paid to the minor unit.
    cash_rounding: Option<CashRoundingSchema>,
}

/// Rounding of the amount due, where coins below an increment are not used.
#[derive(ToSchema)]
#[schema(as = CashRounding)]
#[cfg_attr(test, derive(serde::Deserialize), serde(deny_unknown_fields))]
struct CashRoundingSchema {
    /// What the amount due is a multiple of, in minor units: 5 for 0.05. 0 is one whole unit of the
    /// currency.
    increment: i64,
    /// Which payments it applies to.
    applies_to: RoundedPaymentsSchema,
}

#[derive(ToSchema)]
#[schema(as = Arithmetic)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
enum ArithmeticSchema {
    Exact,
    Erpnext,
}

#[derive(ToSchema)]
#[schema(as = SaleDocument)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
enum DocumentSchema {
    PosInvoice,
    SalesInvoice,
}

#[derive(ToSchema)]
#[schema(as = RoundingMethod)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
enum RoundingSchema {
    Bankers,
    BankersLegacy,
    Commercial,
}

#[derive(ToSchema)]
#[schema(as = DiscountOn)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
enum DiscountOnSchema {
    NetTotal,
    GrandTotal,
}

#[derive(ToSchema)]
#[schema(as = RoundedPayments)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
enum RoundedPaymentsSchema {
    /// Those of which any part is in cash.
    Cash,
    /// All, by card too.
    All,
}

/// What is charged on one account.
#[derive(ToSchema)]
#[schema(as = AccountRate)]
#[cfg_attr(test, derive(serde::Deserialize), serde(deny_unknown_fields))]
pub(crate) struct AccountRateSchema {
    /// The account a row of charges is booked on.
    account: String,
    /// A decimal: percent, or an amount per unit for a row that is charged by quantity.
    #[schema(example = "19")]
    rate: String,
}

/// What a whole sale is charged, for customers of one tax category or for everyone else.
#[derive(ToSchema)]
#[schema(as = TaxTemplate)]
#[cfg_attr(test, derive(serde::Deserialize), serde(deny_unknown_fields))]
pub(crate) struct TaxTemplateSchema {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// The tax category of the customers it is for; empty: everyone else.
    category: String,
    /// Its rows, in order.
    charges: Vec<TaxChargeSchema>,
}

/// One row of a sale's taxes and charges.
#[derive(ToSchema)]
#[schema(as = TaxCharge)]
#[cfg_attr(test, derive(serde::Deserialize), serde(deny_unknown_fields))]
struct TaxChargeSchema {
    /// The account it is booked on; rates of tax rules name it.
    account: String,
    /// Its name on the receipt.
    name: String,
    /// What it is charged on.
    charge_type: ChargeTypeSchema,
    /// A decimal: percent, or an amount per unit for `On Item Quantity`.
    #[schema(example = "19")]
    rate: String,
    /// The shelf price holds it already.
    included: bool,
    /// The earlier row (from 1) a compound row builds on.
    row_id: Option<u32>,
    /// A decimal: the amount of an `Actual` row, in whole units of the currency.
    #[schema(example = "0")]
    amount: String,
}

#[derive(ToSchema)]
#[schema(as = ChargeType)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
enum ChargeTypeSchema {
    OnNetTotal,
    OnPreviousRowAmount,
    OnPreviousRowTotal,
    Actual,
    OnItemQuantity,
}

/// A promotion.
#[derive(ToSchema)]
#[schema(as = Promotion)]
#[cfg_attr(test, derive(serde::Deserialize), serde(deny_unknown_fields))]
pub(crate) struct PromotionSchema {
    /// Its id.
    id: String,
    /// What it is called at the till.
    name: String,
    /// Those with the higher number come first.
    #[schema(required = false)]
    priority: i32,
    /// How it goes with others.
    #[schema(required = false)]
    stacking: StackingSchema,
    /// When it holds.
    #[schema(required = false)]
    window: WindowSchema,
    /// The tills it holds at; empty: all.
    #[schema(required = false)]
    tills: Vec<String>,
    /// The customer groups it is for; empty: everyone.
    #[schema(required = false)]
    customer_groups: Vec<String>,
    /// It is for those with a loyalty card only.
    #[schema(required = false)]
    loyalty_only: bool,
    /// The coupon it needs.
    coupon: Option<CouponSchema>,
    /// What it does.
    effect: EffectSchema,
}

#[derive(ToSchema)]
#[schema(as = Stacking)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
enum StackingSchema {
    Exclusive,
    Stackable,
}

/// When a promotion holds, by the shop's local time.
#[derive(ToSchema)]
#[schema(as = Window)]
#[cfg_attr(test, derive(serde::Deserialize), serde(deny_unknown_fields))]
struct WindowSchema {
    /// First day, inclusive.
    #[schema(format = Date)]
    from: Option<String>,
    /// Last day, inclusive.
    #[schema(format = Date)]
    to: Option<String>,
    /// The days of the week by their ISO 8601 numbers, Monday is 1; empty: all.
    #[schema(required = false)]
    weekdays: Vec<u8>,
    /// From when to when on such a day; the end is exclusive, one before the start is past
    /// midnight.
    #[schema(min_items = 2, max_items = 2)]
    hours: Option<Vec<String>>,
}

/// The limits of a coupon.
#[derive(ToSchema)]
#[schema(as = Coupon)]
#[cfg_attr(test, derive(serde::Deserialize), serde(deny_unknown_fields))]
struct CouponSchema {
    /// What is scanned.
    code: String,
    /// How often anyone may use it.
    uses: Option<u32>,
    /// How often one customer may use it.
    uses_per_customer: Option<u32>,
    /// Uses count again after as many days; 0 never.
    #[schema(required = false)]
    period_days: u32,
}

/// A choice of items.
#[derive(ToSchema)]
#[schema(as = Selector)]
#[cfg_attr(test, derive(serde::Deserialize), serde(deny_unknown_fields))]
struct SelectorSchema {
    /// Every item.
    #[schema(required = false)]
    everything: bool,
    /// Items by id.
    #[schema(required = false)]
    items: Vec<String>,
    /// Categories by id.
    #[schema(required = false)]
    categories: Vec<String>,
    /// Brands.
    #[schema(required = false)]
    brands: Vec<String>,
    /// Items that stay out.
    #[schema(required = false)]
    except: Vec<String>,
}

/// What is taken off; values are decimals, amounts in whole units of the currency.
#[derive(ToSchema)]
#[schema(as = Benefit)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
enum BenefitSchema {
    /// Percent of the price, 0 to 100.
    Percent(String),
    /// An amount off the price.
    Amount(String),
    /// The price itself.
    Price(String),
    /// Everything.
    Free,
}

/// What a promotion does. Amounts are decimals in whole units of the currency.
#[derive(ToSchema)]
#[schema(as = Effect)]
#[cfg_attr(test, derive(serde::Deserialize), serde(deny_unknown_fields))]
#[serde(tag = "kind", rename_all = "snake_case")]
enum EffectSchema {
    /// Every unit of some items goes for less.
    UnitDiscount {
        of: SelectorSchema,
        benefit: BenefitSchema,
        /// How many units it must be at least.
        #[schema(required = false)]
        at_least: String,
    },
    /// Buy some, get some for less.
    BuyGet {
        buy: SelectorSchema,
        buy_units: u32,
        get: SelectorSchema,
        get_units: u32,
        benefit: BenefitSchema,
        /// How often at most in one basket.
        repeats: Option<u32>,
    },
    /// Any so many of some items for one price.
    MixAndMatch {
        of: SelectorSchema,
        units: u32,
        /// What they cost together.
        price: String,
        /// How often at most in one basket.
        repeats: Option<u32>,
    },
    /// Something off the whole ticket once it reaches a sum.
    Ticket {
        of: SelectorSchema,
        /// The sum.
        #[schema(required = false)]
        from: String,
        benefit: BenefitSchema,
    },
}

#[cfg(test)]
mod tests {
    use evertill_core::calc::ChargeType;
    use evertill_core::pricing::{Benefit, Coupon, Effect, Promotion, Selector, Stacking, Window};
    use evertill_core::{
        AccountRate, CashRounding, Money, RoundedPayments, TaxCharge, TaxTemplate, TotalsPolicy,
    };
    use jiff::civil::{Weekday, date, time};
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::*;

    /// The description has no field too few; it refuses those it does not know.
    fn described<T: DeserializeOwned>(value: &impl Serialize) {
        let json = serde_json::to_string(value).unwrap();
        if let Err(error) = serde_json::from_str::<T>(&json) {
            panic!("{error}: {json}");
        }
    }

    #[test]
    fn what_the_core_writes_is_what_the_description_says() {
        described::<TotalsPolicySchema>(&TotalsPolicy::default());
        described::<TotalsPolicySchema>(&TotalsPolicy {
            cash_rounding: Some(CashRounding {
                increment: Money::from_minor(5),
                applies_to: RoundedPayments::Cash,
            }),
            ..TotalsPolicy::default()
        });
        described::<AccountRateSchema>(&AccountRate {
            account: "vat".into(),
            rate: "19".parse().unwrap(),
        });
        let charges = [ChargeType::OnNetTotal, ChargeType::OnPreviousRowAmount];
        described::<TaxTemplateSchema>(&TaxTemplate {
            id: "home".to_owned(),
            name: "At home".to_owned(),
            category: String::new(),
            charges: (1_u32..)
                .zip(charges)
                .map(|(row, charge_type)| TaxCharge {
                    account: "vat".into(),
                    name: "VAT".to_owned(),
                    charge_type,
                    rate: "19".parse().unwrap(),
                    included: true,
                    row_id: charge_type.builds_on_a_row().then(|| row - 1),
                    amount: "0".parse().unwrap(),
                })
                .collect(),
        });
        for effect in effects() {
            described::<PromotionSchema>(&Promotion {
                stacking: Stacking::Stackable,
                window: Window {
                    from: Some(date(2026, 11, 1)),
                    to: Some(date(2026, 11, 30)),
                    weekdays: vec![Weekday::Friday],
                    hours: Some((time(22, 0, 0, 0), time(2, 0, 0, 0))),
                },
                coupon: Some(Coupon {
                    uses: Some(1),
                    uses_per_customer: Some(1),
                    ..Coupon::new("C")
                }),
                ..Promotion::new("p", "Promotion", effect)
            });
        }
    }

    fn effects() -> Vec<Effect> {
        let one = "1.50".parse().unwrap();
        vec![
            Effect::UnitDiscount {
                of: Selector::everything(),
                benefit: Benefit::Percent(one),
                at_least: one,
            },
            Effect::BuyGet {
                buy: Selector::brand("b"),
                buy_units: 2,
                get: Selector::category("c"),
                get_units: 1,
                benefit: Benefit::Free,
                repeats: Some(1),
            },
            Effect::MixAndMatch {
                of: Selector::items(["i"]),
                units: 3,
                price: one,
                repeats: Some(1),
            },
            Effect::Ticket {
                of: Selector::everything(),
                from: one,
                benefit: Benefit::Amount(one),
            },
        ]
    }
}
