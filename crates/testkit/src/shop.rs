//! A corner shop: few enough goods and people to know them by name.

use std::collections::BTreeMap;

use evertill_core::values::barcode::Barcode;
use evertill_core::{Currency, ItemId, Money, PaymentKind, PriceListId, Role, TotalsPolicy};
use evertill_hub::repository::{NewPerson, Repository};
use evertill_protocol::{
    CategoryRecord, ChangeBody, CustomerRecord, ItemRecord, PaymentModeRecord, PriceListRecord,
    PriceRecord, Record, Shop, TaxRuleRecord, UserRecord,
};

/// The price list of the shop.
pub const PRICE_LIST: &str = "shelf";

/// Something the shop sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Good {
    /// Item id.
    pub id: &'static str,
    /// Name on the receipt.
    pub name: &'static str,
    /// Category id.
    pub category: &'static str,
    /// Price of one unit in cents, tax included.
    pub cents: i64,
    /// `food` (7 %) or `standard` (19 %), both included in the price.
    pub tax: &'static str,
    /// Unit; whatever is not sold by the piece is weighed.
    pub unit: &'static str,
    number: u64,
}

impl Good {
    /// What a scanner reads on it: an in-store EAN-13.
    #[must_use]
    pub fn barcode(&self) -> String {
        Barcode::in_store(self.number)
            .expect("a short number")
            .to_string()
    }

    /// The hub's record of it.
    #[must_use]
    pub fn record(&self) -> ItemRecord {
        ItemRecord {
            id: self.id.into(),
            name: self.name.to_owned(),
            category: self.category.into(),
            brand: String::new(),
            unit: self.unit.to_owned(),
            whole_units: self.unit == "pc",
            tax_rule: self.tax.into(),
            barcodes: vec![self.barcode()],
            popularity: 1000 - self.number,
            disabled: false,
        }
    }

    /// The hub's record of its price, at so many cents.
    #[must_use]
    pub fn price(&self, cents: i64) -> PriceRecord {
        PriceRecord::new(
            PriceListId::from(PRICE_LIST),
            ItemId::from(self.id),
            Money::from_minor(cents),
        )
    }
}

const fn good(
    number: u64,
    id: &'static str,
    name: &'static str,
    category: &'static str,
    cents: i64,
    tax: &'static str,
    unit: &'static str,
) -> Good {
    Good {
        id,
        name,
        category,
        cents,
        tax,
        unit,
        number,
    }
}

/// 1.19
pub const MILK: Good = good(1, "milk", "Whole Milk 1 l", "dairy", 119, "food", "pc");
/// 2.49
pub const BREAD: Good = good(2, "bread", "Rye Bread", "bakery", 249, "food", "pc");
/// 5.99
pub const COFFEE: Good = good(3, "coffee", "Coffee 500 g", "drinks", 599, "standard", "pc");
/// 2.99 a kilogram
pub const APPLES: Good = good(4, "apples", "Apples", "fruit", 299, "food", "kg");
/// 3.45
pub const SOAP: Good = good(
    5,
    "soap",
    "Soap \u{2013} Crème",
    "household",
    345,
    "standard",
    "pc",
);

/// Everything the shop sells.
pub const GOODS: [Good; 5] = [MILK, BREAD, COFFEE, APPLES, SOAP];

/// Somebody who works in the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// User id.
    pub id: &'static str,
    /// Full name.
    pub name: &'static str,
    /// Role.
    pub role: Role,
    /// Password at the hub.
    pub password: &'static str,
    /// PIN at the till; empty for none.
    pub pin: &'static str,
}

const fn person(
    id: &'static str,
    name: &'static str,
    role: Role,
    password: &'static str,
    pin: &'static str,
) -> Person {
    Person {
        id,
        name,
        role,
        password,
        pin,
    }
}

/// Everybody who works in the shop, one for each role, and one cashier without a PIN.
pub const PEOPLE: [Person; 5] = [
    person("ana", "Ana Lima", Role::Cashier, "ana-password", "2468"),
    person("ben", "Ben Ode", Role::Supervisor, "ben-password", "1357"),
    person("mia", "Mia Roth", Role::Manager, "mia-password", "8642"),
    person(
        "ada",
        "Ada Quist",
        Role::Administrator,
        "ada-password",
        "9753",
    ),
    person("leo", "Leo Bern", Role::Cashier, "leo-password", ""),
];

/// Somebody by id.
///
/// # Panics
/// If nobody is called so.
#[must_use]
pub fn someone(id: &str) -> Person {
    *PEOPLE
        .iter()
        .find(|person| person.id == id)
        .expect("somebody of the shop")
}

/// Fills an empty hub.
pub(crate) fn fill(repository: &Repository) {
    repository
        .publish(&records())
        .expect("the shop is published");
    for person in PEOPLE {
        let user = UserRecord {
            id: person.id.into(),
            name: person.name.to_owned(),
            role: person.role,
            disabled: false,
            has_pin: !person.pin.is_empty(),
        };
        let pin = (!person.pin.is_empty()).then(|| person.pin.to_owned());
        let new = NewPerson {
            user,
            password: person.password.to_owned(),
            pin,
        };
        repository.put_person(&new).expect("a person is added");
    }
}

fn records() -> Vec<ChangeBody> {
    let mut records = vec![
        Record::Shop(shop()),
        Record::PriceList(PriceListRecord {
            id: PRICE_LIST.into(),
            name: "Shelf prices".to_owned(),
        }),
        tax("food", "Food 7 %", "7"),
        tax("standard", "Standard 19 %", "19"),
        mode("cash", "Cash", PaymentKind::Cash, 0),
        mode("card", "Card", PaymentKind::Card, 1),
        customer("c1", "Café Aurora"),
        customer("c2", "Studio Vega"),
    ];
    for (position, id) in (0..).zip(["dairy", "bakery", "drinks", "fruit", "household"]) {
        let name = id.to_owned();
        records.push(Record::Category(CategoryRecord {
            id: id.into(),
            name,
            position,
        }));
    }
    for good in GOODS {
        records.push(Record::Item(good.record()));
        records.push(Record::Price(good.price(good.cents)));
    }
    records.into_iter().map(ChangeBody::Upsert).collect()
}

fn shop() -> Shop {
    Shop {
        name: "Corner Shop".to_owned(),
        address_lines: vec!["1 Short Street".to_owned()],
        tax_id: "DE000000000".to_owned(),
        currency: Currency::new("EUR", "\u{20ac}", 2).expect("a currency"),
        time_zone: "Europe/Berlin".to_owned(),
        price_list: PRICE_LIST.into(),
        receipt_footer: "See you soon".to_owned(),
        totals_policy: TotalsPolicy::default(),
        group_price_lists: BTreeMap::new(),
        till_price_lists: BTreeMap::new(),
    }
}

fn tax(id: &str, name: &str, rate: &str) -> Record {
    Record::TaxRule(TaxRuleRecord {
        id: id.into(),
        name: name.to_owned(),
        rate: rate.to_owned(),
        inclusive: true,
        rates: Vec::new(),
    })
}

fn mode(id: &str, name: &str, kind: PaymentKind, position: u32) -> Record {
    Record::PaymentMode(PaymentModeRecord {
        id: id.into(),
        name: name.to_owned(),
        kind,
        position,
    })
}

fn customer(id: &str, name: &str) -> Record {
    Record::Customer(CustomerRecord {
        phone: "0300 1234".to_owned(),
        ..CustomerRecord::named(id.into(), name)
    })
}
