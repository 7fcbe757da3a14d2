//! A file is imported whole or not at all, and every fault says where it is and what mends it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story stops where it goes wrong"
)]

mod support;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use evertill_hub::import::{MasterData, Source, plan};
use evertill_hub::repository::Repository;
use evertill_protocol::{ChangeBody, PriceListRecord, Record, RecordKind};
use expect_test::expect;
use support::{Folder, shop_records};

/// The corner grocer with its price list as a record, as `init` makes it.
fn grocer() -> MasterData {
    let records = shop_records()
        .into_iter()
        .filter_map(|change| match change {
            ChangeBody::Upsert(record) => Some(record),
            ChangeBody::Delete { .. } => None,
        });
    let list = Record::PriceList(PriceListRecord {
        id: "retail".into(),
        name: "Retail".to_owned(),
    });
    MasterData {
        records: records.chain([list]).collect(),
        ..MasterData::default()
    }
}

fn source(name: &str, text: &str) -> Source {
    Source {
        name: name.to_owned(),
        bytes: text.as_bytes().to_vec(),
    }
}

/// What is said of files, a line each; or how many records change.
fn said(files: &[(&str, &str)]) -> String {
    let sources: Vec<Source> = files
        .iter()
        .map(|(name, text)| source(name, text))
        .collect();
    match plan(&sources, None, grocer()) {
        Ok(plan) => format!("{} changes\n", plan.changes.len()),
        Err(faults) => faults.iter().fold(String::new(), |mut text, fault| {
            let _ = writeln!(text, "{fault}");
            text
        }),
    }
}

#[test]
#[allow(
    clippy::too_many_lines,
    reason = "a table of faults and their sentences"
)]
fn what_no_till_could_use_is_refused_with_its_line_and_what_to_write_instead() {
    const ITEMS: &str = "item,name,tax,price,unit,category,barcode";
    let items = |rows: &str| said(&[("items.csv", &format!("{ITEMS}\n{rows}"))]);
    let mut all = String::new();
    for text in [
        items("tea,Tea,food,1.99,each,all,4006381333931\n"),
        items("tea,Tea,VAT,1.99,each,all,\nmilk,,food,-1,each,all,\n"),
        items("tea,Tea,food,1.999,each,all,\nmilk,Milk,food,1,crate,all,\n"),
        items("tea,Tea,food,,each,Hot drinks,\n\n,Milk,food,1,each,all,\n"),
        items("tea,Tea,food,1,each,all,4006381333932\nmilk,Milk,food,1,each,all,4.00638E+12\n"),
        items("tea,Tea,food,1,each,all,4006381333931\nmilk,Milk,food,1,each,all,4006381333931\n"),
        items("tea,Tea,food,1,each,all,\ntea,Green tea,food,1,each,all,\n"),
        items("tea,Tea,food,1,99,each,all,\n"),
        items("tea,Tea,food,,each,all,\n"),
        said(&[("items.csv", "item,naem,tax\n")]),
        said(&[("stock.csv", "a,b\n1,2\n")]),
        said(&[(
            "prices.csv",
            "list,item,price\nRetail,bread,2.49\nTrade,bread,2\nRetail,tea,3\n",
        )]),
        said(&[(
            "prices.csv",
            "list;item;price;from;to\nretail;bread;2,49;2026-02-01;2026-01-01\nretail;bread;2;soon;\n",
        )]),
        said(&[(
            "barcodes.csv",
            "item,barcode\nbread,12345678\ntea,1\nbread,\n",
        )]),
        said(&[(
            "taxes.csv",
            "name,rate,included\nLow,five,yes\nHigh,20,perhaps\n",
        )]),
        said(&[("people.csv", "user,name,role\nana,Ana,boss\n,Bo,cashier\n")]),
        said(&[("payment-modes.csv", "name,kind\nBar,bar\n")]),
        said(&[(
            "customers.csv",
            "customer,name,price_list\nc1,,\nc2,Café,Wholesale\n",
        )]),
        // JSON lines are held to the same.
        said(&[(
            "all.jsonl",
            "{\"kind\":\"price\",\"id\":\"p1\",\"price_list\":\"retail\",\"item\":\"bread\",\"amount\":199}\n\
             {\"kind\":\"price\",\"id\":\"bread/retail\",\"price_list\":\"retail\",\"item\":\"bread\",\"amount\":-5}\n\
             {\"kind\":\"category\",\"id\":\"half\"}\n\
             nonsense\n",
        )]),
    ] {
        all.push_str(&text);
        all.push('\n');
    }
    expect![[r#"
        2 changes

        items.csv, line 2: there is no tax “VAT” (known: food, standard): add it in taxes.csv, or write another
        items.csv, line 3: the price -1 is below 0: write 0 or more

        items.csv, line 2: “1.999” is no price in EUR: write it with at most 2 decimals, as 12.34
        items.csv, line 3: the unit “crate” is not known: write one of each, pc, pack, box, bag, bottle, can, pair, set, bunch, kg, g, lb, oz, l, ml, gal, m, cm, m2, ft, h, or say yes or no in a column whole_units

        items.csv, line 2: there is no category “Hot drinks” (known: All): add it in categories.csv, or write another
        items.csv, line 3: there is no id: write a short one that stays the same

        items.csv, line 2: the barcode 4006381333932 has a digit wrong (its check digit does not fit): read it again
        items.csv, line 3: the spreadsheet has shortened the barcode to 4.00638E+12: format the column as text

        items.csv, line 2: the barcode 4006381333931 belongs to “milk” too: one of the two is wrong
        items.csv, line 3: the barcode 4006381333931 belongs to “tea” too: one of the two is wrong

        items.csv, line 3: “tea” is on line 2 of items.csv already: take one of the two out

        items.csv, line 2: this line has 8 cells, the first line 7: put "…" around a cell with the separator in it

        items.csv, line 2: “tea” has no price on the list retail, so no till could sell it: write one in the column price

        items.csv, line 1: there is no column “name”: the columns are item, name, tax, price, category, unit, whole_units, barcode, brand, popularity, disabled
        items.csv, line 1: there is no use for the column “naem”: the columns are item, name, tax, price, category, unit, whole_units, barcode, brand, popularity, disabled

        stock.csv, line 1: the name and the columns do not say what this is: name it as one of price-lists.csv, taxes.csv, categories.csv, payment-modes.csv, people.csv, customers.csv, items.csv, barcodes.csv, prices.csv, or say it with --kind

        prices.csv, line 3: there is no price list “Trade” (known: Retail): add it in price-lists.csv, or write another
        prices.csv, line 4: there is no item “tea”: add it to items.csv first

        prices.csv, line 2: the price ends on 2026-01-01, before it begins on 2026-02-01
        prices.csv, line 3: “soon” is no day: write it as 2026-12-31

        barcodes.csv, line 2: the barcode 12345678 has a digit wrong (its check digit does not fit): read it again
        barcodes.csv, line 3: there is no item “tea”: add it to items.csv first
        barcodes.csv, line 4: there is no barcode: write one, or take the line out

        taxes.csv, line 2: “five” is no tax rate: write percent from 0 to 100, as 20 or 7.5
        taxes.csv, line 3: “perhaps” in the column included: write yes or no

        people.csv, line 2: “boss” is no role: write cashier, supervisor, manager or administrator
        people.csv, line 3: there is no id: write a short one that stays the same

        payment-modes.csv, line 2: “bar” is no kind of payment: write cash, card or other

        customers.csv, line 2: the name is empty: write what people shall read
        customers.csv, line 3: there is no price list “Wholesale” (known: Retail): add it in price-lists.csv, or write another

        all.jsonl, line 1: the price has the id “p1”: write “retail/bread”, list first, then item
        all.jsonl, line 2: a price of -5 cannot be: write 0 or more
        all.jsonl, line 2: the price has the id “bread/retail”: write “retail/bread”, list first, then item
        all.jsonl, line 3: this is no record: missing field `name`
        all.jsonl, line 4: this is no record: expected ident at line 1 column 2

    "#]].assert_eq(&all);
}

#[test]
fn files_of_one_call_may_point_to_each_other_in_any_order() {
    let files = [
        (
            "prices.csv",
            "list,item,price\nTrade,tea,1.50\nRetail,tea,1.99\n",
        ),
        ("barcodes.csv", "item,barcode\ntea,4006381333931\n"),
        (
            "items.csv",
            "\u{feff}Item;Name;Tax;Category\ntea;Tea;vat 20 %;HOT DRINKS\n",
        ),
        ("categories.csv", "name\nHot drinks\n"),
        ("taxes.csv", "name,rate\nVAT 20 %,20\n"),
        ("price-lists.csv", "name\nTrade\n"),
    ];
    assert_eq!(said(&files), "6 changes\n");
}

const HUB: &str = env!("CARGO_BIN_EXE_evertill-hub");

fn import(folder: &Folder, files: &[PathBuf]) -> (bool, String) {
    let output = Command::new(HUB)
        .args(["import", "--db"])
        .arg(folder.db())
        .args(files)
        .env("EVERTILL_LOG", "warn")
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    (output.status.success(), text.concat())
}

#[test]
fn the_example_files_are_imported_once_and_the_second_time_nothing_changes() {
    let folder = Folder::new();
    let repository = Repository::open(&folder.db()).unwrap();
    repository.publish(&shop_records()).unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples");
    let mut files: Vec<PathBuf> = std::fs::read_dir(examples)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
        .collect();
    files.sort();
    assert_eq!(files.len(), 9, "a file for each kind: {files:?}");
    let (well, text) = import(&folder, &files);
    assert!(well, "{text}");
    assert!(text.contains("  ana              Ana  "), "{text}");
    assert!(
        repository.person("ana").unwrap().is_some(),
        "she can sign in"
    );
    let before = repository.master_data().unwrap().cursor;

    let (well, text) = import(&folder, &files);
    assert!(well, "{text}");
    expect![[r#"
        Nothing changed: the hub has all 32 records already.
    "#]]
    .assert_eq(&text);
    assert_eq!(repository.master_data().unwrap().cursor, before);

    // One wrong line, and not even the right ones are published.
    let wrong = folder.path().join("items.csv");
    std::fs::write(
        &wrong,
        "item,name,tax,price\ntea,Tea,food,1.99\nmilk,Milk,none,1\n",
    )
    .unwrap();
    let (well, text) = import(&folder, &[wrong]);
    assert!(!well);
    expect![[r#"
        items.csv, line 3: there is no tax “none” (known: food, standard, VAT 10 %, VAT 20 %): add it in taxes.csv, or write another
        1 fault: nothing was imported.
    "#]].assert_eq(&text);
    assert!(
        repository
            .record(RecordKind::Item, "tea")
            .unwrap()
            .is_none()
    );
}
