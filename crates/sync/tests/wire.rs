//! The hub's wire, real: a TCP server on loopback that answers as no server should, and a worker with
//! a real store behind the real HTTP client. Only here time is real, so patience is short.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use std::sync::Arc;
use std::time::{Duration, Instant};

use common::hub::{end, header, list};
use common::server::{Server, ServerAnswer, http};
use common::{Till, seconds, until};
use evertill_core::Coded;
use evertill_protocol::SignInRequest;
use evertill_store::OutboxState;
use evertill_sync::{
    Backoff, HubPatience, HubUpstream, Pace, SyncState, Upstream, UpstreamError, WorkerConfig,
};
use evertill_testkit::WorldClock;
use tokio::net::TcpListener;

fn hub(url: &str) -> HubUpstream {
    let patience = HubPatience {
        connect: seconds(1),
        health: seconds(1),
        answer: Duration::from_millis(1_500),
        line: seconds(1),
    };
    HubUpstream::new(url, patience, Arc::new(WorldClock::default()))
        .expect("an address")
        .with_token("5e5a3e")
}

fn quick() -> WorkerConfig {
    let soon = Backoff {
        first: Duration::from_millis(100),
        most: Duration::from_millis(400),
    };
    let pace = Pace {
        retry: soon,
        probe: soon,
        pull_every: Duration::from_millis(500),
        ..Pace::default()
    };
    WorkerConfig {
        pace,
        ..WorkerConfig::default()
    }
}

fn error(code: &str) -> String {
    format!(r#"{{"code":"{code}","params":{{}},"message":"No."}}"#)
}

#[tokio::test]
async fn whatever_the_wire_does_every_sale_arrives_and_is_posted_once() {
    let table: [(&str, ServerAnswer); 13] = [
        ("lost reply", ServerAnswer::PostsAndHangsUp),
        ("half-closed", ServerAnswer::PostsAndHalfAnswers),
        ("silence", ServerAnswer::PostsAndFallsSilent),
        ("slow loris", ServerAnswer::Drips),
        ("flood", ServerAnswer::Floods),
        ("slammed door", ServerAnswer::SlamsTheDoor),
        (
            "500",
            ServerAnswer::Says(http("500 Internal Server Error", "", &error("internal"))),
        ),
        (
            "500 of a proxy",
            ServerAnswer::Says(http("502 Bad Gateway", "", "<html>nginx</html>")),
        ),
        (
            "garbage",
            ServerAnswer::Says(http("200 OK", "", "{\"results\":[{]")),
        ),
        (
            "wrong content",
            ServerAnswer::Says(http(
                "200 OK",
                "content-type: text/html\r\n",
                "<html>Free Wi-Fi</html>",
            )),
        ),
        (
            "empty list",
            ServerAnswer::Says(http("200 OK", "", "{\"results\":[]}")),
        ),
        (
            "redirect",
            ServerAnswer::Says(http("302 Found", "location: http://127.0.0.1:1/\r\n", "")),
        ),
        (
            "no HTTP",
            ServerAnswer::Says("SSH-2.0-OpenSSH_9.6\r\n\r\n".to_owned()),
        ),
    ];
    for (name, answer) in table {
        let (server, url) = Server::start().await;
        let till = Till::stocked(5);
        let keys = till.sell_many(3);
        server.will([answer.clone(), answer]);
        let handle = till.start_with(quick(), Arc::new(hub(&url)));
        let status = until(&handle, seconds(60), |s| s.acknowledged == 3).await;
        assert_eq!(status.attention, 0, "{name}");
        assert_eq!(server.posted().len(), 3, "{name}");
        assert!(
            keys.iter()
                .all(|key| till.state(*key) == OutboxState::Acknowledged),
            "{name}"
        );
        until(&handle, seconds(20), |s| s.state == SyncState::Synced).await;
        handle.stop().await;
    }
}

#[tokio::test]
async fn a_batch_over_the_hub_s_limit_is_split_on_the_wire_too() {
    let (server, url) = Server::start().await;
    let till = Till::stocked(5);
    till.sell_many(8);
    let too_large = http("413 Payload Too Large", "", &error("body_too_large"));
    server.will([
        ServerAnswer::Says(too_large.clone()),
        ServerAnswer::Says(too_large),
    ]);
    let handle = till.start_with(quick(), Arc::new(hub(&url)));
    until(&handle, seconds(30), |s| s.acknowledged == 8).await;
    assert!(
        server.requests("POST /v1/documents").len() >= 4,
        "8, then 4, then 2 at a time"
    );
    assert_eq!(server.posted().len(), 8);
}

#[tokio::test]
async fn the_token_goes_to_the_hub_and_nowhere_else() {
    let (server, url) = Server::start().await;
    let (other, other_url) = Server::start().await;
    let moved = format!("location: {other_url}/v1/documents\r\n");
    server.will([ServerAnswer::Says(http(
        "307 Temporary Redirect",
        &moved,
        "",
    ))]);
    let till = Till::stocked(5);
    till.sell();
    let handle = till.start_with(quick(), Arc::new(hub(&url)));
    until(&handle, seconds(30), |s| s.acknowledged == 1).await;
    let posts = server.requests("POST /v1/documents");
    assert!(
        posts
            .iter()
            .all(|head| head.contains("authorization: Bearer 5e5a3e")),
        "{posts:?}"
    );
    assert!(other.requests("").is_empty(), "no redirect is followed");
}

#[tokio::test]
async fn refusals_keep_the_hub_s_words_and_its_wish_for_time() {
    let (server, url) = Server::start().await;
    let hub = hub(&url);
    let says = |status: &str, headers: &str, body: &str| {
        server.will([ServerAnswer::Says(http(status, headers, body))]);
    };
    let refusal = |error: UpstreamError| match error {
        UpstreamError::Status {
            status,
            code,
            retry_after,
            ..
        } => (status, code, retry_after),
        other => panic!("{other:?}"),
    };
    says("401 Unauthorized", "", &error("device_unknown"));
    let refused = hub.post(&[]).await.expect_err("refused");
    assert_eq!(refusal(refused), (401, "device_unknown".to_owned(), None));

    says(
        "429 Too Many Requests",
        "retry-after: 17\r\n",
        &error("too_many_attempts"),
    );
    let refused = hub.post(&[]).await.expect_err("refused");
    assert_eq!(
        refusal(refused),
        (429, "too_many_attempts".to_owned(), Some(seconds(17)))
    );

    says(
        "503 Service Unavailable",
        "retry-after: Mon, 02 Mar 2026 09:00:00 GMT\r\n",
        "busy",
    );
    let refused = hub.post(&[]).await.expect_err("refused");
    assert_eq!(refusal(refused), (503, "hub_error".to_owned(), None));
}

#[tokio::test]
async fn nobody_listening_is_unreachable_and_nobody_answering_is_a_timeout() {
    let listener = TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    let started = Instant::now();
    let silent = hub(&url).health().await.expect_err("no answer");
    assert_eq!(silent.code(), "hub_timeout");
    assert!(started.elapsed() < seconds(10));
    drop(listener);

    let gone = hub(&url).health().await.expect_err("nobody");
    assert_eq!(gone.code(), "hub_unreachable");
    let request = SignInRequest {
        user: "ana".into(),
        password: "secret".to_owned(),
    };
    let gone = hub(&url).sign_in(&request).await.expect_err("nobody");
    let fault = evertill_core::Fault::from(gone);
    assert_eq!(fault.code, "hub_unreachable");
    assert!(!fault.params["detail"].is_empty() && !format!("{fault:?}").contains("secret"));
}

#[tokio::test]
async fn a_feed_is_read_line_by_line_however_it_is_cut() {
    let (server, url) = Server::start().await;
    let lines = [
        header(9, 2),
        String::new(),
        list(8),
        "{{{".to_owned(),
        end(9, 2, false),
    ];
    let whole = lines.join("\r\n");
    // In chunks of three bytes, without a line end at the end.
    let chunks: String = whole
        .as_bytes()
        .chunks(3)
        .map(|chunk| {
            format!(
                "{:x}\r\n{}\r\n",
                chunk.len(),
                String::from_utf8_lossy(chunk)
            )
        })
        .collect();
    let chunked =
        |tail: &str| format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}{tail}");
    *server.feed.lock().expect("no panic") = Some(chunked("0\r\n\r\n"));
    let mut feed = hub(&url).changes(5, 1_000).await.expect("a feed");
    let mut lines_read = Vec::new();
    while let Some(line) = feed.line().await.expect("a line") {
        lines_read.push(line);
    }
    assert_eq!(lines_read.len(), 4);
    assert_eq!(
        (lines_read[0].as_str(), lines_read[3].as_str()),
        (lines[0].as_str(), lines[4].as_str())
    );
    assert_eq!(
        server.requests("GET /v1/changes?after=5&limit=1000").len(),
        1
    );

    // The same, but the connection stays silent before the last chunk says that it is the last.
    *server.feed.lock().expect("no panic") = Some(chunked(""));
    let mut feed = hub(&url).changes(5, 1_000).await.expect("a feed");
    let mut last = feed.line().await;
    while let Ok(Some(_)) = last {
        last = feed.line().await;
    }
    assert_eq!(last.expect_err("cut").code(), "hub_timeout");

    // A line without an end fills no memory.
    let endless = "x".repeat(3 * 1024 * 1024);
    *server.feed.lock().expect("no panic") = Some(http("200 OK", "", &endless));
    let mut feed = hub(&url).changes(5, 1_000).await.expect("a feed");
    assert_eq!(
        feed.line().await.expect_err("too long").code(),
        "hub_garbage"
    );
}

#[tokio::test]
async fn a_hub_that_stops_and_starts_again_is_found_again() {
    let (server, url) = Server::start().await;
    let port: u16 = url
        .rsplit(':')
        .next()
        .expect("a port")
        .parse()
        .expect("a port");
    let till = Till::stocked(5);
    // A port where nobody listens yet.
    let spare = TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a free port");
    let address = spare.local_addr().expect("its address");
    drop(spare);
    assert_ne!(address.port(), port);
    let key = till.sell();
    let handle = till.start_with(quick(), Arc::new(hub(&format!("http://{address}"))));
    let away = until(&handle, seconds(20), |s| s.state == SyncState::Offline).await;
    assert_eq!(away.problem.expect("a reason").code, "hub_unreachable");

    let listener = TcpListener::bind(address).await.expect("the same port");
    let serving = Arc::clone(&server);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let server = Arc::clone(&serving);
            tokio::spawn(async move { server.serve(stream).await });
        }
    });
    until(&handle, seconds(20), |s| {
        s.state == SyncState::Synced && s.acknowledged == 1
    })
    .await;
    assert_eq!(server.posted().get(&key), Some(&1));
}
