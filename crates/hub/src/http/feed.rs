//! Snapshot and change feed as NDJSON.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use evertill_protocol::{ApiError, FeedLine, NDJSON, VERSION};
use serde::Deserialize;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use utoipa::IntoParams;

use super::auth::Enrolled;
use super::body::Asked;
use super::{AppState, Failure};
use crate::error::HubError;
use crate::repository::{Repository, SnapshotRows};

/// The most changes one page of the feed carries.
const MAX_PAGE: u32 = 5000;
/// Changes of a page if the till does not say.
const USUAL_PAGE: u32 = 1000;
/// Lines are gathered to pieces of about this size.
const PIECE_BYTES: usize = 64 * 1024;
/// Pieces that may wait for a slow reader: with their size, the memory a snapshot takes.
const PIECES: usize = 4;
/// How long a reader may take nothing at all before the snapshot is given up; until then it
/// keeps the write-ahead log from being folded back.
const STALL: Duration = Duration::from_secs(30);
/// How long to wait for a free place to stream from.
const QUEUE: Duration = Duration::from_secs(10);

type Piece = Result<Bytes, std::io::Error>;

/// Everything a till needs to know, in one consistent state.
///
/// NDJSON of `FeedLine`: a header, a change for each record, what others point to first, and an
/// end with the cursor to go on from. Without its end the stream was cut off.
#[utoipa::path(
    get,
    path = "/v1/snapshot",
    tag = "feed",
    security(("device" = [])),
    responses(
        (status = 200, description = "One FeedLine a line.", body = FeedLine,
            content_type = "application/x-ndjson"),
        (status = 401, description = "`device_unknown`", body = ApiError),
        (status = 500, description = "`internal`", body = ApiError),
        (status = 503, description = "`busy`", body = ApiError,
            headers(("Retry-After" = u64, description = "Seconds to wait."))),
    )
)]
pub(crate) async fn snapshot(
    State(desk): State<AppState>,
    _device: Enrolled,
) -> Result<Response, Failure> {
    let place = tokio::time::timeout(QUEUE, desk.snapshots.clone().acquire_owned()).await;
    let Ok(Ok(place)) = place else {
        return Err(HubError::Busy.into());
    };
    let (sender, receiver) = mpsc::channel(PIECES);
    let repository = desk.repository.clone();
    let handle = Handle::current();
    tokio::task::spawn_blocking(move || stream(&repository, sender, handle, place));
    Ok(ndjson(Body::from_stream(ReceiverStream::new(receiver))))
}

/// Which changes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangesQuery {
    /// The cursor: the `cursor` of the end line before, 0 for everything.
    #[param(minimum = 0)]
    after: Option<u64>,
    /// At most so many.
    #[param(minimum = 1, maximum = 5000)]
    limit: Option<u32>,
}

/// What changed after a cursor, tombstones included.
///
/// NDJSON of `FeedLine` like the snapshot; `more` in the end line says whether to ask again at
/// once. A record that changed several times comes once, in its last state.
#[utoipa::path(
    get,
    path = "/v1/changes",
    tag = "feed",
    params(ChangesQuery),
    security(("device" = [])),
    responses(
        (status = 200, description = "One FeedLine a line.", body = FeedLine,
            content_type = "application/x-ndjson"),
        (status = 400, description = "`request_malformed`", body = ApiError),
        (status = 401, description = "`device_unknown`", body = ApiError),
        (status = 409, description = "`cursor_ahead`: load a snapshot", body = ApiError),
        (status = 422, description = "`request_invalid`", body = ApiError),
        (status = 500, description = "`internal`", body = ApiError),
    )
)]
pub(crate) async fn changes(
    State(desk): State<AppState>,
    _device: Enrolled,
    Asked(query): Asked<ChangesQuery>,
) -> Result<Response, Failure> {
    let limit = query.limit.unwrap_or(USUAL_PAGE);
    if limit == 0 || limit > MAX_PAGE {
        return Err(Failure::invalid(format!("limit must be 1 to {MAX_PAGE}.")));
    }
    let after = query.after.unwrap_or_default();
    let page = desk
        .blocking(move |repository| repository.changes(after, limit))
        .await?;
    let records = u64::try_from(page.lines.len()).unwrap_or(u64::MAX);
    let mut text = line(&FeedLine::Header {
        version: VERSION,
        cursor: after,
        records,
    })?;
    for change in &page.lines {
        text.push_str(change);
        text.push('\n');
    }
    text.push_str(&line(&FeedLine::End {
        cursor: page.cursor,
        records,
        more: page.more,
    })?);
    Ok(ndjson(Body::from(text)))
}

fn ndjson(body: Body) -> Response {
    ([(header::CONTENT_TYPE, NDJSON)], body).into_response()
}

fn line(line: &FeedLine) -> Result<String, HubError> {
    Ok(serde_json::to_string(line)? + "\n")
}

/// Reads the snapshot on a thread of its own and hands it over piece by piece. A failure breaks
/// the connection off, so that the reader never takes a part for the whole.
fn stream(
    repository: &Repository,
    sender: mpsc::Sender<Piece>,
    handle: Handle,
    place: OwnedSemaphorePermit,
) {
    let mut pieces = Pieces {
        sender,
        handle,
        gathered: String::new(),
    };
    let sent = repository
        .snapshot(&mut pieces)
        .and_then(|(cursor, records)| {
            pieces.gathered.push_str(&line(&FeedLine::End {
                cursor,
                records,
                more: false,
            })?);
            pieces.send()
        });
    if let Err(error) = sent {
        tracing::warn!(%error, "a snapshot was not sent to its end");
        let broken = std::io::Error::other("the snapshot broke off");
        let _ = pieces.sender.try_send(Err(broken));
    }
    drop(place);
}

struct Pieces {
    sender: mpsc::Sender<Piece>,
    handle: Handle,
    gathered: String,
}

impl Pieces {
    fn send(&mut self) -> Result<(), HubError> {
        let piece = Bytes::from(std::mem::take(&mut self.gathered));
        let send = tokio::time::timeout(STALL, self.sender.send(Ok(piece)));
        match self.handle.block_on(send) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(HubError::Io(std::io::Error::other(
                "the reader went away or stalled",
            ))),
        }
    }
}

impl SnapshotRows for Pieces {
    fn begin(&mut self, cursor: u64, records: u64) -> Result<(), HubError> {
        self.gathered.push_str(&line(&FeedLine::Header {
            version: VERSION,
            cursor,
            records,
        })?);
        Ok(())
    }

    fn row(&mut self, row: &str) -> Result<(), HubError> {
        self.gathered.push_str(row);
        self.gathered.push('\n');
        if self.gathered.len() >= PIECE_BYTES {
            self.send()
        } else {
            Ok(())
        }
    }
}
