//! A new owner makes a shop with the program, and every slip is answered with what mends it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story stops where it goes wrong"
)]

mod support;

use std::process::Command;

use evertill_hub::repository::Repository;
use evertill_protocol::{Record, RecordKind};
use expect_test::expect;
use support::{Folder, World};

const HUB: &str = env!("CARGO_BIN_EXE_evertill-hub");

/// The options of a whole shop, besides the database and the password.
const SHOP: [&str; 14] = [
    "--name",
    "Corner Bakery",
    "--address",
    "1 Mill Lane",
    "--currency",
    "eur",
    "--time-zone",
    "Europe/Vienna",
    "--tax",
    "VAT 10 %=10",
    "--admin-name",
    "Ida",
    "--admin-user",
    "ida",
];

/// Runs the program in the folder; what it said, and whether it ended well.
fn run(folder: &Folder, arguments: &[&str], password: Option<&str>) -> (bool, String) {
    let mut command = Command::new(HUB);
    command
        .args(arguments)
        .current_dir(folder.path())
        .env("EVERTILL_LOG", "warn")
        .env_remove("EVERTILL_ADMIN_PASSWORD")
        .stdin(std::process::Stdio::null());
    if let Some(password) = password {
        command.env("EVERTILL_ADMIN_PASSWORD", password);
    }
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    (output.status.success(), text.concat())
}

fn init(folder: &Folder, more: &[&str], password: Option<&str>) -> (bool, String) {
    let arguments = [&["init", "--db", "shop.db"], &SHOP[..], more].concat();
    run(folder, &arguments, password)
}

#[test]
fn a_shop_is_made_once_with_all_a_till_needs_to_sign_in() {
    let folder = Folder::new();
    let (well, text) = init(
        &folder,
        &["--tax-on-top", "Bag levy=5"],
        Some("bread and salt"),
    );
    assert!(well, "{text}");
    expect![[r#"
        “Corner Bakery” is in shop.db. Next:
          evertill-hub import --db shop.db FILE…   items, prices, customers, people
          evertill-hub serve --db shop.db          for the tills
          evertill-hub enrol-code --db shop.db     a code for one till; ida signs in there
    "#]]
    .assert_eq(&text);
    let repository = Repository::open(&folder.path().join("shop.db")).unwrap();
    let shop = repository.shop().unwrap().unwrap();
    assert_eq!(shop.price_list.as_str(), "retail");
    assert_eq!(shop.address_lines, ["1 Mill Lane"]);
    let levy = repository.record(RecordKind::TaxRule, "bag-levy").unwrap();
    assert!(matches!(levy, Some(Record::TaxRule(levy)) if !levy.inclusive && levy.rate == "5"));
    for mode in ["cash", "card"] {
        let mode = repository.record(RecordKind::PaymentMode, mode).unwrap();
        assert!(mode.is_some());
    }
    assert!(repository.person("ida").unwrap().is_some());

    let (well, text) = init(&folder, &[], Some("bread and salt"));
    assert!(!well);
    expect![[r#"
        There is a shop in shop.db already; it stays as it is. Name another file with --db.
    "#]]
    .assert_eq(&text);
}

#[test]
fn a_backup_is_a_whole_hub_and_never_replaces_another() {
    let folder = Folder::new();
    let (well, text) = init(&folder, &[], Some("bread and salt"));
    assert!(well, "{text}");
    let copy = ["backup", "--db", "shop.db", "copy.db"];
    let (well, text) = run(&folder, &copy, None);
    assert!(well, "{text}");
    let shop = Repository::open(&folder.path().join("copy.db"))
        .unwrap()
        .shop();
    assert_eq!(shop.unwrap().unwrap().name, "Corner Bakery");
    let (well, text) = run(&folder, &copy, None);
    assert!(!well);
    assert!(text.starts_with("cannot back up to copy.db: "), "{text}");
}

#[test]
fn every_slip_of_init_is_one_sentence() {
    let folder = Folder::new();
    let mut said = String::new();
    for (more, password) in [
        (&[][..], None),
        (&[], Some("short")),
        (&["--tax", "VAT"], Some("bread and salt")),
        (&["--tax", "VAT=twenty"], Some("bread and salt")),
        (&["--tax", "vat 10%=10"], Some("bread and salt")),
        (&["--payment", "Bar"], Some("bread and salt")),
        (&["--password-file", "nowhere"], None),
    ] {
        let (well, text) = init(&folder, more, password);
        assert!(!well, "{text}");
        said.push_str(&text);
    }
    for arguments in [
        &["init", "--db", "shop.db"][..],
        &["serve", "--db", "shop.db"],
        &["enrol-code", "--db", "nowhere.db"],
    ] {
        let (well, text) = run(&folder, arguments, None);
        assert!(!well, "{text}");
        said.push_str(&text);
    }
    drop(Repository::open(&folder.path().join("shop.db")).unwrap());
    for command in ["serve", "enrol-code"] {
        let (well, text) = run(&folder, &[command, "--db", "shop.db"], None);
        assert!(!well, "{text}");
        said.push_str(&text);
    }
    expect![[r#"
        Without a terminal to ask at, init also needs --password-file.
        EVERTILL_ADMIN_PASSWORD: the password must have at least 8 characters
        --tax: “VAT” has no rate: write it as VAT 20 % = 20
        --tax: “twenty” is no tax rate: write percent from 0 to 100, as 20 or 7.5
        --tax: two taxes have the same name.
        --payment: “Bar” does not say what it is: write Bar=cash, Bar=card or Bar=other
        cannot read nowhere: No such file or directory (os error 2)
        Without a terminal to ask at, init also needs --name, --currency, --tax or --tax-on-top, --admin-name, --admin-user, --password-file.
        There is no database shop.db. Check the path, or make a shop there with: evertill-hub init --db shop.db
        There is no database nowhere.db. Check the path, or make a shop there with: evertill-hub init --db nowhere.db
        There is no shop in shop.db yet. Make one with: evertill-hub init --db shop.db
        There is no shop in shop.db yet. Make one with: evertill-hub init --db shop.db
    "#]].assert_eq(&said);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_that_asks_a_hub_without_a_shop_is_told_so() {
    let world = World::open_with_records(std::time::Duration::from_secs(30), &[]).await;
    let code = world.hub.new_enrol_code().unwrap();
    let (status, error) = world.try_enrol(&code).await.unwrap_err();
    assert_eq!(status, reqwest::StatusCode::CONFLICT);
    assert_eq!(error.code, "hub_without_shop");
    expect!["The hub has no shop yet. Make one there with: evertill-hub init"]
        .assert_eq(&error.message);
    let looked = world.try_check(&code).await.unwrap_err();
    assert_eq!(looked.1.code, "hub_without_shop");
    // The code was not used up.
    world
        .hub
        .repository()
        .publish(&support::shop_records())
        .unwrap();
    world.try_enrol(&code).await.unwrap();
}
