//! What an administrator sets on the till.

use evertill_core::{Coded, Fault};

use crate::printing::{LastPrintOutcome, PrinterSetting};
use crate::session::Caller;
use crate::till::Till;
use crate::types::{PrinterCondition, PrinterKind, PrinterRequest, PrinterView};

/// `settings.printer`: uses another printer from now on.
///
/// Refusals: `printer_address_invalid`.
pub(crate) fn printer(
    till: &Till,
    _: &Caller,
    request: &PrinterRequest,
) -> Result<PrinterView, Fault> {
    let setting = PrinterSetting {
        kind: request.kind,
        address: request.address.trim().to_owned(),
        paper: request.paper,
    };
    till.printing().change(till.store(), setting)?;
    Ok(printer_view(till))
}

/// The printer as it is set up and what was last heard of it.
pub(crate) fn printer_view(till: &Till) -> PrinterView {
    let now = till.printing().now();
    let (state, problem) = match (&now.setting.kind, now.last_outcome) {
        (PrinterKind::None, _) => (PrinterCondition::None, None),
        (_, LastPrintOutcome::Nothing) => (PrinterCondition::Unknown, None),
        (_, LastPrintOutcome::Printed) => (PrinterCondition::Ready, None),
        (_, LastPrintOutcome::Problem(error)) => (PrinterCondition::Problem, Some(error)),
    };
    PrinterView {
        kind: now.setting.kind,
        address: now.setting.address,
        paper: now.setting.paper,
        state,
        code: problem.as_ref().map(|error| error.code().to_owned()),
        message: problem.map(|error| error.to_string()),
    }
}
