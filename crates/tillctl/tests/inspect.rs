//! Looking into a till that is not running, by the program itself.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use std::process::{Command, Output};

use evertill_testkit::{BREAD, MILK, World};

fn tillctl(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tillctl"))
        .args(arguments)
        .output()
        .unwrap()
}

/// What a program that succeeded printed.
fn printed(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_is_looked_into_without_running_it() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.network.cut().await;
    till.until_offline().await;
    for goods in [&[&MILK][..], &[&BREAD], &[&MILK, &BREAD], &[&BREAD]] {
        till.sell(goods).await;
    }
    till.stop().await;
    let file = till.folder().with_file_name("secret");
    std::fs::write(&file, till.keyring.secret()).unwrap();
    let folder = till.folder();
    let (dir, secret) = (folder.to_str().unwrap(), file.to_str().unwrap());
    let place = ["--dir", dir, "--secret-file", secret];

    let text = printed(&tillctl(&[&["journal", "verify"][..], &place].concat()));
    assert_eq!(text, "4 journal entries, each sound\n");
    let text = printed(&tillctl(&[&["outbox", "list"][..], &place].concat()));
    assert!(
        text.contains("01-000004")
            && text.ends_with("4 waiting, 0 need attention, 0 acknowledged\n"),
        "{text}"
    );
    let text = printed(&tillctl(&[&["doctor"][..], &place].concat()));
    assert!(text.contains("every page is sound"));

    let store = folder.join("till.db");
    let mut bytes = std::fs::read(&store).unwrap();
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
    std::fs::write(&store, bytes).unwrap();
    let output = tillctl(&[&["doctor"][..], &place].concat());
    assert!(!output.status.success(), "a flipped bit went unnoticed");
    let none = folder.with_file_name("none");
    let none = tillctl(&["doctor", "--dir", none.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&none.stderr).contains("There is no till in"));
    assert!(!folder.with_file_name("none").exists());
}
