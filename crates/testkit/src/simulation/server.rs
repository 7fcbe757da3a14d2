//! The hub's repository as an upstream, without HTTP.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use evertill_core::{Clock, Coded, Ids};
use evertill_hub::HubError;
use evertill_hub::repository::{Device, NewDevice, Report, Repository, SnapshotRows};
use evertill_protocol::{
    ApiError, BatchResult, ChangeBody, EnrolCheckRequest, EnrolCheckResponse, EnrolRequest,
    EnrolResponse, Envelope, FeedLine, Grant, Health, Record, SignInRequest, VERSION,
};
use evertill_sync::UpstreamError;
use jiff::SignedDuration;
use serde_json::value::RawValue;

use super::ids::SeededIds;
use crate::clock::WorldClock;
use crate::hub::filled;
use crate::shop::{Good, PEOPLE};

/// A hub that can be restarted. Clones are the same hub.
#[derive(Clone)]
pub struct SimulatedHub(Arc<Inner>);

struct Inner {
    db: PathBuf,
    clock: WorldClock,
    ids: Arc<SeededIds>,
    repository: Mutex<Option<Repository>>,
    starts: AtomicU64,
}

impl SimulatedHub {
    /// A hub with the corner shop in it, running.
    pub(crate) fn new(folder: &Path, clock: WorldClock, ids: Arc<SeededIds>) -> Self {
        let db = folder.join("hub.db");
        std::fs::write(&db, filled()).expect("the shop is copied");
        let hub = Self(Arc::new(Inner {
            db,
            clock,
            ids,
            repository: Mutex::default(),
            starts: AtomicU64::new(0),
        }));
        hub.start();
        hub
    }

    /// Connections are refused, and answers on their way are lost.
    pub fn stop(&self) {
        self.0.starts.fetch_add(1, Ordering::SeqCst);
        *self.0.repository.lock().expect("no panic") = None;
    }

    /// Starts on the database it had.
    pub fn start(&self) {
        let repository = Repository::open(&self.0.db).expect("the hub starts");
        *self.0.repository.lock().expect("no panic") = Some(repository);
    }

    /// Whether it runs.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.0.repository.lock().expect("no panic").is_some()
    }

    /// Goes up with each stop: an answer from before one does not arrive after it.
    pub(crate) fn stops(&self) -> u64 {
        self.0.starts.load(Ordering::SeqCst)
    }

    /// What it has, added up by SQL from its own tables.
    #[must_use]
    pub fn report(&self) -> Report {
        self.repository().report(true).expect("a report")
    }

    /// Tells the tills that a price has changed.
    pub fn change_price(&self, good: &Good, cents: i64) {
        let change = ChangeBody::Upsert(Record::Price(good.price(cents)));
        self.repository().publish(&[change]).expect("published");
    }

    pub(crate) fn enrol_code(&self) -> String {
        let now = self.0.clock.now();
        self.repository().new_enrol_code(now).expect("a code")
    }

    fn repository(&self) -> Repository {
        let repository = self.0.repository.lock().expect("no panic").clone();
        repository.expect("the hub is up")
    }

    fn device(&self, token: Option<&str>) -> Result<Device, UpstreamError> {
        let device = self.repository().device(token.unwrap_or_default());
        device.map_err(|error| refusal(&error))
    }

    pub(crate) fn health(&self) -> Health {
        Health {
            status: "ok".to_owned(),
            protocol: VERSION,
            version: "simulated".to_owned(),
            time: self.0.clock.now(),
        }
    }

    pub(crate) fn check_code(
        &self,
        request: &EnrolCheckRequest,
    ) -> Result<EnrolCheckResponse, UpstreamError> {
        let repository = self.repository();
        let shop = repository
            .shop()
            .and_then(|shop| shop.ok_or(HubError::NoShop));
        let shop = shop.map_err(|error| refusal(&error))?;
        repository
            .check_enrol_code(&request.code, self.0.clock.now())
            .map_err(|error| refusal(&error))?;
        Ok(EnrolCheckResponse { shop: shop.name })
    }

    pub(crate) fn enrol(&self, request: &EnrolRequest) -> Result<EnrolResponse, UpstreamError> {
        let id = self.0.ids.next();
        let new = NewDevice {
            id,
            token: format!("token-of-{id}"),
            name: request.device_name.clone(),
            platform: request.platform.clone(),
            app_version: request.app_version.clone(),
        };
        let repository = self.repository();
        let device = repository
            .enrol(&request.code, &new, self.0.clock.now())
            .map_err(|error| refusal(&error))?;
        let shop = repository.shop().map_err(|error| refusal(&error))?;
        Ok(EnrolResponse {
            device_id: device.id,
            token: new.token,
            number_prefix: device.till.to_string(),
            till: device.till,
            next_number: 1,
            shop: shop.expect("the shop is there"),
        })
    }

    pub(crate) fn sign_in(
        &self,
        token: Option<&str>,
        request: &SignInRequest,
    ) -> Result<Grant, UpstreamError> {
        self.device(token)?;
        let known = PEOPLE
            .iter()
            .any(|one| one.id == request.user.as_str() && one.password == request.password);
        let person = self.repository().person(request.user.as_str());
        match person.map_err(|error| refusal(&error))? {
            Some(person) if known => Ok(Grant {
                role: person.user.role,
                user: person.user,
                issued_at: self.0.clock.now(),
                expires_at: self.0.clock.now() + SignedDuration::from_hours(35 * 24),
                pin_hash: person.pin_hash,
            }),
            _ => Err(refusal(&HubError::SignInRefused)),
        }
    }

    pub(crate) fn post(
        &self,
        token: Option<&str>,
        documents: &[Envelope],
    ) -> Result<BatchResult, UpstreamError> {
        let device = self.device(token)?;
        let raw = |document: &Envelope| {
            let text = serde_json::to_string(document).expect("JSON");
            RawValue::from_string(text).expect("JSON")
        };
        let documents: Vec<Box<RawValue>> = documents.iter().map(raw).collect();
        let results = self
            .repository()
            .post(&device, &documents, self.0.clock.now());
        let results = results.map_err(|error| refusal(&error))?;
        Ok(BatchResult { results })
    }

    pub(crate) fn changes(
        &self,
        token: Option<&str>,
        after: u64,
        limit: u32,
    ) -> Result<Vec<String>, UpstreamError> {
        self.device(token)?;
        let page = self.repository().changes(after, limit);
        let page = page.map_err(|error| refusal(&error))?;
        let records = u64::try_from(page.lines.len()).expect("few");
        let mut lines = vec![header(after, records)];
        lines.extend(page.lines);
        lines.push(end(page.cursor, records, page.more));
        Ok(lines)
    }

    pub(crate) fn snapshot(&self, token: Option<&str>) -> Result<Vec<String>, UpstreamError> {
        self.device(token)?;
        let mut rows = Rows(Vec::new());
        let (cursor, records) = self
            .repository()
            .snapshot(&mut rows)
            .map_err(|error| refusal(&error))?;
        rows.0.push(end(cursor, records, false));
        Ok(rows.0)
    }
}

struct Rows(Vec<String>);

impl SnapshotRows for Rows {
    fn begin(&mut self, cursor: u64, records: u64) -> Result<(), HubError> {
        self.0.push(header(cursor, records));
        Ok(())
    }

    fn row(&mut self, line: &str) -> Result<(), HubError> {
        self.0.push(line.to_owned());
        Ok(())
    }
}

fn header(cursor: u64, records: u64) -> String {
    line(&FeedLine::Header {
        version: VERSION,
        cursor,
        records,
    })
}

fn end(cursor: u64, records: u64, more: bool) -> String {
    line(&FeedLine::End {
        cursor,
        records,
        more,
    })
}

fn line(line: &FeedLine) -> String {
    serde_json::to_string(line).expect("JSON")
}

fn refusal(error: &HubError) -> UpstreamError {
    let status = match error {
        HubError::DeviceUnknown => 401,
        HubError::SignInRefused => 403,
        HubError::CursorAhead { .. } => 409,
        _ => 500,
    };
    let said = ApiError::new(error.code(), error.to_string());
    UpstreamError::refused(status, said, None)
}
