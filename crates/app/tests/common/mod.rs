//! A shop for the stories: a hub in this process, a clock and a printer to break.

#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "each story uses its own part of the shop; a test may fail loudly"
)]

pub mod hub;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use evertill_app::system::RandomIds;
use evertill_app::{
    Clock, Fault, Ids, PrintError, Printer, PrinterChoice, PrinterStatus, Till, TillConfig,
};
use evertill_testkit::Keyring;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

pub use hub::{ConnectTest, HubBehaviour, PEOPLE, PIN, TestHub};

/// How long a story waits for something that happens in the background.
const PATIENCE: Duration = Duration::from_secs(20);

/// A clock a story sets.
pub struct TestClock(Mutex<Timestamp>);

impl TestClock {
    pub fn pass(&self, time: SignedDuration) {
        let mut now = self.0.lock().unwrap();
        *now += time;
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// A keyring that has this secret.
pub fn keyring(secret: [u8; 32]) -> Keyring {
    let keyring = Keyring::default();
    keyring.put(&secret);
    keyring
}

/// A printer that does what a story says and keeps what it printed.
#[derive(Default)]
pub struct TestPrinter {
    pub jobs: Mutex<Vec<String>>,
    pub trouble: Mutex<Option<PrintError>>,
    pub tries: AtomicUsize,
    /// While set, a job takes as long as the story wants.
    pub busy: AtomicBool,
}

#[async_trait]
impl Printer for TestPrinter {
    async fn print(&self, job: &[u8]) -> Result<(), PrintError> {
        self.tries.fetch_add(1, Ordering::SeqCst);
        while self.busy.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if let Some(error) = self.trouble.lock().unwrap().clone() {
            return Err(error);
        }
        self.jobs
            .lock()
            .unwrap()
            .push(String::from_utf8_lossy(job).into_owned());
        Ok(())
    }

    async fn status(&self) -> Result<PrinterStatus, PrintError> {
        Ok(PrinterStatus::default())
    }
}

/// All a story needs. The folder goes when the story ends.
pub struct World {
    pub dir: PathBuf,
    pub clock: Arc<TestClock>,
    pub hub: Arc<TestHub>,
    pub printer: Arc<TestPrinter>,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

impl World {
    pub fn new() -> Self {
        let clock = Arc::new(TestClock(Mutex::new(
            "2026-11-23T13:07:00Z".parse().unwrap(),
        )));
        Self {
            dir: std::env::temp_dir().join(format!("evertill-app-{}", RandomIds.next())),
            hub: Arc::new(TestHub::new(Arc::clone(&clock))),
            clock,
            printer: Arc::default(),
        }
    }

    pub fn config(&self) -> TillConfig {
        let mut config = TillConfig::new(self.dir.clone());
        config.secret = Arc::new(keyring([7; 32]));
        config.clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        config.connect = Arc::new(ConnectTest(Arc::clone(&self.hub)));
        config.printer = PrinterChoice::Driver(Arc::clone(&self.printer) as Arc<dyn Printer>);
        config
    }

    pub async fn start(&self) -> Till {
        Till::start(self.config()).await.expect("the till opens")
    }

    /// A till that is enrolled and has the catalogue.
    pub async fn enrolled(&self) -> Till {
        let till = self.start().await;
        let request = json!({"hub_url": "http://hub", "code": "GOOD", "till_name": "Counter"});
        call(&till, "enrolment.enrol", request).await;
        until("the catalogue is here", async || {
            let state = call(&till, "till.state", json!({})).await;
            state["catalogue"]["items"] == 4 && state["catalogue"].get("loading").is_none()
        })
        .await;
        till
    }

    /// A till at which this person has signed in online.
    pub async fn signed_in(&self, user: &str) -> Till {
        let till = self.enrolled().await;
        sign_in(&till, user).await;
        till
    }
}

pub async fn till_status(till: &Till) -> Value {
    call(till, "sync.status", json!({})).await
}

pub async fn call(till: &Till, name: &str, request: Value) -> Value {
    match till.dispatch(name, request.clone()).await {
        Ok(answer) => answer,
        Err(fault) => panic!("{name} {request}: {fault}"),
    }
}

/// The refusal of a command that must be refused.
pub async fn refused(till: &Till, name: &str, request: Value) -> Fault {
    match till.dispatch(name, request.clone()).await {
        Ok(answer) => panic!("{name} {request} was not refused: {answer}"),
        Err(fault) => fault,
    }
}

pub async fn sign_in(till: &Till, user: &str) -> Value {
    let secret = format!("{user}-password");
    call(
        till,
        "session.sign_in",
        json!({"user_id": user, "secret": secret, "kind": "password"}),
    )
    .await
}

/// Waits for something that happens in the background.
pub async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(PATIENCE, async {
        while !done().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(waited.await.is_ok(), "waited in vain until {what}");
}

/// Rings a cola up and pays it exactly in cash.
pub async fn sell_cola(till: &Till) -> Value {
    let cart = call(till, "sell.scan", json!({"code": "4006381333931"})).await;
    pay(till, &cart, "1.99").await
}

pub async fn pay(till: &Till, cart: &Value, cash: &str) -> Value {
    call(till, "checkout.pay", pay_request(cart, cash)).await
}

pub fn pay_request(cart: &Value, cash: &str) -> Value {
    json!({
        "cart_id": cart["id"],
        "expected_total_minor": cart["total"]["minor"],
        "tenders": [{"mode": "cash", "amount": cash}],
    })
}
