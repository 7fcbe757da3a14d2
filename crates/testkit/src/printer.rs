//! A receipt printer on the wire that counts what it prints and behaves as it is told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use evertill_device::{TcpPatience, TcpPrinter};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::reserved_port::ReservedPort;

/// How the printer behaves. [`Printer::switch_off`] is apart: then nobody is there at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrinterBehaviour {
    /// Prints.
    Fine,
    /// Says that it has no paper.
    NoPaper,
    /// Accepts connections and never says anything.
    Silent,
    /// Prints, and takes its time to say so.
    Slow(Duration),
    /// Takes the job, hangs up in the middle of it and prints nothing.
    Vanishes,
    /// Prints, and hangs up before it could say so.
    PrintsAndVanishes,
}

/// What came out of the printer.
#[derive(Clone, PartialEq, Eq)]
pub struct Paper(Vec<u8>);

impl Paper {
    /// Whether these letters stand on it.
    #[must_use]
    pub fn says(&self, text: &str) -> bool {
        self.0
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    }

    /// Whether printing it opened the drawer (`ESC p`).
    #[must_use]
    pub fn opened_drawer(&self) -> bool {
        self.says("\x1bp")
    }

    /// Its printable letters, for a message.
    #[must_use]
    pub fn text(&self) -> String {
        let readable = |byte: &u8| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\n');
        self.0
            .iter()
            .copied()
            .filter(readable)
            .map(char::from)
            .collect()
    }
}

impl std::fmt::Debug for Paper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

/// A printer. Clones are the same printer.
#[derive(Clone)]
pub struct Printer(Arc<Inner>);

struct Inner {
    port: ReservedPort,
    state: Mutex<State>,
}

struct State {
    behaviour: PrinterBehaviour,
    printed: Vec<Paper>,
    visits: usize,
    begun: usize,
}

impl Printer {
    /// A printer that is on and fine.
    #[must_use]
    pub fn new() -> Self {
        let state = State {
            behaviour: PrinterBehaviour::Fine,
            printed: Vec::new(),
            visits: 0,
            begun: 0,
        };
        let printer = Self(Arc::new(Inner {
            port: ReservedPort::new(),
            state: Mutex::new(state),
        }));
        printer.switch_on();
        printer
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.0.port.address()
    }

    /// The till's driver for it, which loses patience soon enough for a test.
    #[must_use]
    pub fn driver(&self) -> Arc<TcpPrinter> {
        let patience = TcpPatience {
            connect: Duration::from_secs(2),
            status: Duration::from_millis(300),
            write: Duration::from_secs(1),
            finish: Duration::from_secs(3),
            trouble: Duration::from_millis(600),
        };
        let address = self.address();
        Arc::new(TcpPrinter::new(
            address.ip().to_string(),
            address.port(),
            patience,
        ))
    }

    /// Nobody accepts connections any more, and those that are there break.
    pub async fn switch_off(&self) {
        self.0.port.close().await;
    }

    /// Whether it is switched off.
    #[must_use]
    pub fn is_off(&self) -> bool {
        !self.0.port.is_open()
    }

    /// On again.
    pub fn switch_on(&self) {
        let inner = Arc::downgrade(&self.0);
        self.0.port.open(move |till| {
            let printer = inner.upgrade().map(Printer);
            async move {
                if let Some(printer) = printer {
                    printer.state().visits += 1;
                    // The till may hang up whenever it likes.
                    drop(printer.serve(till).await);
                }
            }
        });
    }

    /// From now on it behaves so.
    pub fn is(&self, behaviour: PrinterBehaviour) {
        self.state().behaviour = behaviour;
    }

    /// Everything that came out, oldest first.
    #[must_use]
    pub fn printed(&self) -> Vec<Paper> {
        self.state().printed.clone()
    }

    /// What came out with these letters on it.
    #[must_use]
    pub fn printed_with(&self, text: &str) -> Vec<Paper> {
        self.printed()
            .into_iter()
            .filter(|paper| paper.says(text))
            .collect()
    }

    /// How many jobs have arrived whole, printed or not.
    #[must_use]
    pub fn jobs_begun(&self) -> usize {
        self.state().begun
    }

    /// How often somebody connected.
    #[must_use]
    pub fn visits(&self) -> usize {
        self.state().visits
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn behaviour(&self) -> PrinterBehaviour {
        self.state().behaviour
    }

    /// One connection: answers `DLE EOT n` at once and `GS r 1` in its turn, keeps the rest as paper.
    async fn serve(&self, mut till: TcpStream) -> std::io::Result<()> {
        let mut job = Vec::new();
        loop {
            job.push(till.read_u8().await?);
            if let [.., 0x10, 0x04, question @ 1..=4] = job.as_slice() {
                let answer = status(self.behaviour(), *question);
                job.truncate(job.len() - 3);
                if self.behaviour() != PrinterBehaviour::Silent {
                    till.write_u8(answer).await?;
                }
            } else if job.ends_with(&[0x1D, 0x72, 1]) {
                job.truncate(job.len() - 3);
                if !self.finish(&mut till, std::mem::take(&mut job)).await? {
                    return Ok(());
                }
            } else if job.len() > 20 && self.behaviour() == PrinterBehaviour::Vanishes {
                return Ok(());
            }
        }
    }

    /// The whole job is here; false when the printer hangs up.
    async fn finish(&self, till: &mut TcpStream, job: Vec<u8>) -> std::io::Result<bool> {
        let behaviour = self.behaviour();
        self.state().begun += 1;
        if let PrinterBehaviour::Slow(time) = behaviour {
            tokio::time::sleep(time).await;
        }
        self.state().printed.push(Paper(job));
        if behaviour == PrinterBehaviour::PrintsAndVanishes {
            return Ok(false);
        }
        till.write_u8(0x00).await?;
        Ok(true)
    }
}

impl Default for Printer {
    fn default() -> Self {
        Self::new()
    }
}

/// The answer to `DLE EOT n`, after the Epson ESC/POS Command Reference.
fn status(behaviour: PrinterBehaviour, question: u8) -> u8 {
    match (behaviour, question) {
        (PrinterBehaviour::NoPaper, 1) => 0x1A,
        (PrinterBehaviour::NoPaper, 2) => 0x32,
        (PrinterBehaviour::NoPaper, 4) => 0x7E,
        _ => 0x12,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use evertill_core::Coded;
    use evertill_device::Printer as _;

    #[tokio::test]
    async fn the_printer_misbehaves_and_the_driver_notices() {
        let printer = Printer::new();
        let driver = printer.driver();
        let job = b"\x1b@Two rolls and a bun 1.00\n\x1dV\x00";
        // (behaviour, code of the driver's error, pieces of paper)
        let table = [
            (PrinterBehaviour::Fine, None, 1),
            (PrinterBehaviour::NoPaper, Some("printer_paper_out"), 0),
            (PrinterBehaviour::Silent, Some("printer_timeout"), 0),
            (PrinterBehaviour::Slow(Duration::from_millis(50)), None, 1),
            (PrinterBehaviour::Vanishes, Some("printer_unknown"), 0),
            (
                PrinterBehaviour::PrintsAndVanishes,
                Some("printer_unknown"),
                1,
            ),
        ];
        for (behaviour, code, papers) in table {
            printer.is(behaviour);
            let before = printer.printed().len();
            let outcome = driver.print(job).await;
            assert_eq!(
                outcome.as_ref().err().map(Coded::code),
                code,
                "{behaviour:?}"
            );
            assert_eq!(printer.printed().len() - before, papers, "{behaviour:?}");
        }
        printer.is(PrinterBehaviour::Fine);
        printer.switch_off().await;
        let refused = driver.print(job).await.unwrap_err();
        assert_eq!(refused.code(), "printer_unreachable");
        printer.switch_on();
        driver.print(job).await.unwrap();
        assert!(
            printer
                .printed()
                .iter()
                .all(|paper| paper.says("Two rolls and a bun"))
        );
        assert!(!printer.printed()[0].opened_drawer());
    }
}
