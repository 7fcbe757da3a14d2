//! Search as you type: any order of words, accents or not, the most popular first.

use evertill_core::CategoryId;
use evertill_store::{MAX_HITS, Store};
use proptest::prelude::*;

use crate::world::{World, delete, item, price, retail, upsert};

fn found(store: &Store, text: &str, category: Option<&str>) -> Vec<String> {
    let category = category.map(CategoryId::from);
    let hits = store
        .search_items(text, category.as_ref(), &retail(), 50)
        .unwrap();
    hits.into_iter().map(|item| item.id.to_string()).collect()
}

#[test]
fn what_is_typed_and_what_is_found() {
    let world = World::new();
    let store = world.till();
    let all = [
        "cola", "milk", "milka", "cheese", "chips", "yogurt", "muesli", "creme",
    ];
    let table: [(&str, Option<&str>, &[&str]); 24] = [
        ("", None, &all),
        ("", Some("DAIRY"), &["milk", "cheese", "yogurt", "creme"]),
        ("m", None, &["milk", "milka", "muesli"]),
        ("mil", None, &["milk", "milka"]),
        ("MILK", None, &["milk", "milka"]),
        ("mil", Some("SNACKS"), &["milka"]),
        ("milk alp", None, &["milka"]),
        ("alp milk", None, &["milka"]),
        ("kase", None, &["cheese"]),
        ("käse", None, &["cheese"]),
        ("KÄSE", None, &["cheese"]),
        ("kaese", None, &["cheese"]),
        ("ka\u{308}se", None, &["cheese"]),
        ("muesli", None, &["muesli"]),
        ("musli", None, &["muesli"]),
        ("strasse", None, &["yogurt"]),
        ("straße", None, &["yogurt"]),
        ("creme brulee", None, &["creme"]),
        ("Crème brûl", None, &["creme"]),
        ("coca-cola 0,5", None, &["cola"]),
        ("coc", Some("DAIRY"), &[]),
        ("nothing like it", None, &[]),
        ("*", None, &[]),
        ("\"; DROP TABLE items", None, &[]),
    ];
    for (text, category, expected) in table {
        assert_eq!(
            found(&store, text, category),
            expected,
            "{text:?} in {category:?}"
        );
    }
}

#[test]
fn a_number_typed_into_the_search_brings_its_item_first() {
    let world = World::new();
    let store = world.till();
    store
        .apply_changes(
            &[
                upsert(1, item("4011", "Bananas", "SNACKS", 1, &[])),
                upsert(2, price("4011", 99)),
                upsert(3, item("x", "4011 is its name", "SNACKS", 999, &[])),
                upsert(4, price("x", 1)),
            ],
            None,
        )
        .unwrap();
    assert_eq!(found(&store, "4011", None), ["4011", "x"]);
    assert_eq!(found(&store, "4006381333931", None), ["milk"]);
    assert_eq!(
        found(&store, " 4006381333931 ", Some("SNACKS")),
        Vec::<String>::new()
    );
}

#[test]
fn the_order_follows_the_popularity_as_it_changes() {
    let world = World::new();
    let store = world.till();
    assert_eq!(found(&store, "mil", None), ["milk", "milka"]);
    let milka = |popularity| item("milka", "Milka Alpine Milk", "SNACKS", popularity, &[]);
    store
        .apply_changes(&[upsert(1, milka(5_000))], None)
        .unwrap();
    assert_eq!(found(&store, "mil", None), ["milka", "milk"]);
    assert_eq!(found(&store, "", None)[0], "milka");
    // Up and down within one run of changes: the last word counts.
    let back_and_forth = [
        upsert(2, milka(9_000)),
        upsert(3, milka(10)),
        upsert(4, milka(11)),
    ];
    store.apply_changes(&back_and_forth, None).unwrap();
    assert_eq!(found(&store, "mil", None), ["milk", "milka"]);
    assert_eq!(found(&store, "", None).last().unwrap(), "milka");
    let gone_and_back = [
        delete(5, evertill_protocol::RecordKind::Item, "milka"),
        upsert(6, milka(1_000)),
    ];
    store.apply_changes(&gone_and_back, None).unwrap();
    assert_eq!(found(&store, "mil", None), ["milka", "milk"]);
}

#[test]
fn an_item_without_a_price_in_the_list_is_not_offered() {
    let world = World::new();
    let store = world.till();
    store
        .apply_changes(
            &[upsert(
                1,
                item("new", "Milk of magnesia", "DAIRY", 9_999, &[]),
            )],
            None,
        )
        .unwrap();
    assert_eq!(found(&store, "milk", None), ["milk", "milka"]);
    let other = store
        .search_items("milk", None, &"wholesale".into(), 50)
        .unwrap();
    assert!(other.is_empty());
}

#[test]
fn a_search_gives_what_was_asked_for_and_never_more_than_a_screen() {
    let world = World::new();
    let store = world.till();
    let many: Vec<_> = (0..500)
        .flat_map(|n| {
            let id = format!("bar{n}");
            [
                upsert(n, item(&id, "Chocolate bar", "SNACKS", n, &[])),
                upsert(n, price(&id, 1)),
            ]
        })
        .collect();
    store.apply_changes(&many, None).unwrap();
    let hits = |limit| store.search_items("choc", None, &retail(), limit).unwrap();
    assert_eq!(
        hits(3)
            .iter()
            .map(|item| item.id.as_str())
            .collect::<Vec<_>>(),
        ["bar499", "bar498", "bar497"]
    );
    assert_eq!(hits(10_000).len(), MAX_HITS as usize);
    assert!(hits(0).is_empty());
    store.maintain().unwrap();
    assert_eq!(hits(200).len(), 200);
}

#[test]
fn customers_are_found_by_name_phone_and_mail() {
    let world = World::new();
    let store = world.till();
    for text in [
        "zoe",
        "Müller",
        "mueller",
        "0171",
        "171 555",
        "c1@example",
        "",
    ] {
        let hits = store.search_customers(text, 10).unwrap().len();
        assert_eq!(hits, usize::from(text != "0171"), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever a name is made of, it is found by its own words, and no text breaks the search.
    #[test]
    fn any_text_can_be_searched(name in "\\PC{1,24}", other in any::<String>()) {
        let world = World::new();
        let store = world.till();
        store.apply_changes(&[upsert(1, item("odd", &["Odd ", &name].concat(), "SNACKS", 1, &[])), upsert(2, price("odd", 1))], None).unwrap();
        let hits = found(&store, &["odd ", &name].concat(), None);
        prop_assert!(hits.contains(&"odd".to_owned()), "{hits:?}");
        found(&store, &other, None);
        found(&store, &other, Some(&other));
        store.search_customers(&other, 5).unwrap();
    }
}
