//! The till's process is killed, or its disk refuses to take more, whatever it is doing.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use evertill_app::types::{CartView, DoneView};
use evertill_app::{Fault, Till as App, TillConfig};
use evertill_testkit::{Chance, GOODS, Keyring, MILK, Till, World, WorldClock, pin, quick_config};
use serde_json::json;

use crate::books::Books;

const FOLDER: &str = "EVERTILL_STORY_FOLDER";
const SECRET: &str = "EVERTILL_STORY_SECRET";
const ROUNDS: usize = 8;

/// How this program is started once more to play the till of the first story, which is told below.
const PLAY_THE_TILL: [&str; 5] = [
    "--exact",
    "killed::killed_at_any_moment_a_till_has_every_sale_it_answered",
    "--nocapture",
    "--test-threads",
    "1",
];

/// Both sides of the story: the test starts itself once more as the process that is killed.
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_a_till_has_every_sale_it_answered() {
    if let Ok(folder) = std::env::var(FOLDER) {
        return sell_on(folder.into()).await;
    }
    let world = World::new().await;
    let (till, mut books) = after_a_sale(&world).await;
    let mut chance = Chance::seeded(12);
    for _ in 0..ROUNDS {
        let mut process = Process::start(till_alone(), &till);
        for _ in 0..=chance.below(12) {
            process.hear();
        }
        std::thread::sleep(Duration::from_micros(chance.below(20_000)));
        for (number, total) in process.kill() {
            books.answered(&number, total);
        }
    }
    let posted = posted_after_all(&world, &till).await;
    // A sale may be committed and its answer killed: at most one each time.
    let unheard = posted.len() - books.count();
    assert!(unheard <= ROUNDS, "{unheard} sales nobody was told of");
    for (number, total) in posted {
        if !books.has(&number) {
            books.answered(&number, total);
        }
    }
    assert!(books.count() > ROUNDS, "the story sold next to nothing");
    books.agree_with(&world.hub().report());
}

/// The operating system refuses to let any file of the till grow beyond a limit, in the middle of
/// whatever was being written: what was refused was not sold, what was answered is there.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_refuses_in_the_middle_of_a_write_loses_nothing() {
    let world = World::new().await;
    let (till, mut books) = after_a_sale(&world).await;
    let before = books.count();
    for room in [200_000, 501_000, 1_003_000] {
        let largest = std::fs::read_dir(till.folder()).unwrap();
        let largest = largest
            .map(|file| file.unwrap().metadata().unwrap().len())
            .max()
            .unwrap();
        let mut process = Process::start(till_with_files_up_to(largest + room), &till);
        while process.refused.is_none() {
            process.hear();
        }
        let code = process.refused.clone().unwrap();
        assert!(
            ["disk_full", "store_database"].contains(&code.as_str()),
            "{code}"
        );
        for (number, total) in process.kill() {
            books.answered(&number, total);
        }
    }
    assert!(books.count() > before, "some sales fitted");
    posted_after_all(&world, &till).await;
    books.agree_with(&world.hub().report());
}

/// A till of the shop that has sold something and was switched off.
async fn after_a_sale(world: &World) -> (Till, Books) {
    let till = world.till("A").await;
    till.sign_in("ana").await;
    let mut books = Books::default();
    books.sold(&till.sell(&[&MILK]).await);
    till.stop().await;
    (till, books)
}

/// What the hub has when the till has been started again and has sent all it had; the till is sound.
async fn posted_after_all(world: &World, till: &Till) -> Vec<(String, i64)> {
    till.start().await;
    till.until_synced().await;
    let support = till.app().support();
    support.verify_journal().unwrap();
    assert!(support.check().unwrap().is_empty());
    world
        .hub()
        .sales()
        .into_iter()
        .map(|sale| (sale.number, sale.total))
        .collect()
}

/// A till to be started as a process.
fn till_alone() -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(PLAY_THE_TILL);
    command
}

/// The same, with no file larger than so many bytes. Going over it is an error and no signal.
#[cfg(unix)]
fn till_with_files_up_to(bytes: u64) -> Command {
    let mut command = Command::new("sh");
    // POSIX counts the limit in blocks of 512 bytes.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$@\"", bytes / 512);
    command
        .args(["-c", &script, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(PLAY_THE_TILL);
    command
}

/// A till in a process of its own, and what it has said.
struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    sold: Vec<(String, i64)>,
    refused: Option<String>,
}

impl Process {
    /// Starts it and waits until it is open for business.
    fn start(mut command: Command, till: &Till) -> Self {
        let secret = till
            .keyring
            .secret()
            .map(|byte| format!("{byte:02x}"))
            .concat();
        command
            .env(FOLDER, till.folder())
            .env(SECRET, secret)
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut process = Self {
            child,
            lines,
            sold: Vec::new(),
            refused: None,
        };
        process.hear();
        process
    }

    /// Waits for the next thing it says.
    fn hear(&mut self) {
        loop {
            let line = self
                .lines
                .next()
                .expect("the till ended by itself")
                .unwrap();
            if self.understand(&line) {
                return;
            }
        }
    }

    /// Whether a line, whole to its last dot, was the till's. The test harness speaks there too.
    fn understand(&mut self, line: &str) -> bool {
        let Some(line) = line.strip_suffix(" .") else {
            return false;
        };
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            [.., "sold", number, total] => {
                self.sold.push((number.to_owned(), total.parse().unwrap()));
            }
            [.., "refused", code] => self.refused = Some(code.to_owned()),
            [.., "open"] => {}
            _ => return false,
        }
        true
    }

    /// Kills it. What it had said when it died counts too.
    fn kill(mut self) -> Vec<(String, i64)> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        while let Some(Ok(line)) = self.lines.next() {
            self.understand(&line);
        }
        self.sold
    }
}

/// The other side: sells, and says what it sold, until it is killed or a sale is refused.
async fn sell_on(folder: PathBuf) {
    let hex = std::env::var(SECRET).unwrap();
    let mut secret = [0; 32];
    for (at, byte) in secret.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
    }
    let keyring = Keyring::default();
    keyring.put(&secret);
    let clock = Arc::new(WorldClock::default());
    let app = App::start(TillConfig {
        clock,
        ..quick_config(folder, &keyring)
    })
    .await
    .expect("the till starts after whatever was done to it");
    app.dispatch("session.sign_in", pin("ana", "2468"))
        .await
        .expect("signed in");
    say("\nopen");
    for good in GOODS.iter().cycle() {
        match sell(&app, &good.barcode()).await {
            Ok(sale) => say(&format!("sold {} {}", sale.number, sale.total.minor)),
            Err(fault) => {
                say(&format!("refused {}", fault.code));
                return;
            }
        }
    }
}

fn say(what: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{what} .").unwrap();
    out.flush().unwrap();
}

async fn sell(app: &App, code: &str) -> Result<DoneView, Fault> {
    let cart = app.dispatch("sell.scan", json!({ "code": code })).await?;
    let cart: CartView = serde_json::from_value(cart).unwrap();
    let request = json!({
        "cart_id": cart.id,
        "expected_total_minor": cart.total.minor,
        "tenders": [{ "mode": "cash", "amount": "1000" }],
    });
    let sale = app.dispatch("checkout.pay", request).await?;
    Ok(serde_json::from_value(sale).unwrap())
}
