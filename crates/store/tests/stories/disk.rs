//! A full disk: said, nothing lost, no number used up.

use evertill_store::StoreError;

use crate::world::{World, code, item, upsert};

#[test]
fn a_sale_on_a_full_disk_is_refused_whole_and_made_when_there_is_room() {
    let world = World::new();
    let store = world.till();
    world.sale(&store);
    store.limit_pages(0).unwrap();

    // What is free inside the file takes a few more sales; then it has to grow and cannot.
    let mut sold = 1;
    let cart = loop {
        let cart = world.cart(&store, &[("milk", "1"), ("cola", "2"), ("chips", "1")]);
        store.limit_pages(100).unwrap();
        store.save_cart(&cart).unwrap();
        store.limit_pages(0).unwrap();
        match world.sell(&store, &cart) {
            Ok(_) => sold += 1,
            Err(error) => {
                assert!(matches!(error, StoreError::DiskFull), "{error:?}");
                break cart;
            }
        }
    };
    for _ in 0..10 {
        assert_eq!(code(world.sell(&store, &cart)), "disk_full");
        assert_eq!(store.load_cart().unwrap().as_ref(), Some(&cart));
    }
    assert_eq!(store.next_number().unwrap().unwrap().counter, sold + 1);
    assert_eq!(store.outbox_counts().unwrap().waiting, sold);
    assert_eq!(store.journal_verify().unwrap(), sold);

    store.limit_pages(1_000).unwrap();
    let invoice = world.sell(&store, &cart).unwrap();
    assert_eq!(invoice.number.counter, sold + 1);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_feed_that_does_not_fit_is_not_half_applied() {
    let world = World::new();
    let store = world.till();
    store.limit_pages(2).unwrap();
    let many: Vec<_> = (1_000..3_000)
        .map(|seq| {
            upsert(
                seq,
                item(&format!("i{seq}"), "Something new", "DAIRY", seq, &[]),
            )
        })
        .collect();
    assert_eq!(code(store.apply_changes(&many, Some(3_000))), "disk_full");
    assert_eq!(store.cursor().unwrap(), Some(100));
    assert_eq!(store.item_count().unwrap(), 8);

    store.limit_pages(10_000).unwrap();
    store.apply_changes(&many, Some(3_000)).unwrap();
    assert_eq!(store.item_count().unwrap(), 2_008);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}
