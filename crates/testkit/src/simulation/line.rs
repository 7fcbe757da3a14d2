//! The network between one till and the hub, as the seed wants it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use evertill_app::{Connect, Fault, Feed, Upstream, UpstreamError};
use evertill_core::{Coded, Timer};
use evertill_protocol::{
    ApiError, BatchResult, EnrolCheckRequest, EnrolCheckResponse, EnrolRequest, EnrolResponse,
    Envelope, Grant, Health, SignInRequest,
};

use super::server::SimulatedHub;
use super::trace::Trace;
use crate::chance::Chance;
use crate::clock::WorldClock;

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It arrives, and so does the answer.
    Arrives,
    /// The hub never hears of it.
    RequestLost,
    /// The hub carries it out, and its answer is lost.
    ReplyLost,
    /// It arrives twice, and the second answer comes back.
    ArrivesTwice,
    /// It arrives and is answered, and once more much later.
    ArrivesAgainLater,
    /// Somebody else answers with this status; the hub hears nothing.
    Refused(u16),
    /// What comes back makes no sense; the hub hears nothing.
    Garbled,
}

/// How many of 100 requests meet trouble.
const TROUBLE_PERCENT: u64 = 40;
/// How long a lost request or answer is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A till's line to the hub. Clones are the same line.
#[derive(Clone)]
pub struct Line(Arc<Inner>);

struct Inner {
    name: String,
    hub: SimulatedHub,
    clock: WorldClock,
    trace: Trace,
    chance: Mutex<Chance>,
    rough: AtomicBool,
    cut: AtomicBool,
}

/// What was decided about a request.
#[derive(Clone, Copy)]
struct Fate {
    delivery: Delivery,
    there: Duration,
    back: Duration,
    later: Duration,
}

impl Line {
    /// A calm line.
    pub(crate) fn new(name: &str, hub: SimulatedHub, trace: Trace, seed: u64) -> Self {
        Self(Arc::new(Inner {
            name: name.to_owned(),
            clock: trace.clock(),
            hub,
            trace,
            chance: Mutex::new(Chance::seeded(seed)),
            rough: AtomicBool::new(false),
            cut: AtomicBool::new(false),
        }))
    }

    /// The till's name.
    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    pub(crate) fn hub(&self) -> &SimulatedHub {
        &self.0.hub
    }

    pub(crate) fn clock(&self) -> &WorldClock {
        &self.0.clock
    }

    /// From now on requests meet trouble, or from now on they do not.
    pub fn rough(&self, rough: bool) {
        self.0.rough.store(rough, Ordering::SeqCst);
    }

    /// Cuts the line, or mends it. What is on its way is lost.
    pub fn cut(&self, cut: bool) {
        self.0.cut.store(cut, Ordering::SeqCst);
    }

    /// Whether it is cut.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.0.cut.load(Ordering::SeqCst)
    }

    fn fate(&self) -> Fate {
        let mut chance = self.0.chance.lock().expect("no panic");
        let mut millis = |most| Duration::from_millis(1 + chance.below(most));
        let (there, back, later) = (millis(40), millis(40), millis(90_000));
        let rough = self.0.rough.load(Ordering::SeqCst);
        let delivery = match chance.below(7) {
            _ if !(rough && chance.percent(TROUBLE_PERCENT)) => Delivery::Arrives,
            0 => Delivery::RequestLost,
            1 | 2 => Delivery::ReplyLost,
            3 => Delivery::ArrivesTwice,
            4 => Delivery::ArrivesAgainLater,
            5 => Delivery::Refused(*chance.pick(&[404, 429, 500, 502, 503])),
            _ => Delivery::Garbled,
        };
        Fate {
            delivery,
            there,
            back,
            later,
        }
    }

    /// Brings a request to the hub and its answer back. A request that is on its way arrives even if
    /// the till that sent it is dead by then.
    async fn carry<T: Send + 'static>(
        &self,
        what: String,
        ask: impl Fn(&SimulatedHub) -> Result<T, UpstreamError> + Send + Sync + 'static,
    ) -> Result<T, UpstreamError> {
        let (line, fate) = (self.clone(), self.fate());
        line.note(format!("{what}: {:?}", fate.delivery));
        let carried = tokio::spawn(async move {
            let answer = line.deliver(&what, fate, Arc::new(ask)).await;
            let said = answer
                .as_ref()
                .err()
                .map_or("answered", |error| error.code());
            line.note(format!("{what}: {said}"));
            answer
        });
        carried.await.expect("the line does not break off")
    }

    async fn deliver<T: Send + 'static>(
        &self,
        what: &str,
        fate: Fate,
        ask: Arc<impl Fn(&SimulatedHub) -> Result<T, UpstreamError> + Send + Sync + 'static>,
    ) -> Result<T, UpstreamError> {
        self.reachable()?;
        self.sleep(fate.there).await;
        self.reachable()?;
        match fate.delivery {
            Delivery::RequestLost => {
                self.sleep(PATIENCE).await;
                return Err(UpstreamError::Timeout);
            }
            Delivery::Refused(status) => return Err(refused(status)),
            Delivery::Garbled => {
                let detail = "<html>Welcome</html>".to_owned();
                return Err(UpstreamError::Garbage { detail });
            }
            _ => {}
        }
        let stops = self.0.hub.stops();
        let mut answer = ask(&self.0.hub);
        match fate.delivery {
            Delivery::ArrivesTwice => answer = ask(&self.0.hub),
            Delivery::ArrivesAgainLater => self.again_later(what.to_owned(), fate.later, ask),
            _ => {}
        }
        self.sleep(fate.back).await;
        if fate.delivery == Delivery::ReplyLost {
            self.sleep(PATIENCE).await;
            return Err(UpstreamError::Timeout);
        }
        if self.is_cut() || self.0.hub.stops() != stops {
            let detail = "the connection broke".to_owned();
            return Err(UpstreamError::Lost { detail });
        }
        answer
    }

    fn again_later<T>(
        &self,
        what: String,
        later: Duration,
        ask: Arc<impl Fn(&SimulatedHub) -> Result<T, UpstreamError> + Send + Sync + 'static>,
    ) {
        let line = self.clone();
        tokio::spawn(async move {
            line.sleep(later).await;
            if line.0.hub.is_up() {
                let answer = ask(&line.0.hub);
                let said = answer
                    .as_ref()
                    .err()
                    .map_or("answered", |error| error.code());
                line.note(format!("{what}: again, {said}"));
            }
        });
    }

    fn reachable(&self) -> Result<(), UpstreamError> {
        if self.is_cut() || !self.0.hub.is_up() {
            let detail = "connection refused".to_owned();
            return Err(UpstreamError::Unreachable { detail });
        }
        Ok(())
    }

    async fn sleep(&self, time: Duration) {
        let clock = &self.0.clock;
        clock.sleep_until(clock.moment() + time).await;
    }

    fn note(&self, what: impl std::fmt::Display) {
        self.0.trace.note(format!("{} {what}", self.0.name));
    }
}

fn refused(status: u16) -> UpstreamError {
    let message = format!("The hub answered with an error ({status}).");
    UpstreamError::refused(status, ApiError::new("hub_error", message), None)
}

impl Connect for Line {
    fn connect(&self, _url: &str, token: Option<&str>) -> Result<Arc<dyn Upstream>, Fault> {
        Ok(Arc::new(Connection {
            line: self.clone(),
            token: token.map(str::to_owned),
        }))
    }
}

/// The hub at the other end of a line, asked with a token.
struct Connection {
    line: Line,
    token: Option<String>,
}

#[async_trait]
impl Upstream for Connection {
    async fn health(&self) -> Result<Health, UpstreamError> {
        self.line
            .carry("health".to_owned(), |hub| Ok(hub.health()))
            .await
    }

    async fn check_code(
        &self,
        request: &EnrolCheckRequest,
    ) -> Result<EnrolCheckResponse, UpstreamError> {
        let request = request.clone();
        self.line
            .carry("check code".to_owned(), move |hub| hub.check_code(&request))
            .await
    }

    async fn enrol(&self, request: &EnrolRequest) -> Result<EnrolResponse, UpstreamError> {
        let request = request.clone();
        self.line
            .carry("enrol".to_owned(), move |hub| hub.enrol(&request))
            .await
    }

    async fn sign_in(&self, request: &SignInRequest) -> Result<Grant, UpstreamError> {
        let (token, request) = (self.token.clone(), request.clone());
        let what = format!("sign in {}", request.user);
        self.line
            .carry(what, move |hub| hub.sign_in(token.as_deref(), &request))
            .await
    }

    async fn post(&self, documents: &[Envelope]) -> Result<BatchResult, UpstreamError> {
        let (token, documents) = (self.token.clone(), documents.to_vec());
        let numbers: Vec<&str> = documents
            .iter()
            .map(|document| document.number.as_deref().unwrap_or("-"))
            .collect();
        let what = format!("post {}", numbers.join(" "));
        self.line
            .carry(what, move |hub| hub.post(token.as_deref(), &documents))
            .await
    }

    async fn changes(&self, after: u64, limit: u32) -> Result<Box<dyn Feed>, UpstreamError> {
        let token = self.token.clone();
        let ask = move |hub: &SimulatedHub| hub.changes(token.as_deref(), after, limit);
        let lines = self.line.carry(format!("changes {after}"), ask).await?;
        Ok(Box::new(Lines(lines.into())))
    }

    async fn snapshot(&self) -> Result<Box<dyn Feed>, UpstreamError> {
        let token = self.token.clone();
        let ask = move |hub: &SimulatedHub| hub.snapshot(token.as_deref());
        let lines = self.line.carry("snapshot".to_owned(), ask).await?;
        Ok(Box::new(Lines(lines.into())))
    }
}

struct Lines(VecDeque<String>);

#[async_trait]
impl Feed for Lines {
    async fn line(&mut self) -> Result<Option<String>, UpstreamError> {
        Ok(self.0.pop_front())
    }
}
