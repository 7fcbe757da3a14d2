//! A hub in memory, and every way it can misbehave.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use evertill_protocol::{
    ApiError, BatchResult, Change, ChangeBody, DocumentResult, EnrolCheckRequest,
    EnrolCheckResponse, EnrolRequest, EnrolResponse, Envelope, FeedLine, Grant, Health, Outcome,
    PriceListRecord, Record, SignInRequest,
};
use evertill_sync::{Feed, Upstream, UpstreamError};
use tokio::time::Instant;
use uuid::Uuid;

/// What happens to the next request of a kind.
#[derive(Debug, Clone)]
pub enum PostFault {
    /// This error, and nothing is posted.
    Fails(UpstreamError),
    /// Everything is posted, but the answer never arrives.
    ReplyLost,
    /// Everything is posted; the answer is cut to this many results.
    Shortened(usize),
    /// Everything is posted; the answer is in the opposite order.
    Reversed,
    /// Takes this long, then goes well.
    Slow(Duration),
}

#[derive(Default)]
pub struct State {
    /// No connection can be made.
    pub down: bool,
    /// Faults of the next posts, in order; after them all is well.
    pub posts: VecDeque<PostFault>,
    /// A fault of every post.
    pub every_post: Option<UpstreamError>,
    /// Batches with one of these fail as a whole with 500.
    pub poison: BTreeSet<Uuid>,
    /// Outcomes other than accepted, by document.
    pub verdicts: BTreeMap<Uuid, (Outcome, &'static str)>,
    /// More documents than this, or one of these, is too large.
    pub max_documents: Option<usize>,
    pub oversized: BTreeSet<Uuid>,
    /// What was posted: hash, and how often it came.
    pub history: BTreeMap<Uuid, (String, u32)>,
    /// When, and what was asked: `post 3`, `health`, `changes 7`, `snapshot`.
    pub log: Vec<(Instant, String)>,
    /// The feed: lines of the snapshot, and of each page of changes.
    pub snapshot: Vec<String>,
    pub changes: BTreeMap<u64, Vec<String>>,
    /// After so many lines of the next snapshots the connection breaks.
    pub cuts: VecDeque<usize>,
    /// A fault of every look at the change feed.
    pub every_pull: Option<UpstreamError>,
    /// Time between two lines of a feed.
    pub drip: Duration,
}

/// The hub. Cheap to clone.
#[derive(Clone, Default)]
pub struct FakeHub(Arc<Mutex<State>>);

impl FakeHub {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub fn upstream(&self) -> Arc<dyn Upstream> {
        Arc::new(self.clone())
    }

    /// How many requests of a kind came.
    pub fn asked(&self, what: &str) -> usize {
        self.state()
            .log
            .iter()
            .filter(|(_, line)| line.starts_with(what))
            .count()
    }

    /// The time between requests of a kind.
    pub fn gaps(&self, what: &str) -> Vec<Duration> {
        let state = self.state();
        let times: Vec<Instant> = state
            .log
            .iter()
            .filter(|(_, line)| line.starts_with(what))
            .map(|(at, _)| *at)
            .collect();
        times.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    pub fn has(&self, key: Uuid) -> bool {
        self.state().history.contains_key(&key)
    }

    fn note(&self, what: String) -> Result<(), UpstreamError> {
        let mut state = self.state();
        state.log.push((Instant::now(), what));
        if state.down {
            Err(unreachable())
        } else {
            Ok(())
        }
    }
}

pub fn unreachable() -> UpstreamError {
    UpstreamError::Unreachable {
        detail: "connection refused".to_owned(),
    }
}

pub fn status(status: u16, code: &str, retry_after: Option<Duration>) -> UpstreamError {
    UpstreamError::refused(status, ApiError::new(code, "No."), retry_after)
}

pub fn internal() -> UpstreamError {
    status(500, "internal", None)
}

/// A record nobody needs to understand: a price list with this id.
pub fn list(seq: u64) -> String {
    let record = PriceListRecord {
        id: format!("list-{seq:06}").into(),
        name: format!("List {seq}"),
    };
    line(&FeedLine::Change(Change {
        seq,
        body: ChangeBody::Upsert(Record::PriceList(record)),
    }))
}

pub fn header(cursor: u64, records: u64) -> String {
    line(&FeedLine::Header {
        version: evertill_protocol::VERSION,
        cursor,
        records,
    })
}

pub fn end(cursor: u64, records: u64, more: bool) -> String {
    line(&FeedLine::End {
        cursor,
        records,
        more,
    })
}

fn line(line: &FeedLine) -> String {
    serde_json::to_string(line).expect("JSON")
}

/// A whole page with these records.
pub fn page(cursor: u64, rows: Vec<String>, more: bool) -> Vec<String> {
    let records = rows.len() as u64;
    let mut page = vec![header(cursor, records)];
    page.extend(rows);
    page.push(end(cursor, records, more));
    page
}

impl State {
    fn post(&mut self, documents: &[Envelope]) -> Result<BatchResult, UpstreamError> {
        if let Some(error) = &self.every_post {
            return Err(error.clone());
        }
        let too_many = self
            .max_documents
            .is_some_and(|most| documents.len() > most);
        if too_many
            || documents
                .iter()
                .any(|document| self.oversized.contains(&document.key))
        {
            return Err(UpstreamError::TooLarge);
        }
        if documents
            .iter()
            .any(|document| self.poison.contains(&document.key))
        {
            return Err(internal());
        }
        Ok(BatchResult {
            results: documents
                .iter()
                .map(|document| self.enter(document))
                .collect(),
        })
    }

    fn enter(&mut self, document: &Envelope) -> DocumentResult {
        assert!(
            document.verify_hash(),
            "payloads arrive as they were committed"
        );
        let result = |outcome, code: Option<&str>| DocumentResult {
            key: document.key,
            outcome,
            code: code.map(str::to_owned),
            message: code.map(|_| "No.".to_owned()),
            notes: Vec::new(),
            posted_at: None,
        };
        if let Some((outcome, code)) = self.verdicts.get(&document.key) {
            return result(*outcome, Some(code));
        }
        let entry = self
            .history
            .entry(document.key)
            .or_insert((document.payload_hash.clone(), 0));
        assert_eq!(
            entry.0, document.payload_hash,
            "a key never comes with another payload"
        );
        entry.1 += 1;
        result(
            if entry.1 == 1 {
                Outcome::Accepted
            } else {
                Outcome::Duplicate
            },
            None,
        )
    }
}

#[async_trait]
impl Upstream for FakeHub {
    async fn health(&self) -> Result<Health, UpstreamError> {
        self.note("health".to_owned())?;
        Ok(Health {
            status: "ok".to_owned(),
            protocol: 1,
            version: "0".to_owned(),
            time: jiff::Timestamp::UNIX_EPOCH,
        })
    }

    async fn check_code(&self, _: &EnrolCheckRequest) -> Result<EnrolCheckResponse, UpstreamError> {
        Err(internal())
    }

    async fn enrol(&self, _: &EnrolRequest) -> Result<EnrolResponse, UpstreamError> {
        Err(internal())
    }

    async fn sign_in(&self, _: &SignInRequest) -> Result<Grant, UpstreamError> {
        Err(internal())
    }

    async fn post(&self, documents: &[Envelope]) -> Result<BatchResult, UpstreamError> {
        self.note(format!("post {}", documents.len()))?;
        let fault = self.state().posts.pop_front();
        match fault {
            Some(PostFault::Fails(error)) => return Err(error),
            Some(PostFault::Slow(pause)) => tokio::time::sleep(pause).await,
            _ => {}
        }
        let answer = self.state().post(documents);
        match (fault, answer) {
            (Some(PostFault::ReplyLost), Ok(_)) => Err(UpstreamError::Timeout),
            (Some(PostFault::Shortened(most)), Ok(mut answer)) => {
                answer.results.truncate(most);
                Ok(answer)
            }
            (Some(PostFault::Reversed), Ok(mut answer)) => {
                answer.results.reverse();
                Ok(answer)
            }
            (_, answer) => answer,
        }
    }

    async fn changes(&self, after: u64, _limit: u32) -> Result<Box<dyn Feed>, UpstreamError> {
        self.note(format!("changes {after}"))?;
        let state = self.state();
        if let Some(error) = &state.every_pull {
            return Err(error.clone());
        }
        let lines = state.changes.get(&after).cloned();
        let lines = lines.unwrap_or_else(|| page(after, Vec::new(), false));
        Ok(Box::new(FakeFeed {
            lines: lines.into(),
            left: usize::MAX,
            drip: state.drip,
        }))
    }

    async fn snapshot(&self) -> Result<Box<dyn Feed>, UpstreamError> {
        self.note("snapshot".to_owned())?;
        let mut state = self.state();
        let left = state.cuts.pop_front().unwrap_or(usize::MAX);
        Ok(Box::new(FakeFeed {
            lines: state.snapshot.clone().into(),
            left,
            drip: state.drip,
        }))
    }
}

struct FakeFeed {
    lines: VecDeque<String>,
    left: usize,
    drip: Duration,
}

#[async_trait]
impl Feed for FakeFeed {
    async fn line(&mut self) -> Result<Option<String>, UpstreamError> {
        if !self.drip.is_zero() {
            tokio::time::sleep(self.drip).await;
        }
        if self.left == 0 {
            return Err(UpstreamError::Lost {
                detail: "reset by peer".to_owned(),
            });
        }
        self.left -= 1;
        Ok(self.lines.pop_front())
    }
}
