//! A new owner: an empty hub, `init`, the files of `docs/examples`, a till, the first sale.

use std::path::Path;

use evertill_core::Role;
use evertill_hub::founding::{self, Founding};
use evertill_hub::import::{Source, plan};
use evertill_hub::repository::{NewPerson, Repository};
use evertill_protocol::{PaymentModeRecord, UserRecord};
use evertill_testkit::{World, password};
use serde_json::{Value, json};

fn person(id: &str, name: &str, role: Role, password: &str) -> NewPerson {
    NewPerson {
        user: UserRecord {
            id: id.into(),
            name: name.to_owned(),
            role,
            disabled: false,
            has_pin: false,
        },
        password: password.to_owned(),
        pin: None,
    }
}

fn bakery() -> Founding {
    Founding {
        name: "Corner Bakery".to_owned(),
        address_lines: vec!["1 Mill Lane".to_owned()],
        tax_id: String::new(),
        currency: founding::currency("EUR").unwrap(),
        time_zone: founding::time_zone("Europe/Vienna").unwrap(),
        price_list: "Retail".to_owned(),
        receipt_footer: String::new(),
        taxes: vec![founding::tax("VAT 10 %", "10", true).unwrap()],
        payment_modes: vec![PaymentModeRecord {
            id: "cash".into(),
            name: "Cash".to_owned(),
            kind: evertill_core::PaymentKind::Cash,
            position: 0,
        }],
        administrator: person("ida", "Ida", Role::Administrator, "bread and salt"),
    }
}

/// Every CSV file a new owner finds.
fn examples() -> Vec<Source> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples");
    let files = std::fs::read_dir(folder).unwrap();
    let files = files.map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
        .map(|path| Source {
            name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            bytes: std::fs::read(&path).unwrap(),
        })
        .collect()
}

/// What `evertill-hub init` and `import` do, with a password of our own for Ana.
fn found(db: &Path) {
    let repository = Repository::open(db).unwrap();
    repository.found(&bakery()).unwrap();
    let master = repository.master_data().unwrap();
    let cursor = master.cursor;
    let plan = plan(&examples(), None, master).unwrap();
    let people: Vec<NewPerson> = plan
        .people
        .into_iter()
        .map(|user| person(user.id.as_str(), &user.name, user.role, "rye and water"))
        .collect();
    repository
        .publish_at(cursor, &plan.changes, &people)
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_files_make_a_shop_that_sells() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("shop.db");
    let empty = db.clone();
    tokio::task::spawn_blocking(move || found(&empty))
        .await
        .unwrap();
    world.hub().go_back_to(db).await;
    let till = world.bare_till("Counter").await;
    till.start().await;
    till.enrol().await;
    till.until_synced().await;
    let _: Value = till
        .ask("session.sign_in", password("ana", "rye and water"))
        .await;
    let cart = till.scan_code("9001234001017").await;
    assert_eq!(cart.total.text, "4.90");
    let _: Value = till
        .ask(
            "sell.add_item",
            json!({ "item_id": "spelt", "quantity": "0.5" }),
        )
        .await;
    let total = till.cart().await.total.text;
    assert_eq!(total, "6.10", "2.39 a kilo");
    till.pay_cash("10.00").await;
    till.until_synced().await;
    assert_eq!(world.hub().sales().len(), 1);
}
