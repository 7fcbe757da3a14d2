//! Following the hub: changes, tombstones, snapshots while selling, and rows that are wrong.

use evertill_core::{CategoryId, ItemId, Money};
use evertill_protocol::{Change, CustomerRecord, Record, RecordKind, Shop};
use evertill_store::{SHOP_SETTING, Store};
use expect_test::expect;

use crate::world::{
    World, category, code, customer, delete, item, price, retail, shop, tax_rule, upsert, user,
};

fn names(store: &Store, text: &str) -> Vec<String> {
    let hits = store.search_items(text, None, &retail(), 50).unwrap();
    hits.into_iter().map(|item| item.id.to_string()).collect()
}

fn apply(store: &Store, records: Vec<Record>) -> Vec<(String, String)> {
    let changes: Vec<_> = (500..)
        .zip(records)
        .map(|(seq, record)| upsert(seq, record))
        .collect();
    let applied = store.apply_changes(&changes, None).unwrap();
    applied
        .skipped
        .into_iter()
        .map(|row| (row.id, row.code))
        .collect()
}

#[test]
fn a_change_is_all_of_a_record() {
    let world = World::new();
    let store = world.till();
    assert_eq!(store.cursor().unwrap(), Some(100));
    assert_eq!(
        store.setting::<Shop>(SHOP_SETTING).unwrap().unwrap().name,
        "Corner Grocer"
    );

    let renamed = item("milk", "Oat drink", "SNACKS", 10, &["HOUSE 7"]);
    let changes = [
        upsert(101, renamed),
        upsert(102, price("milk", 150)),
        upsert(103, tax_rule("reduced", "5.5")),
    ];
    let applied = store.apply_changes(&changes, Some(103)).unwrap();
    assert_eq!(
        (applied.upserted, applied.deleted, applied.skipped.len()),
        (3, 0, 0)
    );

    let found = store
        .item_by_barcode("HOUSE 7", &retail())
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.name.as_str(), found.price),
        ("Oat drink", Money::from_minor(150))
    );
    assert_eq!(found.tax.rate.to_string(), "5.5");
    assert_eq!(
        store.item_by_barcode("4006381333931", &retail()).unwrap(),
        None
    );
    assert_eq!(names(&store, "mil"), ["milka"]);
    assert_eq!(names(&store, "oat"), ["milk"]);
    let counts: Vec<_> = store
        .categories()
        .unwrap()
        .into_iter()
        .map(|c| (c.id, c.items))
        .collect();
    assert_eq!(
        counts,
        [(CategoryId::from("DAIRY"), 3), ("SNACKS".into(), 5)]
    );
    assert_eq!(store.cursor().unwrap(), Some(103));
}

#[test]
fn a_tombstone_removes_and_a_second_one_does_no_harm() {
    let world = World::new();
    let store = world.till();
    let changes = [
        delete(101, RecordKind::Item, "milk"),
        delete(102, RecordKind::Item, "milk"),
        delete(103, RecordKind::Price, "retail/cola"),
        delete(104, RecordKind::Category, "SNACKS"),
        delete(105, RecordKind::Customer, "c1"),
        delete(106, RecordKind::User, "bo"),
        delete(107, RecordKind::Shop, "shop"),
        delete(108, RecordKind::PaymentMode, "never heard of"),
    ];
    let applied = store.apply_changes(&changes, Some(108)).unwrap();
    assert_eq!(applied.deleted, 8);
    assert_eq!(store.item(&"milk".into(), &retail()).unwrap(), None);
    assert_eq!(
        store.item_by_barcode("4006381333931", &retail()).unwrap(),
        None
    );
    assert_eq!(store.item(&"cola".into(), &retail()).unwrap(), None);
    assert_eq!(names(&store, "c"), ["chips", "muesli", "creme"]);
    assert_eq!(names(&store, "milk"), ["milka"]);
    assert!(store.search_customers("zoe", 10).unwrap().is_empty());
    assert_eq!(store.users().unwrap().len(), 1);
    assert!(store.setting::<Shop>(SHOP_SETTING).unwrap().is_some());
    assert_eq!(store.item_count().unwrap(), 7);
}

/// Sixteen rows that are wrong, each in its way, and three that are not.
fn malformed() -> Vec<Record> {
    let with = |id: &str, change: fn(&mut evertill_protocol::ItemRecord)| {
        let Record::Item(mut record) = item(id, "Good", "DAIRY", 1, &[]) else {
            panic!()
        };
        change(&mut record);
        Record::Item(record)
    };
    let Record::Shop(shop) = shop().remove(0).record() else {
        panic!()
    };
    vec![
        with("a", |item| item.name = "  ".to_owned()),
        with("b", |item| item.tax_rule = "unheard-of".into()),
        with("", |_| ()),
        with("c", |item| item.unit = String::new()),
        with("d", |item| item.name = "x".repeat(501)),
        with("e", |item| {
            item.barcodes = vec!["4006381333932".to_owned(), "96385074".to_owned()];
        }),
        with("f", |item| item.popularity = u64::MAX),
        price("a", -1),
        price("b", i64::MAX),
        Record::Price(evertill_protocol::PriceRecord {
            id: "wholesale/x".to_owned(),
            ..evertill_protocol::PriceRecord::new(retail(), "x".into(), Money::ZERO)
        }),
        tax_rule("t1", "101"),
        tax_rule("t2", "seven"),
        tax_rule("t3", "1.2345"),
        category(&"x".repeat(141), 0),
        user("u", ""),
        customer("k", ""),
        Record::Shop(Shop {
            name: String::new(),
            ..shop
        }),
        item("good", "The last one", "DAIRY", 1, &[]),
        price("good", 100),
    ]
}

#[test]
fn a_malformed_row_is_skipped_with_its_code_and_the_rest_is_taken() {
    let world = World::new();
    let store = world.till();
    let skipped = apply(&store, malformed());
    let table: Vec<_> = skipped
        .iter()
        .map(|(id, code)| format!("{} {code}\n", id.get(..12).unwrap_or(id)))
        .collect();
    expect![[r#"
        a name_empty
        b tax_rule_unknown
         id_empty
        c unit_empty
        d name_too_long
        e barcode_check_digit
        retail/a price_negative
        retail/b price_too_large
        wholesale/x price_id_wrong
        t1 percent_out_of_range
        t2 percent_malformed
        t3 percent_too_precise
        xxxxxxxxxxxx id_too_long
        u name_empty
        k name_empty
        shop name_empty
    "#]]
    .assert_eq(&table.concat());
    assert!(store.item(&"good".into(), &retail()).unwrap().is_some());
    assert_eq!(
        store.setting::<Shop>(SHOP_SETTING).unwrap().unwrap().name,
        "Corner Grocer"
    );
    assert_eq!(store.skipped_rows(100).unwrap().len(), 16);
    // The item with one misprinted code is sold by its other one.
    apply(&store, vec![price("e", 5)]);
    assert_eq!(
        store
            .item_by_barcode("96385074", &retail())
            .unwrap()
            .unwrap()
            .id,
        "e".into()
    );
}

#[test]
fn what_waited_for_its_tax_rule_is_taken_when_the_rule_comes() {
    let world = World::new();
    let store = world.till();
    let Record::Item(mut record) = item("wine", "Wine", "SNACKS", 5, &["HOUSE 9"]) else {
        panic!()
    };
    record.tax_rule = "standard".into();
    let skipped = apply(&store, vec![price("wine", 599), Record::Item(record)]);
    assert_eq!(
        skipped,
        [("wine".to_owned(), "tax_rule_unknown".to_owned())]
    );
    assert_eq!(store.item_by_barcode("HOUSE 9", &retail()).unwrap(), None);

    assert_eq!(apply(&store, vec![tax_rule("standard", "19")]), []);
    let wine = store
        .item_by_barcode("HOUSE 9", &retail())
        .unwrap()
        .unwrap();
    assert_eq!(
        (wine.price, wine.tax.rate.to_string()),
        (Money::from_minor(599), "19".to_owned())
    );
    assert_eq!(names(&store, "wine"), ["wine"]);
    assert!(store.skipped_rows(10).unwrap().is_empty());
}

#[test]
fn a_wrong_row_leaves_the_last_good_one_and_a_good_one_heals_it() {
    let world = World::new();
    let store = world.till();
    assert_eq!(
        apply(&store, vec![item("milk", "", "DAIRY", 1, &[])]).len(),
        1
    );
    let milk = store
        .item_by_barcode("4006381333931", &retail())
        .unwrap()
        .unwrap();
    assert_eq!(milk.name, "Milk 1 l");
    assert_eq!(store.skipped_rows(10).unwrap()[0].kind, RecordKind::Item);

    apply(&store, vec![item("milk", "Whole milk", "DAIRY", 1, &[])]);
    assert!(store.skipped_rows(10).unwrap().is_empty());
    assert_eq!(names(&store, "whole"), ["milk"]);
}

#[test]
fn a_barcode_moves_to_the_item_that_claimed_it_last() {
    let world = World::new();
    let store = world.till();
    apply(
        &store,
        vec![
            item("oat", "Oat drink", "DAIRY", 1, &["4006381333931"]),
            price("oat", 1),
        ],
    );
    let find = || {
        store
            .item_by_barcode("4006381333931", &retail())
            .unwrap()
            .unwrap()
            .id
    };
    assert_eq!(find(), ItemId::from("oat"));
    // The former owner changes and goes: the code is not taken from its new one.
    apply(&store, vec![item("milk", "Milk", "DAIRY", 1, &[])]);
    store
        .apply_changes(&[delete(900, RecordKind::Item, "milk")], None)
        .unwrap();
    assert_eq!(find(), ItemId::from("oat"));
}

#[test]
fn a_disabled_item_is_neither_found_nor_counted() {
    let world = World::new();
    let store = world.till();
    let Record::Item(mut record) = item("milk", "Milk 1 l", "DAIRY", 900, &["4006381333931"])
    else {
        panic!()
    };
    record.disabled = true;
    apply(&store, vec![Record::Item(record.clone())]);
    assert_eq!(
        store.item_by_barcode("4006381333931", &retail()).unwrap(),
        None
    );
    assert_eq!(store.item(&"milk".into(), &retail()).unwrap(), None);
    assert_eq!(names(&store, "milk"), ["milka"]);
    assert_eq!(store.item_count().unwrap(), 7);
    record.disabled = false;
    apply(&store, vec![Record::Item(record)]);
    assert_eq!(names(&store, "milk"), ["milk", "milka"]);
    assert_eq!(store.item_count().unwrap(), 8);
}

#[test]
fn a_snapshot_replaces_the_catalogue_while_sales_go_on() {
    let world = World::new();
    let store = world.till();
    add_local_customer(&store);
    apply(&store, vec![user("gone", "Gone")]);

    // The hub has all but the cola, and a wrong row for the cheese.
    let keep = |change: &Change| !matches!(change.id(), "cola" | "retail/cola" | "gone");
    let mut rows: Vec<_> = shop().into_iter().filter(keep).collect();
    for row in &mut rows {
        if row.id() == "cheese" {
            *row = upsert(row.seq, item("cheese", "", "DAIRY", 1, &[]));
        }
    }
    store.begin_snapshot().unwrap();
    let mut sold = 0;
    for portion in rows.chunks(3) {
        store.apply_changes(portion, None).unwrap();
        let cart = world.cart(&store, &[("cola", "1"), ("milk", "1")]);
        world.sell(&store, &cart).unwrap();
        sold += 1;
    }
    let removed = store.finish_snapshot(777).unwrap();

    assert_eq!(removed, 3);
    assert_eq!(store.cursor().unwrap(), Some(777));
    assert_eq!(store.item(&"cola".into(), &retail()).unwrap(), None);
    assert_eq!(names(&store, "cola"), Vec::<String>::new());
    assert_eq!(names(&store, "kase"), ["cheese"]);
    assert_eq!(store.item_count().unwrap(), 7);
    assert_eq!(store.users().unwrap().len(), 2);
    assert_eq!(store.journal_verify().unwrap(), sold);
    let customers = store.search_customers("", 10).unwrap();
    let ids: Vec<_> = customers
        .iter()
        .map(|customer| customer.id.as_str())
        .collect();
    assert_eq!(ids, ["c1", "local-1"]);
}

/// A customer made at this till that the hub has not heard of.
fn add_local_customer(store: &Store) {
    store
        .tamper(
            "INSERT INTO customers (id, name, phone, email, tax_id, local, generation)
             VALUES ('local-1', 'Walk-in with a card', '', '', '', 1, 0)",
        )
        .unwrap();
}

#[test]
fn a_snapshot_that_is_cut_off_removes_nothing() {
    let world = World::new();
    let store = world.till();
    assert_eq!(code(store.finish_snapshot(1)), "store_value");
    store.begin_snapshot().unwrap();
    store.apply_changes(&shop()[..5], None).unwrap();
    drop(store);

    let store = world.open().unwrap();
    assert_eq!(store.item_count().unwrap(), 8);
    assert_eq!(store.cursor().unwrap(), Some(100));
    store.begin_snapshot().unwrap();
    store.apply_changes(&shop(), None).unwrap();
    assert_eq!(store.finish_snapshot(200).unwrap(), 0);
    assert_eq!(code(store.finish_snapshot(200)), "store_value");
    assert_eq!(names(&store, "").len(), 8);
}

#[test]
fn the_hub_wins_over_a_local_customer_it_has_heard_of() {
    let world = World::new();
    let store = world.till();
    add_local_customer(&store);
    apply(&store, vec![customer("local-1", "Known now")]);
    let found = store.customer(&"local-1".into()).unwrap().unwrap();
    assert_eq!(
        found,
        CustomerRecord {
            name: "Known now".to_owned(),
            ..found.clone()
        }
    );
    store.begin_snapshot().unwrap();
    store.apply_changes(&shop(), None).unwrap();
    assert_eq!(store.finish_snapshot(300).unwrap(), 1);
    assert_eq!(store.customer(&"local-1".into()).unwrap(), None);
}

/// What the stories ask of a change.
trait ChangeExt {
    fn id(&self) -> &str;
    fn record(self) -> Record;
}

impl ChangeExt for Change {
    fn id(&self) -> &str {
        match &self.body {
            evertill_protocol::ChangeBody::Upsert(record) => record.id(),
            evertill_protocol::ChangeBody::Delete { id, .. } => id,
        }
    }

    fn record(self) -> Record {
        match self.body {
            evertill_protocol::ChangeBody::Upsert(record) => record,
            evertill_protocol::ChangeBody::Delete { .. } => panic!("a tombstone has no record"),
        }
    }
}
