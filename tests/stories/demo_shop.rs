//! What `demo/README.md` promises of the demo shop's offers, at a till of the demo hub.

use evertill_app::types::CartView;
use evertill_demo::DemoData;
use evertill_hub::repository::Repository;
use evertill_testkit::{Till, World, password};
use serde_json::{Value, json};

const AVOCADO: &str = "2000010288168";
const WINES: [&str; 3] = ["2000008766265", "2000069044852", "2000008705592"];
const TUNA: &str = "2000009271911";
const BUTTER: &str = "2000008721370";
const SALSA: &str = "2000011172190";

/// A till that enrolled at the demo shop, with Ana at it.
async fn counter(world: &World, folder: &tempfile::TempDir) -> Till {
    let db = folder.path().join("demo.db");
    let filled = db.clone();
    // Passwords and PINs of five people take a while to hash.
    tokio::task::spawn_blocking(move || {
        let repository = Repository::open(&filled).unwrap();
        evertill_demo::fill(&repository, &DemoData::embedded()).unwrap()
    })
    .await
    .unwrap();
    world.hub().go_back_to(db).await;
    let till = world.bare_till("demo").await;
    till.start().await;
    till.enrol().await;
    till.until_synced().await;
    let _: Value = till
        .ask("session.sign_in", password("ana", "ana-demo"))
        .await;
    till
}

async fn scan(till: &Till, codes: &[&str]) -> String {
    for code in codes {
        till.scan_code(code).await;
    }
    till.cart().await.total.text
}

#[tokio::test(flavor = "multi_thread")]
async fn the_offers_of_the_demo_shop_are_what_its_page_says() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let till = counter(&world, &folder).await;
    let mut takings = 0;

    assert_eq!(scan(&till, &[AVOCADO; 2]).await, "2.58");
    assert_eq!(scan(&till, &[AVOCADO]).await, "2.58", "one is free");
    till.pay_cash("2.58").await;
    takings += 258;

    assert_eq!(scan(&till, &WINES[..2]).await, "17.98");
    assert_eq!(scan(&till, &WINES[2..]).await, "20.00", "three of a mix");
    assert_eq!(scan(&till, &["WELCOME5"]).await, "20.00", "not yet");
    let nine = [WINES, WINES].concat();
    assert_eq!(scan(&till, &nine).await, "55.00", "three times, less five");
    till.pay_cash("55").await;
    takings += 5_500;

    assert_eq!(scan(&till, &[TUNA; 5]).await, "2.60");
    assert_eq!(scan(&till, &[TUNA]).await, "2.70", "cheaper from six on");
    assert_eq!(scan(&till, &[BUTTER, SALSA]).await, "10.04");
    let staff = json!({ "customer_id": "2374" });
    let cart: CartView = till.ask("sell.set_customer", staff).await;
    assert_eq!(cart.total.text, "8.68", "butter and salsa for the staff");
    till.pay_cash("10").await;
    takings += 868;

    till.until_synced().await;
    let report = world.hub().report();
    assert_eq!((report.sales, report.total), (3, takings));
    till.stop().await;
}
