//! The till's process is killed, again and again, whatever it is doing.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use evertill_app::types::{CartView, DoneView};
use evertill_app::{PrinterChoice, Till as App, TillConfig};
use evertill_testkit::{Chance, GOODS, Keyring, MILK, Till, World, WorldClock, pin, quick_config};
use serde_json::json;

use crate::books::Books;

const FOLDER: &str = "EVERTILL_STORY_FOLDER";
const SECRET: &str = "EVERTILL_STORY_SECRET";
const ROUNDS: usize = 8;

/// Both sides of the story: the test starts itself once more as the process that is killed.
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_a_till_has_every_sale_it_answered() {
    match std::env::var(FOLDER) {
        Ok(folder) => sell_until_killed(folder.into()).await,
        Err(_) => kill_and_compare().await,
    }
}

async fn kill_and_compare() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    let mut books = Books::default();
    books.sold(&till.sell(&[&MILK]).await);
    till.stop().await;
    let mut chance = Chance::seeded(12);
    for _ in 0..ROUNDS {
        let (sales, pause) = (
            chance.below(12),
            Duration::from_micros(chance.below(20_000)),
        );
        for (number, total) in sold_before_kill(&till, sales, pause) {
            books.answered(&number, total);
        }
    }
    till.start().await;
    till.until_synced().await;
    let support = till.app().support();
    support.verify_journal().unwrap();
    assert!(support.check().unwrap().is_empty());
    // A sale may be committed and its answer killed: at most one each time.
    let posted = world.hub().sales();
    let unheard = posted.len() - books.count();
    assert!(unheard <= ROUNDS, "{unheard} sales nobody was told of");
    for sale in posted {
        if !books.has(&sale.number) {
            books.answered(&sale.number, sale.total);
        }
    }
    assert!(books.count() > ROUNDS, "the story sold next to nothing");
    books.agree_with(&world);
}

/// Runs the till in a process of its own, kills it so much later than that many sales, and gives
/// back what it said it had sold.
fn sold_before_kill(till: &Till, sales: u64, pause: Duration) -> Vec<(String, i64)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "killed::killed_at_any_moment_a_till_has_every_sale_it_answered",
        ])
        .args(["--nocapture", "--test-threads", "1"])
        .env(FOLDER, till.folder())
        .env(
            SECRET,
            till.keyring
                .secret()
                .map(|byte| format!("{byte:02x}"))
                .concat(),
        )
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut sold = Vec::new();
    let mut hear = |line: &str| -> bool {
        let told = line.split_once("sold ").and_then(|(_, sale)| {
            let (number, rest) = sale.split_once(' ')?;
            Some((
                number.to_owned(),
                rest.strip_suffix(" .")?.parse().expect("cents"),
            ))
        });
        sold.extend(told);
        line.contains("sold ") || line.contains("open for business")
    };
    let mut left = sales + 1;
    while left > 0 {
        let line = lines.next().expect("the till ended by itself").unwrap();
        left -= u64::from(hear(&line));
    }
    std::thread::sleep(pause);
    child.kill().unwrap();
    child.wait().unwrap();
    // What it had said when it died counts too. The last line may be cut off.
    for line in lines.map_while(Result::ok) {
        if line.ends_with(" .") {
            hear(&line);
        }
    }
    sold
}

async fn sell_until_killed(folder: PathBuf) {
    let hex = std::env::var(SECRET).unwrap();
    let mut secret = [0; 32];
    for (at, byte) in secret.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
    }
    let keyring = Keyring::default();
    keyring.put(&secret);
    let config = TillConfig {
        printer: PrinterChoice::Stored,
        clock: Arc::new(WorldClock::default()),
        ..quick_config(folder, &keyring)
    };
    let app = App::start(config)
        .await
        .expect("the till starts after each kill");
    app.dispatch("session.sign_in", pin("ana", "2468"))
        .await
        .expect("signed in");
    let mut out = std::io::stdout();
    writeln!(out, "\nopen for business .").unwrap();
    for good in GOODS.iter().cycle() {
        let cart = app
            .dispatch("sell.scan", json!({ "code": good.barcode() }))
            .await
            .unwrap();
        let cart: CartView = serde_json::from_value(cart).unwrap();
        let request = json!({
            "cart_id": cart.id,
            "expected_total_minor": cart.total.minor,
            "tenders": [{ "mode": "cash", "amount": "1000" }],
        });
        let sale = app.dispatch("checkout.pay", request).await.unwrap();
        let sale: DoneView = serde_json::from_value(sale).unwrap();
        writeln!(out, "sold {} {} .", sale.number, sale.total.minor).unwrap();
        out.flush().unwrap();
    }
}
