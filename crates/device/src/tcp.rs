//! A receipt printer on the network (raw TCP, usually port 9100).
//!
//! # How we know that it printed
//! 1. *Before*: connect and ask `DLE EOT 1..4`. If it has no paper, an open cover or no answer,
//!    nothing has been sent and the job can safely be tried again.
//! 2. *The job*, followed by `GS r 1`, which the printer answers when it has worked through
//!    everything before it.
//! 3. *After*: wait for that answer and ask `DLE EOT` meanwhile. A slow printer gets the time that
//!    [`TcpPatience::finish`] allows; one that stops for paper or cover gets
//!    [`TcpPatience::trouble`], since somebody may be changing the roll.
//!
//! If step 2 or 3 fails, the outcome is *unknown*: the printer may still hold the job in its buffer
//! and print it when the paper is back. It is not sent again by itself; the receipt is shown as
//! `printer_unknown` and a person prints a copy, marked as one, if none came out.

use std::io;
use std::time::Duration;

use async_trait::async_trait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout, timeout_at};

use crate::status::{ASK_STATUS, ASK_WHEN_DONE, Answer, STATUS_ANSWERS};
use crate::{PrintError, Printer, PrinterStatus};

/// How long each step may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TcpPatience {
    /// To accept the connection.
    pub connect: Duration,
    /// To answer a status question.
    pub status: Duration,
    /// To take more bytes when its buffer is full.
    pub write: Duration,
    /// From the last byte of the job to its confirmation.
    pub finish: Duration,
    /// With paper out, cover open or a fault in the middle of a job.
    pub trouble: Duration,
}

impl Default for TcpPatience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            status: Duration::from_secs(2),
            write: Duration::from_secs(10),
            finish: Duration::from_secs(30),
            trouble: Duration::from_secs(8),
        }
    }
}

/// How often a printer that is busy with a job is asked how it is.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// A receipt printer behind a TCP port. One connection a job; jobs and questions take turns, since
/// most printers serve one connection at a time.
#[derive(Debug)]
pub struct TcpPrinter {
    host: String,
    port: u16,
    patience: TcpPatience,
    busy: Mutex<()>,
}

impl TcpPrinter {
    /// The printer at `host` and `port`. Nothing is opened yet.
    #[must_use]
    pub fn new(host: impl Into<String>, port: u16, patience: TcpPatience) -> Self {
        Self {
            host: host.into(),
            port,
            patience,
            busy: Mutex::new(()),
        }
    }

    fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    fn timed_out(&self) -> PrintError {
        PrintError::Timeout {
            address: self.address(),
        }
    }

    fn broken(&self, error: &io::Error) -> PrintError {
        PrintError::Unreachable {
            address: self.address(),
            detail: error.to_string(),
        }
    }

    async fn connect(&self) -> Result<TcpStream, PrintError> {
        let connecting = TcpStream::connect((self.host.as_str(), self.port));
        let stream = timeout(self.patience.connect, connecting)
            .await
            .map_err(|_elapsed| self.timed_out())?
            .map_err(|error| self.broken(&error))?;
        // Status questions are three bytes long and must not wait for company.
        stream
            .set_nodelay(true)
            .map_err(|error| self.broken(&error))?;
        Ok(stream)
    }

    /// Asks all four questions and reads the four answers.
    async fn ask(&self, stream: &mut TcpStream) -> Result<PrinterStatus, PrintError> {
        let asking = async {
            stream.write_all(&ASK_STATUS).await?;
            let mut answers = StatusAnswers::default();
            loop {
                if let Answer::Realtime(byte) = Answer::of(stream.read_u8().await?)
                    && let Some(status) = answers.take(byte)
                {
                    return Ok::<_, io::Error>(status);
                }
            }
        };
        timeout(self.patience.status, asking)
            .await
            .map_err(|_elapsed| self.timed_out())?
            .map_err(|error| self.broken(&error))
    }

    /// Hands the whole job over. Before its first byte is taken a failure is harmless.
    async fn send(&self, stream: &mut TcpStream, job: &[u8]) -> Result<(), PrintError> {
        let mut rest = job;
        while !rest.is_empty() {
            let failure = match timeout(self.patience.write, stream.write(rest)).await {
                Ok(Ok(taken)) if taken > 0 => {
                    rest = rest.get(taken..).unwrap_or_default();
                    continue;
                }
                Ok(Ok(_)) => self.broken(&io::ErrorKind::WriteZero.into()),
                Ok(Err(error)) => self.broken(&error),
                Err(_elapsed) => self.timed_out(),
            };
            let untouched = rest.len() == job.len();
            return Err(if untouched {
                failure
            } else {
                failure.after_sending()
            });
        }
        Ok(())
    }

    /// Waits for the answer to `GS r 1`, asking how the printer is in the meantime.
    async fn confirmed(&self, stream: &mut TcpStream) -> Result<(), PrintError> {
        let give_up = Instant::now() + self.patience.finish;
        let mut trouble: Option<(PrintError, Instant)> = None;
        let mut answers = StatusAnswers::default();
        let mut ask_next = Instant::now() + ASK_EVERY;
        loop {
            let now = Instant::now();
            if now >= give_up {
                return Err(trouble.map_or_else(|| self.timed_out(), |(problem, _)| problem));
            }
            if let Some((problem, since)) = &trouble
                && now >= *since + self.patience.trouble
            {
                return Err(problem.clone());
            }
            match timeout_at(ask_next.min(give_up), stream.read_u8()).await {
                Ok(Ok(byte)) => match Answer::of(byte) {
                    Answer::Done => return Ok(()),
                    Answer::Realtime(byte) => {
                        if let Some(status) = answers.take(byte) {
                            trouble = match (status.problem(), trouble) {
                                (Some(problem), Some((_, since))) => Some((problem, since)),
                                (Some(problem), None) => Some((problem, Instant::now())),
                                (None, _) => None,
                            };
                        }
                    }
                    Answer::Other => {}
                },
                Ok(Err(error)) => return Err(self.broken(&error)),
                Err(_elapsed) => {
                    ask_next = Instant::now() + ASK_EVERY;
                    // Answers to an earlier question may still be on their way: a second question
                    // on top of them would shift the four bytes.
                    if answers.is_complete() {
                        self.send(stream, &ASK_STATUS).await?;
                        answers.expect_four();
                    }
                }
            }
        }
    }
}

/// Collects the four answers to one round of questions.
#[derive(Debug, Default)]
struct StatusAnswers {
    taken: Vec<u8>,
    asked: bool,
}

impl StatusAnswers {
    /// True when no answer is outstanding.
    fn is_complete(&self) -> bool {
        !self.asked
    }

    fn expect_four(&mut self) {
        self.taken.clear();
        self.asked = true;
    }

    /// Takes one answer; the fourth one makes a status.
    fn take(&mut self, byte: u8) -> Option<PrinterStatus> {
        self.taken.push(byte);
        let four: [u8; STATUS_ANSWERS] = self.taken.as_slice().try_into().ok()?;
        self.taken.clear();
        self.asked = false;
        Some(PrinterStatus::from_answers(four))
    }
}

#[async_trait]
impl Printer for TcpPrinter {
    async fn print(&self, job: &[u8]) -> Result<(), PrintError> {
        let _one_at_a_time = self.busy.lock().await;
        let mut stream = self.connect().await?;
        if let Some(problem) = self.ask(&mut stream).await?.problem() {
            return Err(problem);
        }
        let mut bytes = Vec::with_capacity(job.len() + ASK_WHEN_DONE.len());
        bytes.extend_from_slice(job);
        bytes.extend_from_slice(&ASK_WHEN_DONE);
        self.send(&mut stream, &bytes).await?;
        let confirmed = self.confirmed(&mut stream).await;
        if let Err(error) = &confirmed {
            tracing::warn!(%error, address = %self.address(), "a print job was not confirmed");
        }
        confirmed.map_err(PrintError::after_sending)?;
        // The answer is in, so nothing is lost if the printer has closed its side already.
        let _already_closed = stream.shutdown().await;
        Ok(())
    }

    async fn status(&self) -> Result<PrinterStatus, PrintError> {
        let _one_at_a_time = self.busy.lock().await;
        let mut stream = self.connect().await?;
        self.ask(&mut stream).await
    }
}
