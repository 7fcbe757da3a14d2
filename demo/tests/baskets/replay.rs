//! The week, rung up on a till without a hub.

use crate::{Totals, data, evertill_demo, printed, value};

#[test]
fn the_week_adds_up_to_the_data_sets_own_sums() {
    let output = evertill_demo("replay", &["--data", data().to_str().unwrap()]);
    let (text, totals) = (printed(&output), Totals::read());
    let till = &totals.0["till"];
    assert_eq!(value(&text, "sales"), till["sales"].to_string());
    assert_eq!(value(&text, "lines"), till["lines"]["item"].to_string());
    assert_eq!(value(&text, "gross "), totals.cents("gross_cents"));
    assert_eq!(value(&text, "total "), totals.cents("paid_cents"));
    assert_eq!(value(&text, "baskets that differ"), "0");
    assert_eq!(value(&text, "journal entries"), till["sales"].to_string());
}

#[test]
fn a_cent_of_difference_is_found_and_named() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["products.csv", "baskets.csv", "lines.csv", "shop.json"] {
        std::fs::copy(data().join(name), folder.path().join(name)).unwrap();
    }
    let file = folder.path().join("baskets.csv");
    let baskets = std::fs::read_to_string(&file).unwrap();
    let honest = "31868848708,367,1935,2017-02-13T15:50:04,2,274,0,0,0,0,274,0";
    let wrong = "31868848708,367,1935,2017-02-13T15:50:04,2,274,0,0,0,0,275,0";
    assert!(baskets.contains(honest));
    std::fs::write(&file, baskets.replace(honest, wrong)).unwrap();
    let dir = folder.path().to_str().unwrap();
    let output = evertill_demo("replay", &["--data", dir, "--limit", "3"]);
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("basket 31868848708: gross 2.74 (data set 2.74), paid 2.74 (data set 2.75)")
    );
    assert_eq!(value(&text, "baskets that differ"), "1");
}

#[test]
fn a_second_replay_on_the_same_till_goes_on_where_the_first_ended() {
    let folder = tempfile::tempdir().unwrap();
    let (dir, secret) = (folder.path().join("till"), folder.path().join("secret"));
    let arguments = [
        "--data",
        data().to_str().unwrap(),
        "--limit",
        "2",
        "--dir",
        dir.to_str().unwrap(),
        "--secret-file",
        secret.to_str().unwrap(),
    ];
    let text = printed(&evertill_demo("replay", &arguments));
    assert_eq!(value(&text, "journal entries"), "2");
    let text = printed(&evertill_demo("replay", &arguments));
    assert_eq!(value(&text, "journal entries"), "4");
}
