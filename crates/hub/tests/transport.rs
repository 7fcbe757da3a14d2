//! Everything that is not quite HTTP, not quite JSON or not quite finished.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story stops where it goes wrong"
)]

mod support;

use std::time::Duration;

use evertill_protocol::{ApiError, Health, MAX_BODY_BYTES, Outcome, code};
use reqwest::{Method, StatusCode};
use support::{World, opening_time, refusal};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn health_tells_version_and_time() {
    let world = World::open().await;
    let health: Health = world
        .http
        .get(world.url("/v1/health"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        (health.status.as_str(), health.protocol),
        ("ok", evertill_protocol::VERSION)
    );
    assert_eq!(health.time, opening_time());
    world.hub.stop().await;
}

/// Method, path, media type, body; then the status and the code it must be answered with.
const REFUSALS: &str = r#"
GET    | /               |                  |                 | 404 | not_found
GET    | /v1/nothing     |                  |                 | 404 | not_found
GET    | /v1/documents/  |                  |                 | 404 | not_found
GET    | /v2/health      |                  |                 | 400 | version_unsupported
POST   | /v0/documents   | application/json | {}              | 400 | version_unsupported
DELETE | /v1/documents   |                  |                 | 405 | method_not_allowed
TRACE  | /v1/health      |                  |                 | 405 | method_not_allowed
POST   | /v1/documents   |                  | {}              | 415 | media_type_unsupported
POST   | /v1/documents   | text/html        | {}              | 415 | media_type_unsupported
POST   | /v1/documents   | application/json |                 | 400 | request_malformed
POST   | /v1/documents   | application/json | {"documents":[} | 400 | request_malformed
POST   | /v1/documents   | application/json | \u0000          | 400 | request_malformed
POST   | /v1/documents   | application/json | [[]]            | 422 | request_invalid
POST   | /v1/documents   | application/json | {}              | 422 | request_invalid
POST   | /v1/documents   | application/json | {"documents":1} | 422 | request_invalid
"#;

#[tokio::test]
async fn every_refusal_is_an_api_error() {
    let world = World::open().await;
    let till = world.till().await;
    let mut rows = 0;
    for row in REFUSALS.trim().lines() {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [method, path, media_type, body, status, code] = cells[..] else {
            panic!("{row}")
        };
        let method: Method = method.parse().unwrap();
        let mut request = world
            .http
            .request(method, world.url(path))
            .bearer_auth(&till.enrolled.token)
            .body(body.to_owned());
        if !media_type.is_empty() {
            request = request.header("content-type", media_type);
        }
        let answer = request.send().await.unwrap();
        let allow = answer.headers().get("allow").is_some();
        let (got, error) = refusal(answer).await;
        assert_eq!((got.as_str(), error.code.as_str()), (status, code), "{row}");
        assert_eq!(allow, status == "405", "{row}: says what is allowed");
        assert!(error.message.ends_with('.'), "{}", error.message);
        rows += 1;
    }
    assert_eq!(rows, 15);
    world.hub.stop().await;
}

#[tokio::test]
async fn nesting_without_end_neither_overflows_nor_blocks() {
    let world = World::open().await;
    let till = world.till().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let (status, _) = till.post_text(deep.clone()).await.unwrap_err();
    assert!(status.is_client_error());
    let good = serde_json::to_string(&till.envelope(&till.invoice())).unwrap();
    let body = format!(r#"{{"documents":[{deep},{good}]}}"#);
    let result = till.post_text(body).await.unwrap();
    assert_eq!(result.results[0].outcome, Outcome::Rejected);
    assert_eq!(result.results[1].outcome, Outcome::Accepted);
    world.hub.stop().await;
}

#[tokio::test]
async fn a_body_over_eight_mebibytes_is_refused_in_words() {
    let world = World::open().await;
    let till = world.till().await;
    let padded = |length: usize| {
        let mut body = r#"{"documents":[]"#.to_owned();
        body.push_str(&" ".repeat(length - body.len() - 1));
        body.push('}');
        body
    };
    let fits = till.post_text(padded(MAX_BODY_BYTES)).await.unwrap();
    assert!(fits.results.is_empty());
    for length in [
        MAX_BODY_BYTES + 1,
        MAX_BODY_BYTES + 1_000_000,
        2 * MAX_BODY_BYTES,
    ] {
        let (status, error) = till.post_text(padded(length)).await.unwrap_err();
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(error.code, code::BODY_TOO_LARGE);
        assert_eq!(error.params["limit"], MAX_BODY_BYTES.to_string());
    }
    // A stranger's megabytes are not even read.
    let stranger = world
        .http
        .post(world.url("/v1/documents"))
        .header("content-type", "application/json")
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(stranger.headers()["www-authenticate"], "Bearer");
    let (status, error) = refusal(stranger).await;
    assert_eq!(
        (status, error.code.as_str()),
        (StatusCode::UNAUTHORIZED, code::DEVICE_UNKNOWN)
    );
    world.hub.stop().await;
}

/// Sends `request` as it stands and reads until the hub closes.
async fn raw(world: &World, request: &str) -> String {
    let mut stream = TcpStream::connect(world.hub.addr).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    tokio::time::timeout(Duration::from_secs(10), read)
        .await
        .expect("the hub closes")
        .unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_half_written_request_ends_by_itself_and_posts_nothing() {
    let world = World::open_with(Duration::from_millis(300)).await;
    let till = world.till().await;
    let envelope = serde_json::to_string(&till.envelope(&till.invoice())).unwrap();
    let body = format!(r#"{{"documents":[{envelope}]}}"#);
    let head = format!(
        "POST /v1/documents HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\n\
         Authorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
        till.enrolled.token,
        body.len()
    );
    // The body stops halfway and the line stays open: told so in words.
    let answer = raw(&world, &format!("{head}{}", &body[..body.len() / 2])).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    let json = answer.split("\r\n\r\n").nth(1).unwrap();
    let error: ApiError = serde_json::from_str(json).unwrap();
    assert_eq!(error.code, code::REQUEST_TIMEOUT);

    // The head stops halfway: closed.
    raw(&world, &head[..head.len() / 2]).await;
    // Nothing at all: closed.
    raw(&world, "").await;
    // Not HTTP: refused, never a page.
    let answer = raw(&world, "\u{16}\u{3}\u{1} not http at all\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(!answer.to_lowercase().contains("<html"), "{answer}");

    // Cut off by the other side.
    let mut stream = TcpStream::connect(world.hub.addr).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body.as_bytes()[..20]).await.unwrap();
    drop(stream);

    assert_eq!(world.hub.repository().report(false).unwrap().sales, 0);
    let whole = till.post_text(body).await.unwrap();
    assert_eq!(
        whole.results[0].outcome,
        Outcome::Accepted,
        "and the hub is well"
    );
    world.hub.stop().await;
}

#[tokio::test]
async fn stopping_lets_a_request_finish_and_takes_no_more() {
    let world = World::open().await;
    let till = world.till().await;
    let envelope = serde_json::to_string(&till.envelope(&till.invoice())).unwrap();
    let body = format!(r#"{{"documents":[{envelope}]}}"#);
    let head = format!(
        "POST /v1/documents HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\n\
         Authorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
        till.enrolled.token,
        body.len()
    );
    let (first, second) = body.split_at(body.len() / 2);
    let mut stream = TcpStream::connect(world.hub.addr).await.unwrap();
    // The hub says that it reads the body before any of it is sent.
    let expecting = head.replacen("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n", 1);
    stream.write_all(expecting.as_bytes()).await.unwrap();
    let mut told = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut told).await.unwrap();
    assert!(told.starts_with(b"HTTP/1.1 100 "), "{told:?}");
    stream.write_all(first.as_bytes()).await.unwrap();
    // Idle after an answer, and must not keep the hub from stopping.
    let mut idle = TcpStream::connect(world.hub.addr).await.unwrap();
    let health = b"GET /v1/health HTTP/1.1\r\nHost: hub\r\n\r\n";
    idle.write_all(health).await.unwrap();
    idle.read_u8().await.unwrap();

    let addr = world.hub.addr;
    let begun = std::time::Instant::now();
    let stop = tokio::spawn(world.hub.stop());
    let refused = async { while TcpStream::connect(addr).await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(10), refused)
        .await
        .expect("no new connections");
    stream.write_all(second.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("\"accepted\""), "{answer}");
    stop.await.unwrap();
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    drop(idle);
}

#[tokio::test]
async fn the_description_is_served_and_is_what_was_agreed() {
    let world = World::open().await;
    let served: serde_json::Value = world
        .http
        .get(world.url("/openapi.json"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let text = evertill_hub::openapi_json().unwrap() + "\n";
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&text).unwrap(),
        served
    );
    // Run with UPDATE_EXPECT=1 after a wanted change, and read the difference.
    expect_test::expect_file!["../openapi.json"].assert_eq(&text);
    world.hub.stop().await;
}
