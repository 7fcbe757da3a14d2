//! Receipts on paper: the printer, the queue, and receipts that were printed, wait or are wanted
//! again.

mod printer;
mod printer_types;
mod queue;
mod receipt_types;
mod receipts;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

pub use printer::PrinterChoice;
pub use printer_types::{PaperWidth, PrinterCondition, PrinterKind, PrinterRequest, PrinterView};
pub use receipt_types::{
    InvoiceRequest, PrintState, PrintView, ReceiptView, ReceiptsView, RecentRequest,
};
pub(crate) use receipts::invoice;

use evertill_core::{Fault, Permission};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use self::printer::{LastPrintOutcome, PrinterSetting, PrinterSnapshot};
use crate::command::{Access, commands};
use crate::context::Context;

/// Where the setting lies in the store.
const SETTING: &str = "printer";

/// In the store: the receipt is being sent to the printer at this moment.
const UNDER_WAY: &str = "printing";

/// A receipt moved on.
pub(crate) struct PrintNews {
    pub(crate) invoice: Uuid,
    pub(crate) print: PrintView,
}

/// The printer, the queue before it and what is known of both. Cheap to clone; all clones are the
/// same.
#[derive(Clone)]
pub(crate) struct Printing {
    context: Context,
    tell: Arc<dyn Fn(PrintNews) + Send + Sync>,
    state: Arc<PrintingState>,
}

struct PrintingState {
    printer: RwLock<PrinterSnapshot>,
    wake: Notify,
    /// Copies somebody asked for. Not in the store: after a restart they can be asked for again.
    copies: Mutex<VecDeque<Uuid>>,
}

commands! {
    Printing;
    "receipt.print_again": InvoiceRequest => PrintView, Access::Needs(Permission::Reprint), store receipts::print_again;
    "receipt.state": InvoiceRequest => PrintView, Access::Needs(Permission::Sell), store receipts::state;
    "receipt.recent": RecentRequest => ReceiptsView, Access::Needs(Permission::Sell), store receipts::recent;
    "settings.printer": PrinterRequest => PrinterView, Access::Needs(Permission::ManageTill), store printer::set_printer;
}

impl Printing {
    /// The printer that was chosen at the start, else the one in the store.
    pub(crate) fn open(
        context: Context,
        choice: &PrinterChoice,
        tell: Arc<dyn Fn(PrintNews) + Send + Sync>,
    ) -> Result<Self, Fault> {
        queue::give_up_interrupted(context.store())?;
        let stored: PrinterSetting = context.store().setting(SETTING)?.unwrap_or_default();
        Ok(Self {
            context,
            tell,
            state: Arc::new(PrintingState {
                printer: RwLock::new(PrinterSnapshot::chosen(choice, stored)),
                wake: Notify::new(),
                copies: Mutex::default(),
            }),
        })
    }

    /// The printer as it is set up and what was last heard of it.
    pub(crate) fn printer_view(&self) -> PrinterView {
        self.printer().view()
    }

    /// How the receipt of an invoice stands.
    ///
    /// # Errors
    /// `invoice_unknown`
    pub(crate) fn receipt_view(&self, invoice: &Uuid) -> Result<PrintView, Fault> {
        receipts::view_of(self, invoice)
    }

    /// Prints what waits, until the till stops.
    pub(crate) async fn run(self, stop: watch::Receiver<bool>) {
        queue::run(self, stop).await;
    }

    /// Something is to be printed, or worth another try.
    pub(crate) fn wake(&self) {
        self.state.wake.notify_one();
    }

    // What these locks guard is good after a panic: it is changed as a whole.

    fn printer(&self) -> PrinterSnapshot {
        self.state
            .printer
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Uses another printer from now on and remembers it.
    fn change(&self, setting: PrinterSetting) -> Result<(), Fault> {
        let printer = PrinterSnapshot::of(setting)?;
        self.context
            .store()
            .set_setting(SETTING, &printer.setting)?;
        *self
            .state
            .printer
            .write()
            .unwrap_or_else(PoisonError::into_inner) = printer;
        self.wake();
        Ok(())
    }

    fn record_outcome(&self, last_outcome: LastPrintOutcome) {
        self.state
            .printer
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .last_outcome = last_outcome;
    }

    /// Prints a copy as soon as the first receipts are out.
    fn copy(&self, invoice: Uuid) {
        let mut copies = self.copies();
        if !copies.contains(&invoice) {
            copies.push_back(invoice);
        }
        drop(copies);
        self.wake();
    }

    /// Whether a copy of this receipt is wanted and not out yet.
    fn is_copying(&self, invoice: &Uuid) -> bool {
        self.copies().contains(invoice)
    }

    fn next_copy(&self) -> Option<Uuid> {
        self.copies().front().copied()
    }

    fn copy_done(&self, invoice: &Uuid) {
        self.copies().retain(|copy| copy != invoice);
    }

    fn copies(&self) -> MutexGuard<'_, VecDeque<Uuid>> {
        self.state
            .copies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
