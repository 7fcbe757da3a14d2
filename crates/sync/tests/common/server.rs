//! A TCP server on loopback that speaks HTTP the way it is told to, word for word.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use evertill_protocol::{BatchResult, DocumentBatch, DocumentResult, Outcome};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use super::hub::{end, header};
use super::seconds;

/// What the server does with one request for documents.
#[derive(Debug, Clone)]
pub enum ServerAnswer {
    /// Posts, and answers as it should.
    Well,
    /// Posts, then closes the connection without a byte.
    PostsAndHangsUp,
    /// Posts, sends half of the answer and closes.
    PostsAndHalfAnswers,
    /// Posts, sends the head, and then never anything more, without closing.
    PostsAndFallsSilent,
    /// Drips the answer, one byte now and then.
    Drips,
    /// Answers this, word for word.
    Says(String),
    /// Closes the connection as soon as the request begins.
    SlamsTheDoor,
    /// Answers for ever.
    Floods,
}

#[derive(Default)]
pub struct Server {
    pub answers: Mutex<VecDeque<ServerAnswer>>,
    /// How often each document came.
    history: Mutex<BTreeMap<Uuid, u32>>,
    /// Method, path and headers of every request.
    requests: Mutex<Vec<String>>,
    /// Answer to `GET /v1/changes`, word for word, when not the usual one.
    pub feed: Mutex<Option<String>>,
}

pub fn http(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

impl Server {
    pub async fn start() -> (Arc<Self>, String) {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let server = Arc::new(Self::default());
        let serving = Arc::clone(&server);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = Arc::clone(&serving);
                tokio::spawn(async move { server.serve(stream).await });
            }
        });
        (server, url)
    }

    pub fn will(&self, answers: impl IntoIterator<Item = ServerAnswer>) {
        self.answers.lock().expect("no panic").extend(answers);
    }

    pub fn posted(&self) -> BTreeMap<Uuid, u32> {
        self.history.lock().expect("no panic").clone()
    }

    pub fn requests(&self, beginning: &str) -> Vec<String> {
        let all = self.requests.lock().expect("no panic");
        all.iter()
            .filter(|request| request.starts_with(beginning))
            .cloned()
            .collect()
    }

    /// Answers the requests of one connection until something breaks.
    pub async fn serve(&self, mut stream: TcpStream) -> Option<()> {
        loop {
            let (head, body) = read_request(&mut stream).await?;
            self.requests.lock().expect("no panic").push(head.clone());
            if head.starts_with("POST /v1/documents") {
                let next = self.answers.lock().expect("no panic").pop_front();
                self.documents(&mut stream, next.unwrap_or(ServerAnswer::Well), &body)
                    .await?;
            } else if head.starts_with("GET /v1/changes") {
                let special = self.feed.lock().expect("no panic").clone();
                let after = head
                    .split("after=")
                    .nth(1)?
                    .split('&')
                    .next()?
                    .parse()
                    .ok()?;
                let lines = format!("{}\n{}\n", header(after, 0), end(after, 0, false));
                let usual = http("200 OK", "content-type: application/x-ndjson\r\n", &lines);
                stream
                    .write_all(special.unwrap_or(usual).as_bytes())
                    .await
                    .ok()?;
            } else {
                let body =
                    r#"{"status":"ok","protocol":1,"version":"0","time":"2026-03-02T09:00:00Z"}"#;
                stream
                    .write_all(http("200 OK", "", body).as_bytes())
                    .await
                    .ok()?;
            }
        }
    }

    async fn documents(
        &self,
        stream: &mut TcpStream,
        answer: ServerAnswer,
        body: &[u8],
    ) -> Option<()> {
        let words = match &answer {
            ServerAnswer::Says(words) => words.clone(),
            ServerAnswer::SlamsTheDoor => return None,
            _ => http(
                "200 OK",
                "content-type: application/json\r\n",
                &self.post(body),
            ),
        };
        let bytes = words.as_bytes();
        match answer {
            ServerAnswer::PostsAndHangsUp => None,
            ServerAnswer::PostsAndHalfAnswers => {
                stream.write_all(&bytes[..bytes.len() / 2]).await.ok()?;
                None
            }
            ServerAnswer::PostsAndFallsSilent => {
                stream.write_all(&bytes[..40]).await.ok()?;
                tokio::time::sleep(seconds(60)).await;
                None
            }
            ServerAnswer::Drips => {
                for byte in bytes {
                    stream.write_all(&[*byte]).await.ok()?;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Some(())
            }
            ServerAnswer::Floods => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n[").await.ok()?;
                loop {
                    stream.write_all(&[b' '; 65_536]).await.ok()?;
                }
            }
            _ => stream.write_all(bytes).await.ok(),
        }
    }

    fn post(&self, body: &[u8]) -> String {
        let batch: DocumentBatch = serde_json::from_slice(body).expect("a batch");
        let mut history = self.history.lock().expect("no panic");
        let enter = |document: &evertill_protocol::Envelope| {
            assert!(document.verify_hash(), "the payload arrives byte for byte");
            let times = history.entry(document.key).or_default();
            *times += 1;
            DocumentResult {
                key: document.key,
                outcome: if *times == 1 {
                    Outcome::Accepted
                } else {
                    Outcome::Duplicate
                },
                code: None,
                message: None,
                notes: Vec::new(),
                posted_at: None,
            }
        };
        let results = batch.documents.iter().map(enter).collect();
        serde_json::to_string(&BatchResult { results }).expect("JSON")
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let length = head
        .lines()
        .find_map(|line| {
            line.to_lowercase()
                .strip_prefix("content-length:")
                .map(str::to_owned)
        })
        .map_or(0, |value| value.trim().parse().expect("a length"));
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((head, body))
}
