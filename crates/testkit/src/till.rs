//! A till on a counter: the real one, driven the way the window drives it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use evertill_app::types::{
    CartView, DocumentsView, DoneView, PeopleView, PrintState, PrintView, SyncState, SyncView,
    TillState,
};
use evertill_app::{Fault, PrinterChoice, Till as App, TillConfig};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::clock::WorldClock;
use crate::hub::Hub;
use crate::network::Network;
use crate::printer::{Paper, Printer};
use crate::quick::{ANSWER, QuickHub, quick_config};
use crate::secret::Keyring;
use crate::shop::{Good, someone};

/// What a story waits for at most. Only a broken promise waits this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A till with its own folder, keyring, clock, printer and wire to the hub.
pub struct Till {
    /// Its name on the hub.
    pub name: String,
    /// Its wire to the hub.
    pub network: Network,
    /// Its printer.
    pub printer: Printer,
    /// Its clock.
    pub clock: WorldClock,
    /// The keyring of its machine.
    pub keyring: Keyring,
    hub: Arc<Hub>,
    place: Mutex<Place>,
    patience: Mutex<Duration>,
    app: Mutex<Option<App>>,
}

struct Place {
    folder: PathBuf,
    moves: u32,
}

impl Till {
    /// A till that has not been started yet.
    pub(crate) async fn new(name: &str, folder: PathBuf, hub: Arc<Hub>, clock: WorldClock) -> Self {
        Self {
            name: name.to_owned(),
            network: hub.wire().await,
            printer: Printer::new(),
            clock,
            keyring: Keyring::default(),
            hub,
            place: Mutex::new(Place { folder, moves: 0 }),
            patience: Mutex::new(ANSWER),
            app: Mutex::default(),
        }
    }

    // Its life.

    /// The folder of its store.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        lock(&self.place).folder.clone()
    }

    /// How it is started: real but for the keyring, the clock, the printer and the patience.
    #[must_use]
    pub fn config(&self) -> TillConfig {
        TillConfig {
            clock: Arc::new(self.clock.clone()),
            timer: Arc::new(self.clock.clone()),
            printer: PrinterChoice::Driver(self.printer.driver()),
            connect: Arc::new(QuickHub {
                patience: *lock(&self.patience),
                timer: Arc::new(self.clock.clone()),
            }),
            ..quick_config(self.folder(), &self.keyring)
        }
    }

    /// Starts it.
    ///
    /// # Errors
    /// Whatever keeps its store shut.
    pub async fn try_start(&self) -> Result<(), Fault> {
        let app = App::start(self.config()).await?;
        *lock(&self.app) = Some(app);
        Ok(())
    }

    /// Starts it.
    pub async fn start(&self) {
        self.try_start().await.expect("the till starts");
    }

    /// From its next start on it waits no longer than this for an answer of the hub.
    pub fn lose_patience_after(&self, time: Duration) {
        *lock(&self.patience) = time;
    }

    /// Quits it in good order.
    pub async fn stop(&self) {
        let app = lock(&self.app).take();
        if let Some(app) = app {
            app.shutdown().await;
        }
    }

    /// Quits and starts it. Nobody is signed in afterwards.
    pub async fn restart(&self) {
        self.stop().await;
        self.start().await;
    }

    /// A copy of its folder as it is now, as a backup of the machine would have it.
    #[must_use]
    pub fn copy(&self) -> PathBuf {
        let (from, to) = {
            let mut place = lock(&self.place);
            place.moves += 1;
            let to = place
                .folder
                .with_file_name(format!("{}-copy-{}", self.name, place.moves));
            (place.folder.clone(), to)
        };
        copy_folder(&from, &to);
        to
    }

    /// Goes on with a copy of its folder, as a restored machine does.
    pub async fn restore(&self, copy: PathBuf) {
        self.stop().await;
        lock(&self.place).folder = copy;
        self.start().await;
    }

    /// Loses power: the till goes on with its folder as it was in this moment, whatever was on its
    /// way to the hub or the printer is cut off. Nobody is signed in afterwards.
    pub async fn crash(&self) {
        let (was_cut, was_off) = (self.network.is_cut(), self.printer.is_off());
        self.network.cut().await;
        self.printer.switch_off().await;
        let copy = self.copy();
        self.stop().await;
        lock(&self.place).folder = copy;
        if !was_cut {
            self.network.mend();
        }
        if !was_off {
            self.printer.switch_on();
        }
        self.start().await;
    }

    /// The running till.
    ///
    /// # Panics
    /// If it is not running.
    #[must_use]
    pub fn app(&self) -> App {
        lock(&self.app).clone().expect("the till is running")
    }

    // Commands.

    /// Gives a command as the window does.
    ///
    /// # Errors
    /// What the till refuses it with.
    pub async fn call(&self, command: &str, request: Value) -> Result<Value, Fault> {
        self.app().dispatch(command, request).await
    }

    /// Gives a command that must succeed.
    pub async fn ask<T: DeserializeOwned>(&self, command: &str, request: Value) -> T {
        let told = request.to_string();
        let answer = self.call(command, request).await;
        let answer = answer.unwrap_or_else(|fault| panic!("{command} {told}: {fault}"));
        serde_json::from_value(answer).expect("an answer of the declared type")
    }

    /// Gives a command that must be refused.
    pub async fn refused(&self, command: &str, request: Value) -> Fault {
        let told = request.to_string();
        let answer = self.call(command, request).await;
        match answer {
            Err(fault) => fault,
            Ok(answer) => panic!("{command} {told} was not refused: {answer}"),
        }
    }

    /// What the window shows.
    pub async fn state(&self) -> TillState {
        self.ask("till.state", json!({})).await
    }

    /// Joins the shop with a new code of the hub.
    pub async fn enrol(&self) -> TillState {
        let request = self.enrolment(&self.hub.enrol_code());
        self.ask("enrolment.enrol", request).await
    }

    /// The request to join the shop with this code.
    #[must_use]
    pub fn enrolment(&self, code: &str) -> Value {
        json!({ "hub_url": self.network.url(), "code": code, "till_name": self.name })
    }

    /// The people on its sign-in screen.
    pub async fn people(&self) -> PeopleView {
        self.ask("session.people", json!({})).await
    }

    /// Signs somebody in with their password.
    pub async fn sign_in(&self, id: &str) -> TillState {
        self.ask("session.sign_in", password(id, someone(id).password))
            .await
    }

    /// Signs somebody in with their PIN.
    pub async fn sign_in_with_pin(&self, id: &str) -> TillState {
        self.ask("session.sign_in", pin(id, someone(id).pin)).await
    }

    /// Signs out.
    pub async fn sign_out(&self) -> TillState {
        self.ask("session.sign_out", json!({})).await
    }

    /// The open cart.
    pub async fn cart(&self) -> CartView {
        self.ask("sell.cart", json!({})).await
    }

    /// Scans a good.
    pub async fn scan(&self, good: &Good) -> CartView {
        self.scan_code(&good.barcode()).await
    }

    /// Scans a code.
    pub async fn scan_code(&self, code: &str) -> CartView {
        self.ask("sell.scan", json!({ "code": code })).await
    }

    /// Puts so much of a good into the cart.
    pub async fn add(&self, good: &Good, quantity: &str) -> CartView {
        self.ask(
            "sell.add_item",
            json!({ "item_id": good.id, "quantity": quantity }),
        )
        .await
    }

    /// Takes cash for the cart.
    pub async fn pay_cash(&self, amount: &str) -> DoneView {
        let request = self.payment("cash", amount).await;
        self.ask("checkout.pay", request).await
    }

    /// The request to take that much for the open cart.
    pub async fn payment(&self, mode: &str, amount: &str) -> Value {
        let cart = self.cart().await;
        json!({
            "cart_id": cart.id,
            "expected_total_minor": cart.total.minor,
            "tenders": [{ "mode": mode, "amount": amount }],
        })
    }

    /// A whole sale: scans the goods and takes the exact cash.
    pub async fn sell(&self, goods: &[&Good]) -> DoneView {
        for good in goods {
            self.scan(good).await;
        }
        let total = self.cart().await.total.text;
        self.pay_cash(&total).await
    }

    /// How a receipt stands.
    pub async fn receipt(&self, sale: &DoneView) -> PrintView {
        self.ask("receipt.state", json!({ "invoice_id": sale.invoice_id }))
            .await
    }

    /// The sync pill.
    pub async fn pill(&self) -> SyncView {
        self.ask("sync.status", json!({})).await
    }

    /// The manager's sync desk.
    pub async fn desk(&self) -> DocumentsView {
        self.ask("sync.documents", json!({ "filter": "all", "limit": 200 }))
            .await
    }

    // Waiting for what happens by itself.

    /// Waits until the pill is as wanted, and gives it back.
    ///
    /// # Panics
    /// If that takes too long.
    pub async fn until(&self, what: &str, wanted: impl Fn(&SyncView) -> bool) -> SyncView {
        let begun = Instant::now();
        loop {
            let pill = self.pill().await;
            if wanted(&pill) {
                return pill;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{}: never {what}: {pill:?}",
                self.name
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until the hub has everything.
    pub async fn until_synced(&self) -> SyncView {
        self.until("synced", |pill| {
            pill.state == SyncState::Synced && pill.waiting == 0
        })
        .await
    }

    /// Waits until the till knows that the hub is away.
    pub async fn until_offline(&self) -> SyncView {
        self.until("offline", |pill| pill.state == SyncState::Offline)
            .await
    }

    /// Waits until a receipt is in that state.
    pub async fn until_receipt(&self, sale: &DoneView, wanted: PrintState) -> PrintView {
        let begun = Instant::now();
        loop {
            let print = self.receipt(sale).await;
            if print.state == wanted {
                return print;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{}: never {wanted:?}: {print:?}",
                self.name
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until that many pieces of paper have come out, and gives all of them back.
    ///
    /// # Panics
    /// If that takes too long.
    pub async fn printed(&self, papers: usize) -> Vec<Paper> {
        let begun = Instant::now();
        loop {
            let printed = self.printer.printed();
            if printed.len() >= papers {
                return printed;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{}: only {printed:?}",
                self.name
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until the catalogue is as wanted: `price` of a good, or none when it cannot be sold.
    ///
    /// # Panics
    /// If that takes too long.
    pub async fn until_price(&self, good: &Good, wanted: Option<i64>) {
        let begun = Instant::now();
        loop {
            let found = self.price(good).await;
            if found == wanted {
                return;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{}: never {wanted:?}: {found:?}",
                self.name
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// What a good costs here, in cents; none when it cannot be sold. Somebody must be signed in.
    pub async fn price(&self, good: &Good) -> Option<i64> {
        let request = json!({ "text": good.name, "limit": 5 });
        let found: evertill_app::types::ItemsView = self.ask("catalogue.search", request).await;
        found
            .items
            .iter()
            .find(|item| item.id == good.id)
            .map(|item| item.price.minor)
    }
}

/// The request to sign in with a password.
#[must_use]
pub fn password(id: &str, secret: &str) -> Value {
    json!({ "user_id": id, "secret": secret, "kind": "password" })
}

/// The request to sign in with a PIN.
#[must_use]
pub fn pin(id: &str, secret: &str) -> Value {
    json!({ "user_id": id, "secret": secret, "kind": "pin" })
}

/// Copies a folder file by file: the write-ahead log first, so that the copy has every page that the
/// file does not have yet, as a disk has after a power cut.
fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a new folder");
    let entries = std::fs::read_dir(from).expect("the till's folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.sort_by_key(|path| !path.to_string_lossy().ends_with("-wal"));
    for path in files.into_iter().filter(|path| path.is_file()) {
        let name = path.file_name().expect("a file has a name");
        // The shared memory of the log is made anew after a power cut.
        if !name.to_string_lossy().ends_with("-shm") {
            std::fs::copy(&path, to.join(name)).expect("a copy");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
