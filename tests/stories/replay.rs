//! A real week of a real shop, rung up through the same commands as the window gives, on a till
//! that posts to a real hub: every basket comes to what was paid in the data set.

use std::path::{Path, PathBuf};
use std::process::Command;

use evertill_demo::{DemoData, USERS, fill};
use evertill_hub::{Hub, HubConfig};
use serde_json::Value;

/// `evertill-demo`, beside the tests.
fn evertill_demo() -> PathBuf {
    // The tests lie in `deps` below the folder of the binaries, which are built with them.
    let tests = std::env::current_exe().expect("this test is a program");
    let folder = tests
        .parent()
        .and_then(Path::parent)
        .expect("the target folder");
    let program = folder.join(format!("evertill-demo{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.exists(),
        "{} is not built: `cargo build --workspace --bins --examples`",
        program.display()
    );
    program
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sums() -> Value {
    let text = std::fs::read_to_string(root().join("demo/totals.json")).expect("the sums");
    serde_json::from_str(&text).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_week_comes_to_the_cent_on_the_hub() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::start(HubConfig::new(folder.path().join("hub.db"), "127.0.0.1:0"))
        .await
        .unwrap();
    fill(hub.repository(), &DemoData::embedded()).unwrap();
    let person = USERS
        .iter()
        .find(|user| user.role >= evertill_core::Role::Supervisor)
        .unwrap();
    let password = folder.path().join("password");
    std::fs::write(&password, person.password).unwrap();

    let mut replay = Command::new(evertill_demo());
    replay.arg("replay").arg("--data").arg(root().join("demo"));
    replay.arg("--dir").arg(folder.path().join("till"));
    replay
        .arg("--secret-file")
        .arg(folder.path().join("secret"));
    replay.args([
        "--hub",
        &hub.url(),
        "--code",
        &hub.new_enrol_code().unwrap(),
    ]);
    replay
        .args(["--user", person.id])
        .arg("--password-file")
        .arg(&password);
    let output = tokio::task::spawn_blocking(move || replay.output())
        .await
        .unwrap()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{told}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );

    let (report, sums) = (hub.repository().report(false).unwrap(), sums());
    let till = |name: &str| sums["till"][name].as_i64().expect("cents");
    assert_eq!(report.sales, till("sales"));
    assert_eq!(report.gross, till("gross_cents"));
    assert_eq!(report.total, till("paid_cents"));
    let off = [
        "loyalty_cents",
        "match_cents",
        "coupon_cents",
        "rounding_cents",
    ]
    .map(till);
    assert_eq!(
        report.line_discount + report.invoice_discount,
        off.iter().sum::<i64>()
    );
    assert!(
        report.invoice_discount > 0,
        "coupons come off whole baskets too"
    );
    // The same again from the data set's own columns: shelf price less every discount.
    let source = |name: &str| sums["source"][name].as_i64().expect("cents");
    assert_eq!(report.total, source("customer_paid_cents"));
    assert_eq!(
        report.total,
        source("sales_value_cents") - source("coupon_disc_cents")
    );
    assert_eq!(
        (report.duplicates, report.quarantined, report.rejected),
        (0, 0, 0)
    );
    assert_eq!(report.taken, report.total);
    hub.stop().await;
}
