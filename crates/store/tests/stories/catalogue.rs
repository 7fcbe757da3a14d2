//! Looking an item up at the counter.

use evertill_core::{Money, PaymentKind};
use evertill_protocol::RecordKind;

use crate::world::{World, retail};

#[test]
fn a_scan_finds_its_item_in_every_spelling() {
    let world = World::new();
    let store = world.till();
    let table = [
        ("4006381333931", Some("milk")),
        (" 4006381333931\r\n", Some("milk")),
        ("96385074", Some("yogurt")),
        // UPC-A, and the EAN-13 it is.
        ("036000291452", Some("muesli")),
        ("0036000291452", Some("muesli")),
        ("HOUSE 7", Some("muesli")),
        ("4006381333932", None),
        ("2000000000008", None),
        ("", None),
    ];
    for (code, expected) in table {
        let found = store.item_by_barcode(code, &retail()).unwrap();
        assert_eq!(
            found.as_ref().map(|item| item.id.as_str()),
            expected,
            "{code:?}"
        );
    }
    let house = store
        .item_by_barcode("HOUSE 7", &retail())
        .unwrap()
        .unwrap();
    assert_eq!(house.barcode.as_deref(), Some("HOUSE 7"));
    let muesli = store.item(&"muesli".into(), &retail()).unwrap().unwrap();
    assert_eq!(muesli.barcode.as_deref(), Some("0036000291452"));
    let cola = store.item(&"cola".into(), &retail()).unwrap().unwrap();
    assert_eq!(cola.barcode, None);
}

#[test]
fn an_item_comes_with_all_that_a_cart_needs() {
    let world = World::new();
    let store = world.till();
    let milk = store.item(&"milk".into(), &retail()).unwrap().unwrap();
    assert_eq!(milk.name, "Milk 1 l");
    assert_eq!((milk.unit.as_str(), milk.whole_units), ("pc", true));
    assert_eq!(milk.price, Money::from_minor(119));
    assert_eq!(
        (milk.tax.id.as_str(), milk.tax.inclusive),
        ("reduced", true)
    );
    assert_eq!(
        store.item(&"milk".into(), &"wholesale".into()).unwrap(),
        None
    );
}

#[test]
fn tiles_and_keys_come_in_their_order() {
    let world = World::new();
    let store = world.till();
    let tiles: Vec<_> = store
        .categories()
        .unwrap()
        .into_iter()
        .map(|tile| (tile.name, tile.items))
        .collect();
    assert_eq!(
        tiles,
        [
            ("DAIRY aisle".to_owned(), 4),
            ("SNACKS aisle".to_owned(), 4)
        ]
    );
    let modes = store.payment_modes().unwrap();
    assert_eq!((modes.len(), modes[0].kind), (1, PaymentKind::Cash));
    assert_eq!(store.record_count(RecordKind::Price).unwrap(), 8);
    assert_eq!(store.record_count(RecordKind::Shop).unwrap(), 1);
}
