//! What people do at a till, through the commands the window gives.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use evertill_app::types::{
    CartView, DocumentsView, DoneView, PeopleView, PrintState, PrintView, SyncState, SyncView,
    TillState,
};
use evertill_app::{Fault, Till as App};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::shop::{Good, someone};

/// What a story waits for at most. Only a broken promise waits this long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The counter with a till on it, running or not.
pub struct Counter {
    /// The till's name on the hub.
    pub name: String,
    app: Mutex<Option<App>>,
}

impl Counter {
    /// A counter whose till is switched off.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            app: Mutex::default(),
        }
    }

    /// The till that runs from now on.
    pub(crate) fn runs(&self, app: App) {
        *self.lock() = Some(app);
    }

    /// The till that ran until now.
    pub(crate) fn take(&self) -> Option<App> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<App>> {
        self.app.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The running till.
    ///
    /// # Panics
    /// If it is not running.
    #[must_use]
    pub fn app(&self) -> App {
        self.running().expect("the till is running")
    }

    /// The till, if it is running.
    #[must_use]
    pub(crate) fn running(&self) -> Option<App> {
        self.lock().clone()
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

    /// The state of a receipt.
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
