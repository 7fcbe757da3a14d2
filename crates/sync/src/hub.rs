//! Our own hub as the upstream: JSON and NDJSON over HTTP.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use evertill_core::{Coded, Timer};
use evertill_protocol::{
    ApiError, BatchResult, EnrolCheckRequest, EnrolCheckResponse, EnrolRequest, EnrolResponse,
    Envelope, Grant, Health, NDJSON, SignInRequest,
};
use reqwest::header::{ACCEPT, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::time_limit;
use crate::upstream::{Feed, Upstream, UpstreamError};

/// More than the answer to the largest batch.
const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;
/// More than any error a hub explains.
const MAX_ERROR_BYTES: usize = 64 * 1024;
/// More than any record.
const MAX_LINE_BYTES: usize = 1024 * 1024;

/// How long each part of a conversation may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HubPatience {
    /// To accept the connection, TLS included.
    pub connect: Duration,
    /// To answer whether it is there.
    pub health: Duration,
    /// From the first byte asked to the last byte answered; for feeds, to the first line.
    pub answer: Duration,
    /// For one line of a feed, however slowly its bytes drip.
    pub line: Duration,
}

impl Default for HubPatience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            health: Duration::from_secs(5),
            answer: Duration::from_secs(30),
            line: Duration::from_secs(15),
        }
    }
}

/// `hub_url_invalid`: the text is not the address of a hub.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
#[error("“{text}” is not the address of a hub. It looks like https://hub.example.org.")]
#[coded("hub_url_invalid")]
pub struct HubUrlError {
    #[coded(name = "url")]
    text: String,
}

/// A hub at an address, asked with a device's token. Cheap to clone.
#[derive(Clone)]
pub struct HubUpstream {
    client: Client,
    base: Url,
    token: Option<String>,
    patience: HubPatience,
    timer: Arc<dyn Timer>,
}

impl std::fmt::Debug for HubUpstream {
    // By hand, so that no log line ever shows the token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HubUpstream")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

impl HubUpstream {
    /// The hub at `url` (`https://…` or `http://…`), without a token: good for health and enrolment.
    /// The timer measures how long it may take to answer.
    ///
    /// # Errors
    /// `hub_url_invalid`.
    pub fn new(
        url: &str,
        patience: HubPatience,
        timer: Arc<dyn Timer>,
    ) -> Result<Self, HubUrlError> {
        let invalid = || HubUrlError {
            text: url.to_owned(),
        };
        let mut base: Url = url.trim().parse().map_err(|_unreadable| invalid())?;
        let http = matches!(base.scheme(), "http" | "https");
        if !http || !base.has_host() || base.query().is_some() || base.fragment().is_some() {
            return Err(invalid());
        }
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let mut client = Client::builder()
            .user_agent(concat!("evertill/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(patience.connect)
            // The token must not follow a redirect to somebody else.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never());
        if is_loopback(&base) {
            client = client.no_proxy();
        }
        let client = client.build().map_err(|_no_tls| invalid())?;
        Ok(Self {
            client,
            base,
            token: None,
            patience,
            timer,
        })
    }

    /// The same hub, asked as the device that has this token.
    #[must_use]
    pub fn with_token(self, token: impl Into<String>) -> Self {
        Self {
            token: Some(token.into()),
            ..self
        }
    }

    /// The hub's address, with a slash at its end.
    #[must_use]
    pub fn url(&self) -> &str {
        self.base.as_str()
    }

    fn path(&self, path: &str) -> Result<Url, UpstreamError> {
        self.base
            .join(path)
            .map_err(|error| UpstreamError::Garbage {
                detail: error.to_string(),
            })
    }

    fn authorised(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Runs `work` for at most `limit`.
    async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, UpstreamError>> + Send,
    ) -> Result<T, UpstreamError> {
        time_limit::within(self.timer.as_ref(), limit, work)
            .await
            .unwrap_or(Err(UpstreamError::Timeout))
    }

    async fn post_json<A: DeserializeOwned>(
        &self,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<A, UpstreamError> {
        let request = self
            .authorised(self.client.post(self.path(path)?))
            .json(body);
        self.within(self.patience.answer, async {
            json(accepted(request).await?).await
        })
        .await
    }

    async fn feed(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<Box<dyn Feed>, UpstreamError> {
        let mut url = self.path(path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self.authorised(self.client.get(url)).header(ACCEPT, NDJSON);
        let response = self.within(self.patience.answer, accepted(request)).await?;
        Ok(Box::new(HubFeed {
            response,
            patience: self.patience.line,
            timer: Arc::clone(&self.timer),
            buffer: Vec::new(),
            scanned: 0,
            ended: false,
        }))
    }
}

#[async_trait]
impl Upstream for HubUpstream {
    async fn health(&self) -> Result<Health, UpstreamError> {
        let request = self.client.get(self.path("v1/health")?);
        self.within(self.patience.health, async {
            json(accepted(request).await?).await
        })
        .await
    }

    async fn check_code(
        &self,
        request: &EnrolCheckRequest,
    ) -> Result<EnrolCheckResponse, UpstreamError> {
        self.post_json("v1/devices/enrol/check", request).await
    }

    async fn enrol(&self, request: &EnrolRequest) -> Result<EnrolResponse, UpstreamError> {
        self.post_json("v1/devices/enrol", request).await
    }

    async fn sign_in(&self, request: &SignInRequest) -> Result<Grant, UpstreamError> {
        self.post_json("v1/sessions", request).await
    }

    async fn post(&self, documents: &[Envelope]) -> Result<BatchResult, UpstreamError> {
        self.post_json("v1/documents", &Batch { documents }).await
    }

    async fn changes(&self, after: u64, limit: u32) -> Result<Box<dyn Feed>, UpstreamError> {
        let query = [("after", after.to_string()), ("limit", limit.to_string())];
        self.feed("v1/changes", &query).await
    }

    async fn snapshot(&self) -> Result<Box<dyn Feed>, UpstreamError> {
        self.feed("v1/snapshot", &[]).await
    }
}

/// A `DocumentBatch` that borrows its documents.
#[derive(Serialize)]
struct Batch<'a> {
    documents: &'a [Envelope],
}

/// Sends the request; anything but success becomes an error in the hub's own words.
async fn accepted(request: RequestBuilder) -> Result<Response, UpstreamError> {
    let response = request.send().await.map_err(|error| broken(&error))?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return Err(UpstreamError::TooLarge);
    }
    if status.is_redirection() || status.is_informational() {
        return Err(UpstreamError::Garbage {
            detail: format!("status {}", status.as_u16()),
        });
    }
    let retry_after = retry_after(&response);
    let body = whole_body(response, MAX_ERROR_BYTES)
        .await
        .unwrap_or_default();
    let explained = serde_json::from_slice::<ApiError>(&body)
        .ok()
        .filter(|e| !e.code.is_empty());
    let error = explained.unwrap_or_else(|| {
        let message = format!("The hub answered with an error ({}).", status.as_u16());
        ApiError::new("hub_error", message)
    });
    Err(UpstreamError::refused(status.as_u16(), error, retry_after))
}

/// `Retry-After` in seconds. The other form, a date, would need the hub's clock; it counts as none.
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

async fn json<A: DeserializeOwned>(response: Response) -> Result<A, UpstreamError> {
    let body = whole_body(response, MAX_ANSWER_BYTES).await?;
    serde_json::from_slice(&body).map_err(|error| UpstreamError::Garbage {
        detail: error.to_string(),
    })
}

async fn whole_body(mut response: Response, most: usize) -> Result<Vec<u8>, UpstreamError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        if body.len().saturating_add(chunk.len()) > most {
            return Err(UpstreamError::Garbage {
                detail: format!("more than {most} bytes"),
            });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Which of our errors a failed request is. What matters is whether the hub can have acted on it.
fn broken(error: &reqwest::Error) -> UpstreamError {
    let detail = causes(error);
    if error.is_connect() {
        UpstreamError::Unreachable { detail }
    } else if error.is_timeout() {
        UpstreamError::Timeout
    } else {
        UpstreamError::Lost { detail }
    }
}

/// The error with everything below it: reqwest's own sentence says little.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(below) = cause {
        text.push_str(": ");
        text.push_str(&below.to_string());
        cause = below.source();
    }
    text
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost"
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

/// A response body, line by line.
struct HubFeed {
    response: Response,
    patience: Duration,
    timer: Arc<dyn Timer>,
    buffer: Vec<u8>,
    /// How much of the buffer is known to hold no line end.
    scanned: usize,
    ended: bool,
}

impl HubFeed {
    /// Takes one complete line out of the buffer.
    fn take(&mut self) -> Option<Vec<u8>> {
        let unseen = self.buffer.get(self.scanned..).unwrap_or_default();
        let Some(found) = unseen.iter().position(|byte| *byte == b'\n') else {
            self.scanned = self.buffer.len();
            return None;
        };
        let mut line: Vec<u8> = self
            .buffer
            .drain(..=self.scanned.saturating_add(found))
            .collect();
        self.scanned = 0;
        line.truncate(line.trim_ascii_end().len());
        Some(line)
    }

    async fn read_line(&mut self) -> Result<Option<String>, UpstreamError> {
        loop {
            if let Some(line) = self.take() {
                if line.is_empty() {
                    continue;
                }
                // A line that is no text is still a line: it will be skipped and counted.
                return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
            }
            if self.ended {
                let rest = std::mem::take(&mut self.buffer);
                let rest = String::from_utf8_lossy(rest.trim_ascii()).into_owned();
                self.scanned = 0;
                return Ok(Some(rest).filter(|rest| !rest.is_empty()));
            }
            if self.buffer.len() > MAX_LINE_BYTES {
                let detail = format!("a line of more than {MAX_LINE_BYTES} bytes");
                return Err(UpstreamError::Garbage { detail });
            }
            match self
                .response
                .chunk()
                .await
                .map_err(|error| broken(&error))?
            {
                Some(chunk) => self.buffer.extend_from_slice(&chunk),
                None => self.ended = true,
            }
        }
    }
}

#[async_trait]
impl Feed for HubFeed {
    async fn line(&mut self) -> Result<Option<String>, UpstreamError> {
        let timer = Arc::clone(&self.timer);
        time_limit::within(timer.as_ref(), self.patience, self.read_line())
            .await
            .unwrap_or(Err(UpstreamError::Timeout))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A timer that never moves: nothing here waits.
    struct Standing;

    impl Timer for Standing {
        fn moment(&self) -> Duration {
            Duration::ZERO
        }

        fn sleep_until(&self, _: Duration) -> evertill_core::Sleep {
            Box::pin(std::future::pending())
        }
    }

    fn hub(url: &str) -> Result<HubUpstream, HubUrlError> {
        HubUpstream::new(url, HubPatience::default(), Arc::new(Standing))
    }

    #[test]
    fn a_hub_has_a_web_address_and_nothing_behind_it() {
        for (written, kept) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
            (
                " https://hub.example.org/shop ",
                "https://hub.example.org/shop/",
            ),
            ("http://[::1]:80/", "http://[::1]/"),
        ] {
            let hub = hub(written).expect(written);
            assert_eq!(hub.url(), kept);
        }
        for text in [
            "",
            "hub",
            "ftp://hub",
            "https://",
            "https://hub?x=1",
            "https://hub#x",
        ] {
            let refused = hub(text).expect_err(text);
            assert_eq!(refused.code(), "hub_url_invalid");
        }
    }

    #[test]
    fn the_token_is_never_shown() {
        let hub = hub("http://127.0.0.1:1").expect("an address");
        assert!(!format!("{:?}", hub.with_token("sesame")).contains("sesame"));
    }

    #[test]
    fn loopback_never_goes_through_a_proxy() {
        for (url, expected) in [
            ("http://127.0.0.1:1", true),
            ("http://[::1]:1", true),
            ("http://localhost", true),
            ("http://127.example.org", false),
            ("https://10.0.0.1", false),
        ] {
            assert_eq!(is_loopback(&url.parse().expect(url)), expected, "{url}");
        }
    }
}
