//! A store that cannot be opened or written: said in so many words, and nothing is lost by it.

use std::path::Path;
use std::sync::Arc;

use evertill_app::types::DoneView;
use evertill_app::{Fault, Till as App};
use evertill_store::{Store, StoreConfig};
use evertill_testkit::{BREAD, COFFEE, MILK, Till, World};
use serde_json::json;

use crate::books::Books;

/// A till with one sale that the hub does not have yet, switched off.
async fn with_a_sale(world: &World, books: &mut Books) -> Till {
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.network.cut().await;
    books.sold(&till.sell(&[&MILK, &BREAD]).await);
    till.stop().await;
    till
}

/// The till does not start, says why, and has changed no byte of the store.
async fn stays_shut(till: &Till, code: &str) -> Fault {
    let before = data(till);
    let fault = till.try_start().await.expect_err("it must not start");
    assert_eq!(fault.code, code, "{fault}");
    assert!(
        fault.message.ends_with('.'),
        "a sentence: {}",
        fault.message
    );
    let after = data(till);
    for ((name, before), (_, after)) in before.into_iter().zip(after) {
        assert!(
            before == after,
            "{code}: {name} was touched: {} bytes, now {}",
            before.len(),
            after.len()
        );
    }
    fault
}

/// The files that hold what was sold.
fn data(till: &Till) -> Vec<(&'static str, Vec<u8>)> {
    let read = |name| std::fs::read(till.folder().join(name)).unwrap_or_default();
    ["till.db", "till.db-wal"]
        .into_iter()
        .map(|name| (name, read(name)))
        .collect()
}

/// The till's store without the till.
fn opened(till: &Till) -> Store {
    let config = StoreConfig::new(till.folder());
    Store::open(&config, &till.keyring, Arc::new(till.clock.clone())).unwrap()
}

/// The cause is gone: the till has everything it had.
async fn goes_on(world: &World, till: &Till, books: &mut Books) {
    till.start().await;
    till.sign_in("ana").await;
    books.sold(&till.sell(&[&COFFEE]).await);
    till.network.mend();
    till.until_synced().await;
    books.agree_with(&world.hub().report());
    assert!(till.app().support().check().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_store_is_refused_and_left_alone() {
    let world = World::new().await;
    let mut books = Books::default();
    let till = with_a_sale(&world, &mut books).await;
    // Everything into the one file, or the log beside it could rightly make up for what is cut off.
    assert!(opened(&till).check().unwrap().is_empty());
    let database = till.folder().join("till.db");
    let whole = std::fs::read(&database).unwrap();
    let page = 4096;
    for missing in [
        whole.len(),
        whole.len() - page,
        whole.len() / 2,
        3 * page,
        page,
        1,
    ] {
        std::fs::write(&database, &whole[..whole.len() - missing]).unwrap();
        stays_shut(&till, "store_damaged").await;
    }
    let mut scribbled = whole.clone();
    scribbled[5000..6000].fill(0x55);
    std::fs::write(&database, &scribbled).unwrap();
    // One page is bad. Whether the start meets it or the first sale does, it is not sold over.
    match till.try_start().await {
        Err(fault) => assert_eq!(fault.code, "store_damaged"),
        Ok(()) => {
            assert!(!till.app().support().check().unwrap().is_empty());
            till.stop().await;
        }
    }
    std::fs::write(&database, &whole).unwrap();
    goes_on(&world, &till, &mut books).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_from_a_newer_version_is_refused_and_left_alone() {
    let world = World::new().await;
    let mut books = Books::default();
    let till = with_a_sale(&world, &mut books).await;
    let copy = till.copy();
    let known = become_newer(&till);
    let fault = stays_shut(&till, "store_newer").await;
    assert_eq!(fault.params["found"], (known + 1).to_string());
    assert_eq!(fault.params["known"], known.to_string());
    till.restore(copy).await;
    till.stop().await;
    goes_on(&world, &till, &mut books).await;
}

/// Makes the store one version newer than this program, and gives back the version it knows.
fn become_newer(till: &Till) -> i64 {
    let store = opened(till);
    let known = store.integers("PRAGMA user_version").unwrap()[0];
    let newer = format!("PRAGMA user_version = {}", known + 1);
    store.tamper(&newer).unwrap();
    known
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_the_till_stays_shut_and_no_key_lies_beside_the_data() {
    let world = World::new().await;
    // A till out of the box.
    let new = world.bare_till("N").await;
    new.keyring.lock();
    let fault = new.try_start().await.expect_err("no keyring, no till");
    assert_eq!(fault.code, "keyring_unavailable");
    assert!(
        !new.folder().join("till.db").exists(),
        "no store was made without it"
    );
    new.keyring.unlock();
    new.start().await;

    // A till that has sold.
    let mut books = Books::default();
    let till = with_a_sale(&world, &mut books).await;
    till.keyring.lock();
    stays_shut(&till, "keyring_unavailable").await;
    till.keyring.unlock();
    let kept = till.keyring.take();
    stays_shut(&till, "key_missing").await;
    till.keyring.put(&[7; 32]);
    stays_shut(&till, "key_wrong").await;
    till.keyring.put(&kept);
    let key_file = till.folder().join("till.key");
    let slots = std::fs::read(&key_file).unwrap();
    std::fs::remove_file(&key_file).unwrap();
    stays_shut(&till, "key_missing").await;
    std::fs::write(&key_file, b"{ not a key file").unwrap();
    stays_shut(&till, "key_damaged").await;
    std::fs::write(&key_file, &slots).unwrap();
    assert!(
        !contains(&till.folder(), &kept),
        "the secret is nowhere in the folder"
    );
    goes_on(&world, &till, &mut books).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_disk_tells_nothing() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.scan(&MILK).await;
    till.ask::<serde_json::Value>("sell.set_customer", json!({ "customer_id": "c1" }))
        .await;
    till.pay_cash("2").await;
    till.scan(&BREAD).await;
    till.crash().await;
    // Three letters are found in random bytes of this size by chance in one run of fifty; six are
    // not.
    let secrets = [
        "Whole Milk",
        "Aurora",
        "Ana Lima",
        "argon2id",
        "01-000001",
        "SQLite format",
        BREAD.name,
    ];
    for words in secrets {
        assert!(words.len() >= 6, "{words} is too short to look for");
        assert!(
            !contains(&till.folder(), words.as_bytes()),
            "{words} can be read"
        );
    }
    // The search itself finds what lies open.
    let open = till.folder().join("open.txt");
    std::fs::write(&open, secrets.join(", ")).unwrap();
    for words in secrets {
        assert!(contains(&till.folder(), words.as_bytes()), "{words}");
    }
}

/// Whether any file of a folder has these bytes in it.
fn contains(folder: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return contains(&path, bytes);
        }
        let found = std::fs::read(&path).unwrap();
        found.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_instance_is_refused_and_the_first_goes_on() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.scan(&MILK).await;
    for _ in 0..3 {
        let second = App::start(till.config()).await;
        assert_eq!(
            second.err().expect("one till a folder").code,
            "store_in_use"
        );
    }
    till.pay_cash("2").await;
    till.until_synced().await;
    assert_eq!(world.hub().report().sales, 1);
    till.restart().await;
}

/// A full disk: the sale is refused whole, the cart stays, no number is used up, and when there is
/// room again the very same cart is sold.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_the_sale_and_loses_nothing() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    let mut books = Books::default();
    books.sold(&till.sell(&[&MILK]).await);
    till.until_synced().await;
    till.network.cut().await;
    till.app().support().limit_pages(0).unwrap();

    let mut refused = 0;
    while refused < 3 {
        assert!(books.count() < 500, "the disk never gets full");
        match sell_bread(&till).await {
            Ok(sale) => books.sold(&sale),
            Err(fault) => {
                assert_eq!(fault.code, "disk_full", "{fault}");
                refused += 1;
            }
        }
    }
    let cart = till.cart().await;
    till.app().support().limit_pages(10_000).unwrap();
    assert_eq!(till.cart().await, cart, "the cart is what it was");
    if cart.lines.is_empty() {
        till.scan(&BREAD).await;
    }
    books.sold(&till.pay_cash("1000").await);
    till.network.mend();
    till.until_synced().await;
    books.agree_with(&world.hub().report());
    assert!(till.app().support().check().unwrap().is_empty());
    till.app().support().verify_journal().unwrap();
}

async fn sell_bread(till: &Till) -> Result<DoneView, Fault> {
    if till.cart().await.lines.is_empty() {
        till.call("sell.scan", json!({ "code": BREAD.barcode() }))
            .await?;
    }
    let request = till.payment("cash", "1000").await;
    let sale = till.call("checkout.pay", request).await?;
    Ok(serde_json::from_value(sale).expect("a sale"))
}

/// The same store, opened by its own code: whoever has folder and keyring has everything.
#[tokio::test(flavor = "multi_thread")]
async fn folder_and_keyring_are_all_it_takes() {
    let world = World::new().await;
    let mut books = Books::default();
    let till = with_a_sale(&world, &mut books).await;
    assert_eq!(opened(&till).outbox_counts().unwrap().waiting, 1);
    goes_on(&world, &till, &mut books).await;
}
