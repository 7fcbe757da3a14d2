//! Which printer the till uses, and what was last heard of it.

use std::sync::Arc;

use evertill_core::{Coded, Fault};
use evertill_device::{PrintError, Printer, PrinterAddress};
use serde::{Deserialize, Serialize};

use super::Printing;
use super::printer_types::{
    PaperWidth, PrinterCondition, PrinterKind, PrinterRequest, PrinterView,
};
use crate::caller::Caller;
use crate::fault::AppError;

/// Which printer the till uses.
#[derive(Clone, Default)]
pub enum PrinterChoice {
    /// The one an administrator set up on the till.
    #[default]
    Stored,
    /// This one, whatever was set up.
    Address(PrinterAddress),
    /// This driver, whatever was set up.
    Driver(Arc<dyn Printer>),
}

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

#[derive(Clone)]
pub(crate) struct PrinterSnapshot {
    pub(crate) setting: PrinterSetting,
    pub(crate) last_outcome: LastPrintOutcome,
    pub(super) driver: Arc<dyn Printer>,
}

impl PrinterSnapshot {
    /// The printer that was chosen at the start, else the one that was stored.
    pub(super) fn chosen(choice: &PrinterChoice, stored: PrinterSetting) -> Self {
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
        Self {
            setting,
            last_outcome: LastPrintOutcome::Nothing,
            driver,
        }
    }

    /// The printer of a setting.
    ///
    /// # Errors
    /// `printer_address_invalid`
    pub(super) fn of(setting: PrinterSetting) -> Result<Self, Fault> {
        let driver = address_of(&setting)?.printer();
        Ok(Self {
            setting,
            last_outcome: LastPrintOutcome::Nothing,
            driver,
        })
    }

    /// The printer as it is set up and what was last heard of it.
    pub(super) fn view(self) -> PrinterView {
        let (state, problem) = match (&self.setting.kind, self.last_outcome) {
            (PrinterKind::None, _) => (PrinterCondition::None, None),
            (_, LastPrintOutcome::Nothing) => (PrinterCondition::Unknown, None),
            (_, LastPrintOutcome::Printed) => (PrinterCondition::Ready, None),
            (_, LastPrintOutcome::Problem(error)) => (PrinterCondition::Problem, Some(error)),
        };
        PrinterView {
            kind: self.setting.kind,
            address: self.setting.address,
            paper: self.setting.paper,
            state,
            code: problem.as_ref().map(|error| error.code().to_owned()),
            message: problem.map(|error| error.to_string()),
        }
    }
}

/// `settings.printer`: uses another printer from now on.
///
/// Refusals: `printer_address_invalid`.
pub(super) fn set_printer(
    printing: &Printing,
    _: &Caller,
    request: &PrinterRequest,
) -> Result<PrinterView, Fault> {
    let setting = PrinterSetting {
        kind: request.kind,
        address: request.address.trim().to_owned(),
        paper: request.paper,
    };
    printing.change(setting)?;
    Ok(printing.printer_view())
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
