//! Prices with conditions, taxes by account, promotions and coupons on their way into the till.

use evertill_core::calc::ChargeType;
use evertill_core::pricing::{Benefit, Coupon, Effect, Promotion, Selector};
use evertill_core::{AccountRate, Money, TaxCharge, TaxTemplate};
use evertill_protocol::{CustomerRecord, PriceRecord, Record, RecordKind, Shop, TaxRuleRecord};
use evertill_store::{SHOP_SETTING, Store};
use expect_test::expect;
use rust_decimal::Decimal;

use crate::world::{World, delete, item, price, retail, shop, upsert};

/// The codes of the records that were not taken.
fn apply(store: &Store, records: impl IntoIterator<Item = Record>) -> Vec<String> {
    let changes: Vec<_> = (500..)
        .zip(records)
        .map(|(seq, record)| upsert(seq, record))
        .collect();
    let applied = store.apply_changes(&changes, None).unwrap();
    applied.skipped.into_iter().map(|row| row.code).collect()
}

fn in_list(list: &str, item: &str, amount: i64) -> PriceRecord {
    PriceRecord::new(list.into(), item.into(), Money::from_minor(amount))
}

fn from_six() -> PriceRecord {
    PriceRecord {
        id: "milk-from-6".to_owned(),
        min_qty: "6".to_owned(),
        ..in_list("retail", "milk", 99)
    }
}

/// All prices of an item, each as a line to read.
fn prices(store: &Store, item: &str) -> String {
    let item = store.item(&item.into(), &retail()).unwrap().unwrap();
    let line = |rule: &evertill_core::PriceRule| {
        let days =
            [rule.from, rule.to].map(|day| day.map_or("-".to_owned(), |day| day.to_string()));
        format!(
            "{}: {} {} a {} from {} on, {}, {:?} {:?}\n",
            rule.id,
            rule.list,
            rule.rate,
            rule.uom,
            rule.min_qty,
            days.join(" to "),
            rule.customer.as_deref().unwrap_or_default(),
            rule.batch.as_deref().unwrap_or_default()
        )
    };
    item.prices.iter().map(line).collect()
}

#[test]
fn an_item_brings_all_its_prices_along_and_only_where_there_are_more_than_one() {
    let world = World::new();
    let store = world.till();
    let everything = PriceRecord {
        id: "everything at once".to_owned(),
        unit: "crate".to_owned(),
        from: Some("2026-11-01".parse().unwrap()),
        to: Some("2026-11-30".parse().unwrap()),
        min_qty: "1.50".to_owned(),
        customer: "c1".to_owned(),
        batch: "B7".to_owned(),
        ..in_list("staff", "milk", 1_000)
    };
    let records = [in_list("staff", "milk", 79), from_six(), everything];
    assert!(apply(&store, records.map(Record::Price)).is_empty());

    expect![[r#"
        retail/milk: retail 1.19 a pc from 0 on, - to -, "" ""
        staff/milk: staff 0.79 a pc from 0 on, - to -, "" ""
        everything at once: staff 10.00 a crate from 1.5 on, 2026-11-01 to 2026-11-30, "c1" "B7"
        milk-from-6: retail 0.99 a pc from 6 on, - to -, "" ""
    "#]]
    .assert_eq(&prices(&store, "milk"));
    let milk = store.item(&"milk".into(), &retail()).unwrap().unwrap();
    assert_eq!(milk.price, Money::from_minor(119), "the plain one stays");
    let scanned = store
        .item_by_barcode("4006381333931", &retail())
        .unwrap()
        .unwrap();
    assert_eq!(scanned.prices, milk.prices);
    assert_eq!(prices(&store, "cheese"), "", "one price needs no choice");
    assert_eq!(store.record_count(RecordKind::Price).unwrap(), 11);
}

#[test]
fn only_a_plain_price_in_the_list_makes_an_item_sellable() {
    let world = World::new();
    let store = world.till();
    let records = [
        item("oil", "Oil", "DAIRY", 1, &["HOUSE 8"]),
        Record::Price(in_list("staff", "oil", 500)),
        Record::Price(PriceRecord {
            id: "oil-today".to_owned(),
            from: Some("2026-01-01".parse().unwrap()),
            ..in_list("retail", "oil", 450)
        }),
    ];
    assert!(apply(&store, records).is_empty());
    assert_eq!(store.item(&"oil".into(), &retail()).unwrap(), None);
    assert_eq!(store.item_by_barcode("HOUSE 8", &retail()).unwrap(), None);
    apply(&store, [price("oil", 599)]);
    assert_eq!(prices(&store, "oil").lines().count(), 3);
}

#[test]
fn a_price_gains_conditions_and_loses_them_and_goes() {
    let world = World::new();
    let store = world.till();
    // The first one of all, come and gone in one run.
    let first = [
        upsert(400, Record::Price(from_six())),
        delete(401, RecordKind::Price, "milk-from-6"),
    ];
    store.apply_changes(&first, None).unwrap();
    assert_eq!(prices(&store, "milk"), "");
    let staff = in_list("staff", "milk", 79);
    let dated = PriceRecord {
        to: Some("2026-11-30".parse().unwrap()),
        ..staff.clone()
    };
    let ids = || {
        let milk = store.item(&"milk".into(), &retail()).unwrap().unwrap();
        let ids = milk.prices.into_iter().map(|rule| (rule.id, rule.to));
        ids.collect::<Vec<_>>()
    };
    let plain = ("staff/milk".to_owned(), None);
    apply(&store, [Record::Price(staff.clone())]);
    assert_eq!(ids().pop().as_ref(), Some(&plain));
    apply(&store, [Record::Price(dated.clone())]);
    assert_eq!(ids()[1..], [("staff/milk".to_owned(), dated.to)]);
    apply(&store, [Record::Price(staff)]);
    assert_eq!(ids()[1..], [plain]);
    // Both in one run too, and under another item.
    let moved = PriceRecord {
        item: "cheese".into(),
        ..from_six()
    };
    apply(
        &store,
        [
            Record::Price(dated),
            Record::Price(from_six()),
            Record::Price(moved),
        ],
    );
    assert_eq!(prices(&store, "cheese").lines().count(), 2);
    let gone = [
        delete(900, RecordKind::Price, "staff/milk"),
        delete(901, RecordKind::Price, "milk-from-6"),
        delete(902, RecordKind::Price, "milk-from-6"),
    ];
    store.apply_changes(&gone, None).unwrap();
    assert!(ids().is_empty());
    assert_eq!(prices(&store, "cheese"), "");
}

fn charge(charge_type: ChargeType, rate: &str) -> TaxCharge {
    TaxCharge {
        account: "vat".into(),
        name: "VAT".to_owned(),
        charge_type,
        rate: rate.parse().unwrap(),
        included: true,
        row_id: None,
        amount: Decimal::ZERO,
    }
}

fn template(id: &str, charges: Vec<TaxCharge>) -> TaxTemplate {
    TaxTemplate {
        id: id.to_owned(),
        name: format!("Charges {id}"),
        category: String::new(),
        charges,
    }
}

fn promotion(id: &str, benefit: Benefit) -> Promotion {
    let of = Selector::items(["milk"]);
    let at_least = Decimal::ZERO;
    let effect = Effect::UnitDiscount {
        of,
        benefit,
        at_least,
    };
    Promotion::new(id, format!("Promotion {id}"), effect)
}

fn rule(id: &str, rates: &[(&str, &str)]) -> Record {
    Record::TaxRule(TaxRuleRecord {
        id: id.into(),
        name: id.to_owned(),
        rate: "7".to_owned(),
        inclusive: true,
        rates: rates
            .iter()
            .map(|(account, rate)| AccountRate {
                account: (*account).into(),
                rate: rate.parse().unwrap(),
            })
            .collect(),
    })
}

/// Prices, charges and promotions that are wrong, each in its way.
fn malformed() -> Vec<Record> {
    let price = |change: fn(&mut PriceRecord)| {
        let mut record = from_six();
        change(&mut record);
        Record::Price(record)
    };
    let charges = |change: fn(&mut TaxCharge)| {
        let mut second = charge(ChargeType::OnPreviousRowTotal, "1");
        second.row_id = Some(1);
        change(&mut second);
        let first = charge(ChargeType::OnNetTotal, "19");
        Record::TaxTemplate(template("t", vec![first, second]))
    };
    let effect = |effect| Record::from(Promotion::new("p", "P", effect));
    let (everything, one) = (Selector::everything(), Decimal::ONE);
    vec![
        price(|row| row.min_qty = "six".to_owned()),
        price(|row| row.min_qty = "-1".to_owned()),
        price(|row| row.amount = Money::from_minor(-1)),
        price(|row| row.id = " ".to_owned()),
        price(|row| {
            row.from = Some("2026-11-30".parse().unwrap());
            row.to = Some("2026-11-29".parse().unwrap());
        }),
        charges(|row| row.row_id = Some(2)),
        charges(|row| row.row_id = None),
        charges(|row| row.charge_type = ChargeType::Actual),
        charges(|row| row.rate = Decimal::MAX),
        charges(|row| row.account = "".into()),
        rule("twice", &[("vat", "7"), ("vat", "19")]),
        rule("huge", &[("vat", "79228162514264337593543950335")]),
        rule("no account", &[("", "7")]),
        Record::from(promotion("", Benefit::Free)),
        Record::from(promotion("p", Benefit::Percent("100.01".parse().unwrap()))),
        Record::from(promotion("p", Benefit::Amount(-one))),
        Record::from(Promotion {
            coupon: Some(Coupon::new(" ")),
            ..promotion("p", Benefit::Free)
        }),
        effect(Effect::BuyGet {
            buy: everything.clone(),
            buy_units: 0,
            get: everything.clone(),
            get_units: 1,
            benefit: Benefit::Free,
            repeats: None,
        }),
        effect(Effect::MixAndMatch {
            of: everything.clone(),
            units: 0,
            price: one,
            repeats: None,
        }),
        effect(Effect::Ticket {
            of: everything,
            from: Decimal::MAX,
            benefit: Benefit::Free,
        }),
    ]
}

#[test]
fn what_would_price_a_sale_wrongly_is_skipped_with_its_code() {
    let world = World::new();
    let store = world.till();
    let codes = apply(&store, malformed());
    expect![[r#"
        min_qty_malformed
        min_qty_negative
        price_negative
        price_id_wrong
        price_never_holds
        tax_template_invalid
        tax_template_invalid
        tax_template_invalid
        tax_template_invalid
        id_empty
        tax_rates_invalid
        tax_rates_invalid
        id_empty
        id_empty
        promotion_invalid
        promotion_invalid
        promotion_invalid
        promotion_invalid
        promotion_invalid
        promotion_invalid
    "#]]
    .assert_eq(&(codes.join("\n") + "\n"));
    assert_eq!(prices(&store, "milk"), "");
    assert_eq!(store.tax_templates().unwrap(), []);
    assert_eq!(store.promotions().unwrap().1, []);
}

#[test]
fn charges_and_promotions_come_as_they_were_sent_and_say_when_they_change() {
    let world = World::new();
    let store = world.till();
    let version = || store.promotions_version().unwrap();
    let first = version();
    let home = template("home", vec![charge(ChargeType::OnNetTotal, "19")]);
    let free = TaxTemplate {
        category: "export".to_owned(),
        ..template("export", Vec::new())
    };
    // More is taken off than one article costs; on a larger sale that is fine.
    let deposit = template("less", vec![charge(ChargeType::OnNetTotal, "-250")]);
    let (two, one) = (promotion("2", Benefit::Free), promotion("1", Benefit::Free));
    let records = [
        Record::TaxTemplate(home.clone()),
        Record::TaxTemplate(free.clone()),
        Record::TaxTemplate(deposit.clone()),
        Record::from(two.clone()),
        Record::from(one.clone()),
    ];
    assert_eq!(apply(&store, records.clone()), Vec::<String>::new());
    assert_eq!(store.tax_templates().unwrap(), [free, home, deposit]);
    let found = store.promotions().unwrap();
    assert_eq!(found, (version(), vec![one, two.clone()]));
    let second = version();
    assert!(second > first);

    apply(&store, records);
    apply(
        &store,
        [price("milk", 1), item("milk", "Milk", "DAIRY", 1, &[])],
    );
    assert_eq!(version(), second, "nothing has changed");
    apply(
        &store,
        [Record::from(promotion("1", Benefit::Percent(Decimal::TEN)))],
    );
    let third = version();
    assert!(third > second);
    store
        .apply_changes(&[delete(900, RecordKind::Promotion, "1")], None)
        .unwrap();
    assert!(version() > third);
    assert_eq!(store.promotions().unwrap().1, [two]);
    let before = version();
    let shop = store.setting::<Shop>(SHOP_SETTING).unwrap().unwrap();
    apply(&store, [Record::Shop(shop.clone())]);
    assert_eq!(version(), before);
    apply(
        &store,
        [Record::Shop(Shop {
            group_price_lists: [("staff".to_owned(), "staff".into())].into(),
            ..shop
        })],
    );
    assert!(version() > before);
}

#[test]
fn a_snapshot_ends_what_it_does_not_bring() {
    let world = World::new();
    let store = world.till();
    let kept = || {
        [
            Record::Price(from_six()),
            Record::TaxTemplate(template("home", Vec::new())),
            Record::from(promotion("kept", Benefit::Free)),
        ]
    };
    let gone = [
        Record::Price(in_list("staff", "milk", 79)),
        Record::Price(PriceRecord {
            id: "gone".to_owned(),
            ..from_six()
        }),
        Record::TaxTemplate(template("gone", Vec::new())),
        Record::from(promotion("gone", Benefit::Free)),
    ];
    apply(&store, kept().into_iter().chain(gone));
    let before = store.promotions_version().unwrap();
    store.begin_snapshot().unwrap();
    store.apply_changes(&shop(), None).unwrap();
    // One of them comes malformed: it does exist at the hub, so what is known of it stays.
    let wrong = PriceRecord {
        min_qty: "six".to_owned(),
        ..from_six()
    };
    let [_, charges, promotion] = kept();
    apply(&store, [Record::Price(wrong), charges, promotion]);
    assert_eq!(store.finish_snapshot(900).unwrap(), 4);
    assert_eq!(prices(&store, "milk").lines().count(), 2);
    let names: Vec<_> = store
        .tax_templates()
        .unwrap()
        .into_iter()
        .map(|one| one.id)
        .collect();
    assert_eq!(names, ["home"]);
    let (version, promotions) = store.promotions().unwrap();
    assert_eq!(promotions.len(), 1);
    assert!(version > before);
}

#[test]
fn an_item_brings_its_brand_and_its_rates_by_account() {
    let world = World::new();
    let store = world.till();
    let Record::Item(mut milk) = item("milk", "Milk", "DAIRY", 1, &["HOUSE 7"]) else {
        panic!()
    };
    milk.brand = "Alpine".to_owned();
    apply(
        &store,
        [
            rule("reduced", &[("vat", "7"), ("deposit", "0.25")]),
            Record::Item(milk),
        ],
    );
    let milk = store
        .item_by_barcode("HOUSE 7", &retail())
        .unwrap()
        .unwrap();
    assert_eq!(milk.brand, "Alpine");
    let rates: Vec<_> = milk
        .tax
        .rates
        .iter()
        .map(|one| (one.account.as_str(), one.rate))
        .collect();
    assert_eq!(
        rates,
        [("vat", Decimal::from(7)), ("deposit", Decimal::new(25, 2))]
    );
    let hits = store.search_items("milk", None, &retail(), 5).unwrap();
    assert_eq!(
        (hits[0].brand.as_str(), hits[0].tax.rates.len()),
        ("Alpine", 2)
    );
}

#[test]
fn a_customer_brings_what_decides_on_prices_and_taxes() {
    let world = World::new();
    let store = world.till();
    let staff = CustomerRecord {
        group: "staff".to_owned(),
        price_list: "own".to_owned(),
        tax_category: "export".to_owned(),
        exemption: "diplomat".to_owned(),
        loyalty: true,
        ..CustomerRecord::named("c9".into(), "Nina")
    };
    apply(&store, [Record::Customer(staff.clone())]);
    assert_eq!(store.customer(&"c9".into()).unwrap(), Some(staff.clone()));
    assert!(store.search_customers("nina", 5).unwrap().contains(&staff));
    assert!(store.search_customers("", 50).unwrap().contains(&staff));
    let plain = CustomerRecord::named("c9".into(), "Nina");
    apply(&store, [Record::Customer(plain.clone())]);
    assert_eq!(store.customer(&"c9".into()).unwrap(), Some(plain));
}
