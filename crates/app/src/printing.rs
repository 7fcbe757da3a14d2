//! Printing in the background: a sale never waits for paper.
//!
//! One worker prints what waits, oldest first. A printer that is off, out of paper or slow only
//! makes the receipts wait: the worker tries again with growing pauses, and at once when something
//! new is to be printed. Only a job that may already be on paper is not tried again by itself,
//! because a second one would be a copy that nobody marked as one.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use evertill_core::{Coded, Fault};
use evertill_device::{PrintError, Printer, PrinterAddress};
use evertill_receipt::{CodePage, Paper, Receipt, escpos_bytes, layout};
use evertill_store::{PrintResult, Store};
use evertill_sync::Backoff;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::config::PrinterChoice;
use crate::fault::AppError;
use crate::receipt;
use crate::till::Till;
use crate::types::{Event, PaperWidth, PrinterKind};

/// Between tries: soon at first, for paper is quickly put in, and then not so often.
const PAUSES: Backoff = Backoff {
    first: Duration::from_millis(500),
    most: Duration::from_secs(15),
};

/// In the store: the receipt is being sent to the printer at this moment.
pub(crate) const UNDER_WAY: &str = "printing";

/// Where the setting lies in the store.
const SETTING: &str = "printer";

/// The printer as an administrator set it up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PrinterSetting {
    pub(crate) kind: PrinterKind,
    pub(crate) address: String,
    pub(crate) paper: PaperWidth,
}

/// What the till last heard of the printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LastPrintOutcome {
    Nothing,
    Printed,
    Problem(PrintError),
}

/// The printer and what is known of it.
pub(crate) struct Printing {
    now: RwLock<PrinterSnapshot>,
    wake: Notify,
    /// Copies somebody asked for. Not in the store: after a restart they can be asked for again.
    copies: Mutex<VecDeque<Uuid>>,
}

#[derive(Clone)]
pub(crate) struct PrinterSnapshot {
    pub(crate) setting: PrinterSetting,
    pub(crate) last_outcome: LastPrintOutcome,
    driver: Arc<dyn Printer>,
}

impl Printing {
    /// The printer that was chosen at the start, else the one in the store.
    pub(crate) fn open(store: &Store, choice: &PrinterChoice) -> Result<Self, Fault> {
        give_up_interrupted(store)?;
        let stored: PrinterSetting = store.setting(SETTING)?.unwrap_or_default();
        let (setting, driver) = match choice {
            PrinterChoice::Stored => {
                // An address that no longer parses must not keep the till shut.
                let address = address_of(&stored).unwrap_or_default();
                (stored, address.printer())
            }
            PrinterChoice::Address(address) => {
                (setting_of(address, stored.paper), address.printer())
            }
            PrinterChoice::Driver(driver) => {
                let setting = PrinterSetting {
                    kind: PrinterKind::Tcp,
                    address: "driver".to_owned(),
                    paper: stored.paper,
                };
                (setting, Arc::clone(driver))
            }
        };
        let now = PrinterSnapshot {
            setting,
            last_outcome: LastPrintOutcome::Nothing,
            driver,
        };
        Ok(Self {
            now: RwLock::new(now),
            wake: Notify::new(),
            copies: Mutex::default(),
        })
    }

    pub(crate) fn now(&self) -> PrinterSnapshot {
        self.now
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Uses another printer from now on and remembers it.
    pub(crate) fn change(&self, store: &Store, setting: PrinterSetting) -> Result<(), Fault> {
        let address = address_of(&setting)?;
        store.set_setting(SETTING, &setting)?;
        let now = PrinterSnapshot {
            setting,
            last_outcome: LastPrintOutcome::Nothing,
            driver: address.printer(),
        };
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = now;
        self.wake();
        Ok(())
    }

    /// Something is to be printed, or worth another try.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Prints a copy as soon as the first receipts are out.
    pub(crate) fn copy(&self, invoice: Uuid) {
        let mut copies = self.copies();
        if !copies.contains(&invoice) {
            copies.push_back(invoice);
        }
        drop(copies);
        self.wake();
    }

    /// Whether a copy of this receipt is wanted and not out yet.
    pub(crate) fn is_copying(&self, invoice: &Uuid) -> bool {
        self.copies().contains(invoice)
    }

    fn next_copy(&self) -> Option<Uuid> {
        self.copies().front().copied()
    }

    fn copy_done(&self, invoice: &Uuid) {
        self.copies().retain(|copy| copy != invoice);
    }

    fn copies(&self) -> MutexGuard<'_, VecDeque<Uuid>> {
        self.copies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record_outcome(&self, last_outcome: LastPrintOutcome) {
        self.now
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .last_outcome = last_outcome;
    }
}

fn address_of(setting: &PrinterSetting) -> Result<PrinterAddress, Fault> {
    let address = setting.address.trim();
    let wrong = || AppError::PrinterAddressInvalid {
        address: address.to_owned(),
    };
    match setting.kind {
        PrinterKind::None => Ok(PrinterAddress::None),
        PrinterKind::File if address.is_empty() => Err(wrong().into()),
        PrinterKind::File => Ok(PrinterAddress::File(address.into())),
        PrinterKind::Tcp => match address.parse::<PrinterAddress>()? {
            tcp @ PrinterAddress::Tcp { .. } => Ok(tcp),
            PrinterAddress::None | PrinterAddress::File(_) => Err(wrong().into()),
        },
    }
}

fn setting_of(address: &PrinterAddress, paper: PaperWidth) -> PrinterSetting {
    let (kind, text) = match address {
        PrinterAddress::None => (PrinterKind::None, String::new()),
        PrinterAddress::Tcp { .. } => (
            PrinterKind::Tcp,
            address.to_string().trim_start_matches("tcp://").to_owned(),
        ),
        PrinterAddress::File(path) => (PrinterKind::File, path.display().to_string()),
    };
    PrinterSetting {
        kind,
        address: text,
        paper,
    }
}

/// The worker. Ends when the till stops, after the job that is on its way.
pub(crate) async fn run(till: Till, mut stop: watch::Receiver<bool>) {
    let mut failures = 0_u32;
    loop {
        if *stop.borrow_and_update() {
            return;
        }
        match print_waiting(&till, &stop).await {
            Ok(Round::Done) => failures = 0,
            Ok(Round::PrinterAway) => failures = failures.saturating_add(1),
            Err(fault) => {
                tracing::error!(code = %fault.code, message = %fault.message, "cannot read the print queue");
                failures = failures.saturating_add(1);
            }
        }
        tokio::select! {
            biased;
            _ = stop.changed() => return,
            () = till.printing().wake.notified() => {}
            () = pause_after(&till, failures) => {}
        }
    }
}

/// Waits after so many failures in a row, or for ever when there is nothing to try again.
async fn pause_after(till: &Till, failures: u32) {
    match failures {
        0 => std::future::pending().await,
        _ => till.sleep(PAUSES.delay(failures, till.random())).await,
    }
}

/// How a round over the queue ended.
enum Round {
    Done,
    PrinterAway,
}

async fn print_waiting(till: &Till, stop: &watch::Receiver<bool>) -> Result<Round, Fault> {
    while !*stop.borrow() {
        let Some(job) = till.blocking(next_job).await? else {
            return Ok(Round::Done);
        };
        let outcome = till.printing().now().driver.print(&job.bytes).await;
        // Without a printer nothing gets better by waiting; after an unknown outcome a person has
        // to look first.
        let waits =
            matches!(&outcome, Err(error) if error.retry_is_safe() && *error != PrintError::None);
        till.printing().record_outcome(match &outcome {
            Ok(()) => LastPrintOutcome::Printed,
            Err(error) => LastPrintOutcome::Problem(error.clone()),
        });
        if job.copy && !waits {
            till.printing().copy_done(&job.invoice);
        }
        till.blocking(move |till| keep(till, &job, outcome, waits))
            .await?;
        if waits {
            return Ok(Round::PrinterAway);
        }
    }
    Ok(Round::Done)
}

/// Notes that bytes are about to be sent, so that a till that dies now knows it afterwards.
fn mark_under_way(till: &Till, invoice: &Uuid) -> Result<(), Fault> {
    let (code, message) = (UNDER_WAY.to_owned(), String::new());
    Ok(till
        .store()
        .mark_receipt(invoice, &PrintResult::Waiting { code, message })?)
}

/// Receipts that were on their way when the till died may be on paper: a person has to look.
fn give_up_interrupted(store: &Store) -> Result<(), Fault> {
    for row in store.receipts_waiting()? {
        if row.last_code.as_deref() == Some(UNDER_WAY) {
            let error = PrintError::Unknown {
                cause: Box::new(PrintError::Off),
            };
            let (code, message) = (error.code().to_owned(), error.to_string());
            store.mark_receipt(&row.invoice, &PrintResult::Failed { code, message })?;
        }
    }
    Ok(())
}

/// Writes down what came of a job and tells the window.
fn keep(till: &Till, job: &Job, outcome: Result<(), PrintError>, waits: bool) -> Result<(), Fault> {
    let invoice = &job.invoice;
    let result = match outcome {
        Ok(()) => PrintResult::Printed,
        Err(error) => {
            let (code, message) = (error.code().to_owned(), error.to_string());
            if waits {
                PrintResult::Waiting { code, message }
            } else {
                PrintResult::Failed { code, message }
            }
        }
    };
    note(till, invoice, job.copy, &result)?;
    let print = receipt::view_of(till, invoice)?;
    till.tell(Event::PrintChanged {
        invoice_id: invoice.to_string(),
        print,
    });
    Ok(())
}

/// Writes down the result of a job. What keeps a copy from coming out says nothing of a first print
/// that may be on paper: written down, it would let that print again without the mark.
fn note(till: &Till, invoice: &Uuid, copy: bool, result: &PrintResult) -> Result<(), Fault> {
    if copy && *result != PrintResult::Printed {
        let row = till.store().receipt(invoice)?;
        if row.is_none_or(|row| row.copies == 0) {
            return Ok(());
        }
    }
    Ok(till.store().mark_receipt(invoice, result)?)
}

/// What goes to the printer next.
struct Job {
    invoice: Uuid,
    copy: bool,
    bytes: Vec<u8>,
}

/// The oldest receipt that waits; copies come after all first receipts. One that cannot be laid out
/// is given up, so that it holds up no other.
fn next_job(till: &Till) -> Result<Option<Job>, Fault> {
    while let Some((invoice, copy)) = next_key(till)? {
        match laid_out(till, &invoice, copy) {
            Ok(bytes) => {
                if !copy && till.printing().now().setting.kind != PrinterKind::None {
                    mark_under_way(till, &invoice)?;
                }
                let job = Job {
                    invoice,
                    copy,
                    bytes,
                };
                return Ok(Some(job));
            }
            Err(Fault { code, message, .. }) => {
                tracing::error!(%invoice, %code, %message, "a receipt cannot be laid out");
                till.printing().copy_done(&invoice);
                note(till, &invoice, copy, &PrintResult::Failed { code, message })?;
            }
        }
    }
    Ok(None)
}

fn next_key(till: &Till) -> Result<Option<(Uuid, bool)>, Fault> {
    let waiting = till.store().receipts_waiting()?.into_iter().next();
    Ok(match waiting {
        Some(row) => Some((row.invoice, false)),
        None => till.printing().next_copy().map(|invoice| (invoice, true)),
    })
}

fn laid_out(till: &Till, key: &Uuid, copy: bool) -> Result<Vec<u8>, Fault> {
    let enrolled = till.shop()?;
    let invoice = receipt::invoice(till, key)?;
    let paper = match till.printing().now().setting.paper {
        PaperWidth::Mm80 => Paper::Mm80,
        PaperWidth::Mm58 => Paper::Mm58,
    };
    let receipt = Receipt::from_invoice(&invoice, &receipt::header(&enrolled), copy);
    Ok(escpos_bytes(&layout(&receipt, paper), CodePage::WESTERN)?)
}
