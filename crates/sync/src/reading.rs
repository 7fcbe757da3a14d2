//! Reading a snapshot or change feed line by line, and judging it. Pure but for waiting for lines.

use evertill_protocol::{ApiError, Change, FeedLine, VERSION, code};

use crate::upstream::{Feed, UpstreamError};

/// A chunk with more text than this is full, however few its changes.
const MAX_CHUNK_BYTES: usize = 4 * 1024 * 1024;

/// Some changes of a feed, at most as many as fit one transaction.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Chunk {
    /// What can be applied, in the feed's order.
    pub(crate) changes: Vec<Change>,
    /// Lines that are no change and were left out.
    pub(crate) skipped: u64,
    /// Set with the feed's last chunk.
    pub(crate) end: Option<End>,
}

/// How a feed ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    /// From where to go on.
    pub(crate) cursor: u64,
    /// The hub has more already.
    pub(crate) more: bool,
}

/// A feed being read.
pub(crate) struct Reading {
    feed: Box<dyn Feed>,
    /// Records announced in the header, which is the first line.
    announced: Option<u64>,
    records_received: u64,
}

impl Reading {
    pub(crate) fn new(feed: Box<dyn Feed>) -> Self {
        Self {
            feed,
            announced: None,
            records_received: 0,
        }
    }

    /// Records that will come, as far as the hub has said; at least those that came.
    pub(crate) fn total(&self) -> u64 {
        self.announced.unwrap_or(0).max(self.records_received)
    }

    /// Lines received so far, good and bad.
    pub(crate) fn records_received(&self) -> u64 {
        self.records_received
    }

    /// The next chunk. A feed that stops without its end, or whose end counts other lines than came,
    /// is an error: its cursor must not be believed.
    pub(crate) async fn chunk(&mut self, most: usize) -> Result<Chunk, UpstreamError> {
        let mut chunk = Chunk::default();
        let mut bytes = 0_usize;
        while chunk.changes.len() < most && bytes < MAX_CHUNK_BYTES {
            let Some(line) = self.feed.line().await? else {
                return Err(lost("the feed stopped before its end"));
            };
            bytes = bytes.saturating_add(line.len());
            match (FeedLine::parse(&line), self.announced) {
                (Ok(FeedLine::Header { version, .. }), None) if version != VERSION => {
                    return Err(foreign_version(version));
                }
                (Ok(FeedLine::Header { records, .. }), None) => self.announced = Some(records),
                (Ok(FeedLine::Change(change)), Some(_)) => {
                    self.records_received = self.records_received.saturating_add(1);
                    chunk.changes.push(change);
                }
                (
                    Ok(FeedLine::End {
                        cursor,
                        records,
                        more,
                    }),
                    Some(_),
                ) => {
                    if records != self.records_received {
                        let records_received = self.records_received;
                        return Err(lost(&format!(
                            "{records} records sent, {records_received} arrived"
                        )));
                    }
                    chunk.end = Some(End { cursor, more });
                    return Ok(chunk);
                }
                (Err(error), Some(_)) => {
                    tracing::warn!(seq = error.seq, reason = error.reason, "feed line skipped");
                    self.records_received = self.records_received.saturating_add(1);
                    chunk.skipped = chunk.skipped.saturating_add(1);
                }
                (Ok(FeedLine::Header { .. }), Some(_)) => {
                    return Err(garbage("a second header"));
                }
                (_, None) => return Err(garbage("the feed does not begin with its header")),
            }
        }
        Ok(chunk)
    }
}

fn garbage(detail: &str) -> UpstreamError {
    UpstreamError::Garbage {
        detail: detail.to_owned(),
    }
}

fn lost(detail: &str) -> UpstreamError {
    UpstreamError::Lost {
        detail: detail.to_owned(),
    }
}

fn foreign_version(version: u32) -> UpstreamError {
    let message = format!("The hub speaks version {version}, this till version {VERSION}.");
    UpstreamError::refused(200, ApiError::new(code::VERSION_UNSUPPORTED, message), None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use evertill_core::Coded;
    use std::collections::VecDeque;

    struct Script(VecDeque<Result<String, UpstreamError>>);

    #[async_trait]
    impl Feed for Script {
        async fn line(&mut self) -> Result<Option<String>, UpstreamError> {
            self.0.pop_front().transpose()
        }
    }

    const HEADER: &str = r#"{"type":"header","version":1,"cursor":9,"records":2}"#;
    const GONE: &str = r#"{"type":"change","seq":8,"body":{"delete":{"kind":"item","id":"A1"}}}"#;
    const END_TWO: &str = r#"{"type":"end","cursor":9,"records":2,"more":false}"#;

    fn reading(lines: &[&str]) -> Reading {
        let lines = lines.iter().map(|line| Ok((*line).to_owned())).collect();
        Reading::new(Box::new(Script(lines)))
    }

    async fn read(lines: &[&str]) -> Result<(usize, u64, Option<End>), String> {
        let chunk = reading(lines).chunk(1_000).await;
        chunk
            .map(|c| (c.changes.len(), c.skipped, c.end))
            .map_err(|e| e.code().to_owned())
    }

    #[tokio::test]
    async fn a_feed_is_believed_only_from_its_header_to_its_true_end() {
        let end = Some(End {
            cursor: 9,
            more: false,
        });
        let next_version = r#"{"type":"header","version":2,"cursor":9,"records":2}"#;
        type Row<'a> = (&'a [&'a str], Result<(usize, u64, Option<End>), &'a str>);
        let table: [Row<'_>; 10] = [
            (&[HEADER, GONE, GONE, END_TWO], Ok((2, 0, end))),
            (&[HEADER, GONE, "{{{ nonsense", END_TWO], Ok((1, 1, end))),
            (
                &[
                    HEADER,
                    r#"{"type":"change","seq":8,"body":{"upsert":{"kind":"cow"}}}"#,
                    GONE,
                    END_TWO,
                ],
                Ok((1, 1, end)),
            ),
            (&[HEADER, GONE, END_TWO], Err("hub_connection_lost")),
            (&[HEADER, GONE, GONE], Err("hub_connection_lost")),
            (&[], Err("hub_connection_lost")),
            (&[HEADER, HEADER], Err("hub_garbage")),
            (
                &["<html>Welcome to our guest network</html>"],
                Err("hub_garbage"),
            ),
            (&[GONE, END_TWO], Err("hub_garbage")),
            (&[next_version, GONE], Err("version_unsupported")),
        ];
        for (lines, expected) in table {
            assert_eq!(
                read(lines).await,
                expected.map_err(str::to_owned),
                "{lines:#?}"
            );
        }
    }

    #[tokio::test]
    async fn chunks_are_bounded_and_the_total_is_announced() {
        let mut reading = reading(&[HEADER, GONE, GONE, END_TWO]);
        let first = reading.chunk(1).await.expect("a chunk");
        assert_eq!((first.changes.len(), first.end), (1, None));
        assert_eq!((reading.records_received(), reading.total()), (1, 2));
        let second = reading.chunk(1).await.expect("a chunk");
        assert_eq!((second.changes.len(), second.end), (1, None));
        let last = reading.chunk(1).await.expect("a chunk");
        assert_eq!((last.changes.len(), last.end.is_some()), (0, true));
    }
}
