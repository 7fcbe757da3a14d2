//! Printing in the background: a sale never waits for paper.
//!
//! One worker prints what waits, oldest first. A printer that is off, out of paper or slow only
//! makes the receipts wait: the worker tries again with growing pauses, and at once when something
//! new is to be printed. Only a job that may already be on paper is not tried again by itself,
//! because a second one would be a copy that nobody marked as one.

use std::time::Duration;

use evertill_core::{Coded, Fault};
use evertill_device::PrintError;
use evertill_receipt::{CodePage, Paper, Receipt, escpos_bytes, layout};
use evertill_store::{PrintResult, Store};
use evertill_sync::Backoff;
use tokio::sync::watch;
use uuid::Uuid;

use super::printer::LastPrintOutcome;
use super::printer_types::{PaperWidth, PrinterKind};
use super::{PrintNews, Printing, UNDER_WAY, receipts};

/// Between tries: soon at first, for paper is quickly put in, and then not so often.
const PAUSES: Backoff = Backoff {
    first: Duration::from_millis(500),
    most: Duration::from_secs(15),
};

/// The worker. Ends when the till stops, after the job that is on its way.
pub(super) async fn run(printing: Printing, mut stop: watch::Receiver<bool>) {
    let mut failures = 0_u32;
    loop {
        if *stop.borrow_and_update() {
            return;
        }
        match print_waiting(&printing, &stop).await {
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
            () = printing.state.wake.notified() => {}
            () = pause_after(&printing, failures) => {}
        }
    }
}

/// Waits after so many failures in a row, or for ever when there is nothing to try again.
async fn pause_after(printing: &Printing, failures: u32) {
    let context = &printing.context;
    match failures {
        0 => std::future::pending().await,
        _ => {
            let random = (context.machine().random)();
            context.sleep(PAUSES.delay(failures, random)).await;
        }
    }
}

/// How a round over the queue ended.
enum Round {
    Done,
    PrinterAway,
}

async fn print_waiting(printing: &Printing, stop: &watch::Receiver<bool>) -> Result<Round, Fault> {
    while !*stop.borrow() {
        let queue = printing.clone();
        let Some(job) = printing.context.blocking(move || next_job(&queue)).await? else {
            return Ok(Round::Done);
        };
        let outcome = printing.printer().driver.print(&job.bytes).await;
        // Without a printer nothing gets better by waiting; after an unknown outcome a person has
        // to look first.
        let waits =
            matches!(&outcome, Err(error) if error.retry_is_safe() && *error != PrintError::None);
        printing.record_outcome(match &outcome {
            Ok(()) => LastPrintOutcome::Printed,
            Err(error) => LastPrintOutcome::Problem(error.clone()),
        });
        if job.copy && !waits {
            printing.copy_done(&job.invoice);
        }
        let queue = printing.clone();
        printing
            .context
            .blocking(move || keep(&queue, &job, outcome, waits))
            .await?;
        if waits {
            return Ok(Round::PrinterAway);
        }
    }
    Ok(Round::Done)
}

/// Notes that bytes are about to be sent, so that a till that dies now knows it afterwards.
fn mark_under_way(printing: &Printing, invoice: &Uuid) -> Result<(), Fault> {
    let (code, message) = (UNDER_WAY.to_owned(), String::new());
    Ok(printing
        .context
        .store()
        .mark_receipt(invoice, &PrintResult::Waiting { code, message })?)
}

/// Receipts that were on their way when the till died may be on paper: a person has to look.
pub(super) fn give_up_interrupted(store: &Store) -> Result<(), Fault> {
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
fn keep(
    printing: &Printing,
    job: &Job,
    outcome: Result<(), PrintError>,
    waits: bool,
) -> Result<(), Fault> {
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
    note(printing, invoice, job.copy, &result)?;
    let print = receipts::view_of(printing, invoice)?;
    (printing.tell)(PrintNews {
        invoice: *invoice,
        print,
    });
    Ok(())
}

/// Writes down the result of a job. What keeps a copy from coming out says nothing of a first print
/// that may be on paper: written down, it would let that print again without the mark.
fn note(
    printing: &Printing,
    invoice: &Uuid,
    copy: bool,
    result: &PrintResult,
) -> Result<(), Fault> {
    if copy && *result != PrintResult::Printed {
        let row = printing.context.store().receipt(invoice)?;
        if row.is_none_or(|row| row.copies == 0) {
            return Ok(());
        }
    }
    Ok(printing.context.store().mark_receipt(invoice, result)?)
}

/// What goes to the printer next.
struct Job {
    invoice: Uuid,
    copy: bool,
    bytes: Vec<u8>,
}

/// The oldest receipt that waits; copies come after all first receipts. One that cannot be laid out
/// is given up, so that it holds up no other.
fn next_job(printing: &Printing) -> Result<Option<Job>, Fault> {
    while let Some((invoice, copy)) = next_key(printing)? {
        match laid_out(printing, &invoice, copy) {
            Ok(bytes) => {
                if !copy && printing.printer().setting.kind != PrinterKind::None {
                    mark_under_way(printing, &invoice)?;
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
                printing.copy_done(&invoice);
                note(
                    printing,
                    &invoice,
                    copy,
                    &PrintResult::Failed { code, message },
                )?;
            }
        }
    }
    Ok(None)
}

fn next_key(printing: &Printing) -> Result<Option<(Uuid, bool)>, Fault> {
    let waiting = printing
        .context
        .store()
        .receipts_waiting()?
        .into_iter()
        .next();
    Ok(match waiting {
        Some(row) => Some((row.invoice, false)),
        None => printing.next_copy().map(|invoice| (invoice, true)),
    })
}

fn laid_out(printing: &Printing, key: &Uuid, copy: bool) -> Result<Vec<u8>, Fault> {
    let enrolled = printing.context.shop()?;
    let invoice = receipts::invoice(&printing.context, key)?;
    let paper = match printing.printer().setting.paper {
        PaperWidth::Mm80 => Paper::Mm80,
        PaperWidth::Mm58 => Paper::Mm58,
    };
    let receipt = Receipt::from_invoice(&invoice, &receipts::header(&enrolled), copy);
    Ok(escpos_bytes(&layout(&receipt, paper), CodePage::WESTERN)?)
}
