//! The wire between one till and the hub: a proxy that can be cut, delayed and made to lie.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::http::Message;
use crate::reserved_port::ReservedPort;

/// What goes wrong with one request.
#[derive(Clone)]
pub enum NetworkFault {
    /// The connection breaks before the hub hears of the request.
    LoseRequest,
    /// The hub carries the request out, and its answer is lost.
    LoseReply,
    /// The hub carries the request out, and only the first half of its answer arrives.
    HalfReply,
    /// As [`NetworkFault::HalfReply`], but only one direction is closed: the connection stays half open.
    HalfClose,
    /// The answer comes so much later.
    Delay(Duration),
    /// Somebody else answers in the hub's place: status, headers, body. The hub hears nothing.
    Answer(u16, &'static [(&'static str, &'static str)], &'static str),
    /// What comes back is no HTTP at all. The hub hears nothing.
    Noise(&'static [u8]),
    /// The body of the hub's answer is changed on the way.
    Rewrite(Arc<dyn Fn(String) -> String + Send + Sync>),
    /// The body of the request is changed on its way to the hub.
    Forge(Arc<dyn Fn(String) -> String + Send + Sync>),
    /// As [`NetworkFault::Forge`], and the answer is lost.
    ForgeAndLoseReply(Arc<dyn Fn(String) -> String + Send + Sync>),
}

impl NetworkFault {
    /// A hub that answers with an error and says nothing a till could understand.
    #[must_use]
    pub const fn status(status: u16) -> Self {
        Self::Answer(
            status,
            &[],
            "<html><body>Something went wrong.</body></html>",
        )
    }

    /// The body of the hub's answer is changed on the way.
    #[must_use]
    pub fn rewrite(change: impl Fn(String) -> String + Send + Sync + 'static) -> Self {
        Self::Rewrite(Arc::new(change))
    }

    /// The body of the request is changed on its way to the hub.
    #[must_use]
    pub fn forge(change: impl Fn(String) -> String + Send + Sync + 'static) -> Self {
        Self::Forge(Arc::new(change))
    }

    /// The body of the request is changed on its way to the hub, and the answer is lost.
    #[must_use]
    pub fn forge_and_lose_reply(change: impl Fn(String) -> String + Send + Sync + 'static) -> Self {
        Self::ForgeAndLoseReply(Arc::new(change))
    }
}

/// Which trouble the next request meets, if any: asked with `POST /v1/documents` and the like, and
/// with the request's body.
type Dice = Box<dyn FnMut(&str, &str) -> Option<NetworkFault> + Send>;

struct Rule {
    on: &'static str,
    trouble: NetworkFault,
    left: usize,
}

#[derive(Default)]
struct Plans {
    rules: Vec<Rule>,
    dice: Option<Dice>,
    seen: Vec<String>,
    fired: usize,
}

/// The wire between one till and the hub. Clones are the same wire.
#[derive(Clone)]
pub struct Network(Arc<Inner>);

struct Inner {
    port: ReservedPort,
    hub: Mutex<Option<SocketAddr>>,
    cut: AtomicBool,
    plans: Mutex<Plans>,
}

impl Network {
    /// A wire that leads nowhere yet.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Inner {
            port: ReservedPort::new(),
            hub: Mutex::default(),
            cut: AtomicBool::default(),
            plans: Mutex::default(),
        }))
    }

    /// Where the till believes the hub is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.0.port.address())
    }

    /// The cable is pulled: connections break, and new ones are refused.
    pub async fn cut(&self) {
        self.0.cut.store(true, Ordering::SeqCst);
        self.0.port.close().await;
    }

    /// The cable is plugged in again.
    pub fn mend(&self) {
        self.0.cut.store(false, Ordering::SeqCst);
        self.listen();
    }

    /// Whether the cable is pulled.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.0.cut.load(Ordering::SeqCst)
    }

    /// The hub is up at this address, or down.
    pub(crate) async fn hub_is(&self, address: Option<SocketAddr>) {
        *self.0.hub.lock().unwrap_or_else(PoisonError::into_inner) = address;
        if address.is_some() {
            self.listen();
        } else {
            self.0.port.close().await;
        }
    }

    /// The next request of that kind (`POST /v1/documents`) meets this trouble.
    pub fn once(&self, on: &'static str, trouble: NetworkFault) {
        self.times(1, on, trouble);
    }

    /// The next so many requests of that kind meet this trouble.
    pub fn times(&self, left: usize, on: &'static str, trouble: NetworkFault) {
        self.plans().rules.push(Rule { on, trouble, left });
    }

    /// Every request of that kind meets this trouble, until [`Network::calm`].
    pub fn always(&self, on: &'static str, trouble: NetworkFault) {
        self.times(usize::MAX, on, trouble);
    }

    /// Dice decide about every request that no rule is for.
    pub fn roll(&self, dice: impl FnMut(&str, &str) -> Option<NetworkFault> + Send + 'static) {
        self.plans().dice = Some(Box::new(dice));
    }

    /// No trouble from now on.
    pub fn calm(&self) {
        let mut plans = self.plans();
        plans.rules.clear();
        plans.dice = None;
    }

    /// How many requests met trouble.
    #[must_use]
    pub fn fired(&self) -> usize {
        self.plans().fired
    }

    /// How many requests of that kind came by.
    #[must_use]
    pub fn seen(&self, what: &str) -> usize {
        self.plans()
            .seen
            .iter()
            .filter(|seen| *seen == what)
            .count()
    }

    fn plans(&self) -> MutexGuard<'_, Plans> {
        self.0.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hub(&self) -> Option<SocketAddr> {
        *self.0.hub.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listen(&self) {
        if self.hub().is_none() || self.is_cut() {
            return;
        }
        // Weak, or the wire would hold itself up for ever.
        let wire = Arc::downgrade(&self.0);
        self.0.port.open(move |till| {
            let wire = wire.upgrade().map(Network);
            async move {
                if let Some(wire) = wire {
                    // A connection that breaks is what this is all about.
                    drop(wire.carry(till).await);
                }
            }
        });
    }

    /// Serves one connection of the till, request after request.
    async fn carry(&self, mut till: TcpStream) -> std::io::Result<()> {
        while let Some(request) = Message::read(&mut till).await? {
            let what = request.what();
            let trouble = self.trouble(&what, &request.body);
            match trouble {
                Some(NetworkFault::LoseRequest) => return Ok(()),
                Some(NetworkFault::Noise(bytes)) => {
                    till.write_all(bytes).await?;
                    return till.shutdown().await;
                }
                Some(NetworkFault::Answer(status, headers, body)) => {
                    let mut answer = Message::answer(status, "text/html", body);
                    for (name, value) in headers {
                        answer = answer.without(name).with(name, value);
                    }
                    till.write_all(&answer.bytes()).await?;
                }
                trouble => {
                    let Some(reply) = self.ask_hub(request, trouble.as_ref()).await? else {
                        return Ok(());
                    };
                    if !deliver(&mut till, reply, trouble).await? {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    fn trouble(&self, what: &str, body: &[u8]) -> Option<NetworkFault> {
        let mut plans = self.plans();
        plans.seen.push(what.to_owned());
        let rule = plans
            .rules
            .iter_mut()
            .find(|rule| rule.left > 0 && rule.on == what);
        let trouble = match rule {
            Some(rule) => {
                rule.left -= 1;
                Some(rule.trouble.clone())
            }
            None => plans
                .dice
                .as_mut()
                .and_then(|dice| dice(what, &String::from_utf8_lossy(body))),
        };
        plans.fired += usize::from(trouble.is_some());
        trouble
    }

    /// Hands a request to the hub and brings its answer; `None` when there is none.
    async fn ask_hub(
        &self,
        request: Message,
        trouble: Option<&NetworkFault>,
    ) -> std::io::Result<Option<Message>> {
        let Some(hub) = self.hub() else {
            return Ok(None);
        };
        let mut request = request.without("connection").with("connection", "close");
        match trouble {
            // What is to be read on the way must not be packed.
            Some(NetworkFault::Rewrite(_)) => request = request.without("accept-encoding"),
            Some(NetworkFault::Forge(change) | NetworkFault::ForgeAndLoseReply(change)) => {
                let body = change(String::from_utf8_lossy(&request.body).into_owned());
                request = request.with_body(body.into_bytes());
            }
            _ => {}
        }
        let mut stream = TcpStream::connect(hub).await?;
        stream.write_all(&request.bytes()).await?;
        let reply = Message::read(&mut stream).await?;
        // Only this one connection ends here: the till's own lives on.
        Ok(reply.map(|reply| reply.without("connection")))
    }
}

/// Hands an answer to the till; false when the connection is at its end.
async fn deliver(
    till: &mut TcpStream,
    reply: Message,
    trouble: Option<NetworkFault>,
) -> std::io::Result<bool> {
    match trouble {
        Some(NetworkFault::LoseReply | NetworkFault::ForgeAndLoseReply(_)) => return Ok(false),
        Some(NetworkFault::HalfReply) => {
            till.write_all(half(&reply.bytes())).await?;
            return Ok(false);
        }
        Some(NetworkFault::HalfClose) => {
            till.write_all(half(&reply.bytes())).await?;
            till.shutdown().await?;
            // Still listening, as a peer does that has only closed its own direction.
            let mut ignored = Vec::new();
            till.read_to_end(&mut ignored).await?;
            return Ok(false);
        }
        Some(NetworkFault::Delay(time)) => {
            tokio::time::sleep(time).await;
            till.write_all(&reply.bytes()).await?;
        }
        Some(NetworkFault::Rewrite(change)) => {
            let body = change(String::from_utf8_lossy(&reply.body).into_owned());
            till.write_all(&reply.with_body(body.into_bytes()).bytes())
                .await?;
        }
        _ => till.write_all(&reply.bytes()).await?,
    }
    Ok(true)
}

fn half(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len() / 2]
}
