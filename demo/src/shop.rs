//! A shop to try Evertill with: real products and prices, made-up people.
//!
//! The data is compiled in, so that the binary shows something wherever it is. What the files
//! are and where they come from is in `demo/README.md`.

mod promotions_file;

use std::collections::BTreeSet;
use std::path::Path;

use evertill_core::{Currency, Money, PaymentKind, PriceListId, Role};
use evertill_protocol::{
    CategoryRecord, ChangeBody, CustomerRecord, ItemRecord, PaymentModeRecord, PriceListRecord,
    PriceRecord, Record, Shop, TaxRuleRecord, UserRecord,
};
use serde::{Deserialize, Serialize};

use evertill_hub::HubError;
use evertill_hub::repository::{NewPerson, Repository};

use crate::files::{self, Product};
use promotions_file::PromotionsFile;

/// The price list of the demo shop.
const PRICE_LIST: &str = "retail";

/// The files of a demo shop, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoData {
    products: String,
    customers: String,
    shop: String,
    /// Empty: there are none.
    promotions: String,
}

impl DemoData {
    /// The shop that is compiled in: about 2,000 products.
    #[must_use]
    pub fn embedded() -> Self {
        Self {
            products: include_str!("../products.csv").to_owned(),
            customers: include_str!("../customers.csv").to_owned(),
            shop: include_str!("../shop.json").to_owned(),
            promotions: include_str!("../promotions.json").to_owned(),
        }
    }

    /// A shop from a folder with the same files; `promotions.json` may be missing.
    ///
    /// # Errors
    /// [`HubError::Io`] if another one is missing, or one cannot be read.
    pub fn read(folder: &Path) -> Result<Self, HubError> {
        let file = |name: &str| std::fs::read_to_string(folder.join(name));
        Ok(Self {
            products: file("products.csv")?,
            customers: file("customers.csv")?,
            shop: file("shop.json")?,
            promotions: match file("promotions.json") {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
                read => read?,
            },
        })
    }
}

/// A demo user with their secrets, which are no secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DemoUser {
    /// Id to sign in with.
    pub id: &'static str,
    /// Name on the tile.
    pub name: &'static str,
    /// What they may do.
    pub role: Role,
    /// Password, for the first sign-in at a till.
    pub password: &'static str,
    /// PIN, for every further one.
    pub pin: &'static str,
}

/// The people of the demo shop.
pub const USERS: [DemoUser; 5] = [
    DemoUser {
        id: "ana",
        name: "Ana",
        role: Role::Cashier,
        password: "ana-demo",
        pin: "2580",
    },
    DemoUser {
        id: "ben",
        name: "Ben",
        role: Role::Cashier,
        password: "ben-demo",
        pin: "3691",
    },
    DemoUser {
        id: "sam",
        name: "Sam",
        role: Role::Supervisor,
        password: "sam-demo",
        pin: "1470",
    },
    DemoUser {
        id: "mia",
        name: "Mia",
        role: Role::Manager,
        password: "mia-demo",
        pin: "8024",
    },
    DemoUser {
        id: "ada",
        name: "Ada",
        role: Role::Administrator,
        password: "ada-demo",
        pin: "9513",
    },
];

/// Fills an empty database with the demo shop; one that has a shop is left as it is. Returns
/// whether it was filled.
///
/// # Errors
/// [`HubError::Unreadable`] if the files are not what `demo/README.md` says,
/// [`HubError::Storage`] and the like. Then the next start begins again.
pub fn fill(repository: &Repository, data: &DemoData) -> Result<bool, HubError> {
    if repository.shop()?.is_some() {
        return Ok(false);
    }
    let file: files::Shop = serde_json::from_str(&data.shop)?;
    let promotions = PromotionsFile::read(&data.promotions)?;
    let mut changes = frame(&file);
    changes.extend(customers(&data.customers, &promotions)?);
    let shop = shop(&file, &promotions)?;
    let articles = products(&data.products, &file)?;
    let ids = articles.iter().filter_map(|change| match change {
        ChangeBody::Upsert(Record::Item(item)) => Some(item.id.to_string()),
        _ => None,
    });
    let ids: BTreeSet<String> = ids.collect();
    changes.extend(articles);
    changes.extend(promotions.changes(&ids)?);
    for user in USERS {
        repository.put_person(&NewPerson {
            user: UserRecord {
                id: user.id.into(),
                name: user.name.to_owned(),
                role: user.role,
                disabled: false,
                has_pin: true,
            },
            password: user.password.to_owned(),
            pin: Some(user.pin.to_owned()),
        })?;
    }
    // The shop comes last and with everything else: a database that has it is complete.
    changes.push(ChangeBody::Upsert(Record::Shop(shop)));
    repository.publish(&changes)?;
    Ok(true)
}

#[derive(Deserialize)]
struct CustomerRow {
    household_id: String,
    name: String,
}

fn shop(file: &files::Shop, promotions: &PromotionsFile) -> Result<Shop, HubError> {
    let symbol = match file.currency.as_str() {
        "EUR" => "€",
        "USD" => "$",
        code => code,
    };
    let currency = Currency::new(file.currency.clone(), symbol, 2)
        .map_err(|error| HubError::Unreadable(error.to_string()))?;
    Ok(Shop {
        name: "Evertill Demo Grocer".to_owned(),
        address_lines: vec!["1 Example Street".to_owned(), "12345 Sampletown".to_owned()],
        tax_id: "DE000000000".to_owned(),
        currency,
        time_zone: "Europe/Berlin".to_owned(),
        price_list: PRICE_LIST.into(),
        receipt_footer: "Thank you for your visit!".to_owned(),
        totals_policy: promotions.totals_policy,
        group_price_lists: promotions.group_price_lists.clone(),
        till_price_lists: std::collections::BTreeMap::new(),
    })
}

/// Everything but people, customers, items and the shop itself.
fn frame(file: &files::Shop) -> Vec<ChangeBody> {
    let mut records = vec![Record::PriceList(PriceListRecord {
        id: PRICE_LIST.into(),
        name: "Retail".to_owned(),
    })];
    records.extend(file.tax_rules.iter().map(|rule| {
        Record::TaxRule(TaxRuleRecord {
            id: rule.key.as_str().into(),
            name: rule.name.clone(),
            rate: rule.rate_percent.clone(),
            inclusive: rule.inclusive,
            rates: Vec::new(),
        })
    }));
    // No product of the data uses it; it is there to try tax that comes on top.
    records.push(Record::TaxRule(TaxRuleRecord {
        id: "on_top".into(),
        name: "Sales tax 8.25 %".to_owned(),
        rate: "8.25".to_owned(),
        inclusive: false,
        rates: Vec::new(),
    }));
    records.extend((0_u32..).zip(&file.categories).map(|(position, name)| {
        let id = category_id(name).as_str().into();
        Record::Category(CategoryRecord {
            id,
            name: name.clone(),
            position,
        })
    }));
    let modes = [
        ("cash", "Cash", PaymentKind::Cash),
        ("card", "Card", PaymentKind::Card),
    ];
    records.extend((0_u32..).zip(modes).map(|(position, (id, name, kind))| {
        let name = name.to_owned();
        Record::PaymentMode(PaymentModeRecord {
            id: id.into(),
            name,
            kind,
            position,
        })
    }));
    records.into_iter().map(ChangeBody::Upsert).collect()
}

/// A category's id from its name: `Fruit & Vegetables` is `fruit-vegetables`.
fn category_id(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

fn customers(csv: &str, promotions: &PromotionsFile) -> Result<Vec<ChangeBody>, HubError> {
    let all = rows::<CustomerRow>(csv)?.into_iter().map(|row| {
        let customer = CustomerRecord::named(row.household_id.into(), row.name);
        ChangeBody::Upsert(Record::Customer(promotions.of(customer)))
    });
    Ok(all.collect())
}

fn products(csv: &str, file: &files::Shop) -> Result<Vec<ChangeBody>, HubError> {
    let rows = rows::<Product>(csv)?;
    let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let list = PriceListId::from(PRICE_LIST);
    let mut changes = Vec::with_capacity(rows.len() * 2);
    for row in rows {
        let unknown = |what: &str| {
            HubError::Unreadable(format!("product {}: unknown {what}", row.product_id))
        };
        if !file.categories.contains(&row.category) {
            return Err(unknown("category"));
        }
        if !file.tax_rules.iter().any(|rule| rule.key == row.tax_rule) {
            return Err(unknown("tax rule"));
        }
        let price = Money::try_from(row.price_cents).map_err(|_| unknown("price"))?;
        let item = ItemRecord {
            id: row.product_id.as_str().into(),
            name: row.name,
            category: category_id(&row.category).into(),
            whole_units: row.unit == "each",
            unit: row.unit,
            tax_rule: row.tax_rule.into(),
            barcodes: vec![row.barcode],
            // The file has ranks, best seller first; here the higher number sold more.
            popularity: (count + 1).saturating_sub(row.popularity),
            disabled: false,
            brand: row.brand,
        };
        let price = PriceRecord::new(list.clone(), item.id.clone(), price);
        changes.push(ChangeBody::Upsert(Record::Item(item)));
        changes.push(ChangeBody::Upsert(Record::Price(price)));
    }
    Ok(changes)
}

fn rows<T: for<'a> Deserialize<'a>>(csv: &str) -> Result<Vec<T>, HubError> {
    csv::Reader::from_reader(csv.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| HubError::Unreadable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_database_is_filled_once() {
        let folder = tempfile::tempdir().unwrap();
        let repository = Repository::open(&folder.path().join("shop.db")).unwrap();
        let data = DemoData::embedded();
        assert!(fill(&repository, &data).unwrap());
        assert!(!fill(&repository, &data).unwrap());
    }

    #[test]
    fn category_ids_are_plain() {
        assert_eq!(category_id("Fruit & Vegetables"), "fruit-vegetables");
        assert_eq!(category_id("Deli"), "deli");
    }

    #[test]
    fn products_that_name_what_is_not_there_are_refused() {
        let file: files::Shop = serde_json::from_str(&DemoData::embedded().shop).unwrap();
        let head = "product_id,barcode,name,category,brand,price_cents,tax_rule,unit,popularity\n";
        for (row, wrong) in [
            (
                "1,2000000000015,Bread,Nowhere,National,100,food,each,1",
                "unknown category",
            ),
            (
                "1,2000000000015,Bread,Bakery,National,100,none,each,1",
                "unknown tax rule",
            ),
        ] {
            let error = products(&format!("{head}{row}\n"), &file)
                .unwrap_err()
                .to_string();
            assert!(error.contains(wrong), "{error}");
        }
        let fine = format!("{head}1,2000000000015,Bread,Bakery,National,100,food,each,1\n");
        assert_eq!(
            products(&fine, &file).unwrap().len(),
            2,
            "an item and its price"
        );
    }
}
