//! A till for each test of the window, all behind one loopback port.
//!
//! `POST /tills` opens a till of a shop of its own and answers `{"id", "hub"}`; below
//! `/tills/ID/` are `call` and `events` of the development bridge (`bridge.rs`) and `happen`, which
//! makes something happen to the till ([`Happening`]); `DELETE /tills/ID` ends it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use evertill_app::{Fault, types::Event};
use evertill_protocol::{ChangeBody, DocumentBatch, Envelope, Record};
use evertill_store::{Store, StoreConfig};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::OnceCell;
use tokio::sync::broadcast::{self, error::RecvError};

use crate::bridge::{Call, answer, guard, tell};
use crate::network::NetworkFault;
use crate::printer::PrinterBehaviour;
use crate::set_up::{OwnShop, SetUpShop, ShopPlan};
use crate::till::Till;

/// Which till a test wants.
#[derive(Deserialize)]
struct Wish {
    /// The shop: tests that want the same share the work of setting it up.
    shop: Value,
    /// The time it is in that shop.
    now: Timestamp,
    /// Whether the till is enrolled already.
    enrolled: bool,
}

/// What can happen to a till.
#[derive(Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
enum Happening {
    /// The hub cannot be reached any more.
    NetworkGoes,
    /// It can again.
    NetworkComes,
    /// Somebody on the wire changes the next documents, and the answer to them is lost: then the hub
    /// has others under their keys than the till.
    DocumentsForged { from: String, to: String },
    /// The printer has no paper.
    PaperEnds,
    /// It has paper again.
    PaperComes,
    /// The printer is switched off.
    PrinterOff,
    /// It is switched on.
    PrinterOn,
    /// Time passes.
    TimePasses { seconds: u64 },
    /// The till is quit.
    Stops,
    /// It is started; why it does not open is what its commands answer.
    Starts,
    /// It loses power and starts again.
    LosesPower,
    /// The keyring of its machine cannot be reached.
    KeyringLocked,
    /// It can again.
    KeyringUnlocked,
    /// Its store, while it is quit, gets a version that this program does not know.
    StoreNewer,
    /// Its store, while it is quit, loses its second half.
    StoreHalved,
    /// The hub has news for it.
    Published { records: Vec<Record> },
    /// The hub gives out an enrolment code, which is the answer.
    EnrolCode,
}

/// Why a till that was quit answers nothing.
fn quit() -> Fault {
    Fault {
        code: "till_closing".into(),
        params: std::collections::BTreeMap::new(),
        message: "The till is closing.".into(),
    }
}

/// A till with what it tells, over all its starts.
struct Served {
    shop: OwnShop,
    /// Why it did not open.
    shut: Mutex<Option<Fault>>,
    events: broadcast::Sender<Event>,
}

impl Served {
    fn new(shop: OwnShop) -> Self {
        let served = Self {
            shop,
            shut: Mutex::default(),
            events: broadcast::Sender::new(256),
        };
        served.pass_on();
        served
    }

    /// Passes on what the running till tells until it ends.
    fn pass_on(&self) {
        let Some(app) = self.shop.till.running() else {
            return;
        };
        let (mut news, told) = (app.events(), self.events.clone());
        tokio::spawn(async move {
            loop {
                match news.recv().await {
                    // There may be no listener.
                    Ok(event) => drop(told.send(event)),
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                }
            }
        });
    }

    async fn call(&self, call: Call) -> Result<Value, Fault> {
        match self.shop.till.running() {
            Some(app) => app.dispatch(&call.name, call.request).await,
            None => Err(lock(&self.shut).clone().unwrap_or_else(quit)),
        }
    }

    async fn happen(&self, what: Happening) -> Value {
        let till = &self.shop.till;
        match what {
            Happening::NetworkGoes => till.network.cut().await,
            Happening::NetworkComes => till.network.mend(),
            Happening::DocumentsForged { from, to } => {
                let forged = move |body: String| forge(&body, &from, &to);
                till.network.once(
                    "POST /v1/documents",
                    NetworkFault::forge_and_lose_reply(forged),
                );
            }
            Happening::PaperEnds => till.printer.is(PrinterBehaviour::NoPaper),
            Happening::PaperComes => till.printer.is(PrinterBehaviour::Fine),
            Happening::PrinterOff => till.printer.switch_off().await,
            Happening::PrinterOn => till.printer.switch_on(),
            Happening::TimePasses { seconds } => till.clock.advance(Duration::from_secs(seconds)),
            Happening::Stops => till.stop().await,
            Happening::Starts => {
                *lock(&self.shut) = till.try_start().await.err();
                self.pass_on();
            }
            Happening::LosesPower => {
                till.crash().await;
                self.pass_on();
            }
            Happening::KeyringLocked => till.keyring.lock(),
            Happening::KeyringUnlocked => till.keyring.unlock(),
            Happening::StoreNewer => become_newer(till),
            Happening::StoreHalved => halve(till),
            Happening::Published { records } => {
                for record in records {
                    self.shop.hub.publish(ChangeBody::Upsert(record));
                }
            }
            Happening::EnrolCode => return json!(self.shop.hub.enrol_code()),
        }
        Value::Null
    }
}

/// The same documents with other words in them, and hashes that fit.
fn forge(body: &str, from: &str, to: &str) -> String {
    let batch: DocumentBatch = serde_json::from_str(body).expect("the till's batch");
    let other = |it: Envelope| {
        let payload = it.payload.get().replace(from, to);
        Envelope::new(
            it.key,
            it.kind,
            it.till,
            it.number,
            it.business_date,
            it.created_at,
            payload,
        )
        .expect("JSON")
    };
    let documents = batch.documents.into_iter().map(other).collect();
    serde_json::to_string(&DocumentBatch { documents }).expect("a batch")
}

fn become_newer(till: &Till) {
    let config = StoreConfig::new(till.folder());
    let store = Store::open(&config, &till.keyring, Arc::new(till.clock.clone()));
    let store = store.expect("the store of a till that is quit");
    let known = store.integers("PRAGMA user_version");
    let newer = known
        .expect("a version")
        .first()
        .map_or(1, |known| known + 1);
    let raised = store.tamper(&format!("PRAGMA user_version = {newer}"));
    raised.expect("another version");
}

fn halve(till: &Till) {
    let database = till.folder().join("till.db");
    let whole = std::fs::read(&database).expect("the store of a till that is quit");
    std::fs::write(&database, &whole[..whole.len() / 2]).expect("half of it");
}

/// Shops that are set up, by their plan.
type SetUp = Mutex<HashMap<String, Arc<OnceCell<SetUpShop>>>>;

/// The tills by id.
#[derive(Clone, Default)]
struct Tills {
    open: Arc<Mutex<HashMap<u64, Arc<Served>>>>,
    last: Arc<AtomicU64>,
    shops: Arc<SetUp>,
}

impl Tills {
    fn find(&self, id: u64) -> Result<Arc<Served>, StatusCode> {
        lock(&self.open)
            .get(&id)
            .cloned()
            .ok_or(StatusCode::NOT_FOUND)
    }
}

/// Opens tills for tests on `listener` until the task is dropped.
///
/// # Errors
/// When the listener breaks.
pub async fn serve_tills(listener: TcpListener) -> std::io::Result<()> {
    let routes = Router::new()
        .route("/tills", post(open))
        .route("/tills/{id}", delete(end))
        .route("/tills/{id}/call", post(call))
        .route("/tills/{id}/events", get(events))
        .route("/tills/{id}/happen", post(happen))
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn(guard))
        .with_state(Tills::default());
    axum::serve(listener, routes).await
}

async fn open(State(tills): State<Tills>, Json(wish): Json<Wish>) -> Response {
    let key = wish.shop.to_string();
    let plan: ShopPlan = match serde_json::from_value(wish.shop) {
        Ok(plan) => plan,
        Err(why) => return (StatusCode::BAD_REQUEST, why.to_string()).into_response(),
    };
    let shop = Arc::clone(lock(&tills.shops).entry(key).or_default());
    let shop = shop.get_or_init(|| SetUpShop::new(plan)).await;
    let served = Served::new(shop.open(wish.now, wish.enrolled).await);
    let hub = served.shop.till.network.url();
    let id = tills.last.fetch_add(1, Ordering::Relaxed);
    lock(&tills.open).insert(id, Arc::new(served));
    Json(json!({ "id": id.to_string(), "hub": hub })).into_response()
}

async fn end(State(tills): State<Tills>, Path(id): Path<u64>) -> StatusCode {
    let Some(served) = lock(&tills.open).remove(&id) else {
        return StatusCode::NOT_FOUND;
    };
    served.shop.till.stop().await;
    served.shop.hub.stop().await;
    StatusCode::NO_CONTENT
}

async fn call(
    State(tills): State<Tills>,
    Path(id): Path<u64>,
    Json(call): Json<Call>,
) -> Result<Response, StatusCode> {
    Ok(answer(tills.find(id)?.call(call).await))
}

async fn events(State(tills): State<Tills>, Path(id): Path<u64>) -> Result<Response, StatusCode> {
    Ok(tell(tills.find(id)?.events.subscribe()))
}

async fn happen(
    State(tills): State<Tills>,
    Path(id): Path<u64>,
    Json(what): Json<Happening>,
) -> Result<Json<Value>, StatusCode> {
    Ok(Json(tills.find(id)?.happen(what).await))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
