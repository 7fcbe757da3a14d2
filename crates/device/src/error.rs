//! What can go wrong between the till and the paper.

use evertill_core::Coded;

/// Why a receipt is not known to be printed. Each has a stable code and a sentence for the cashier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
pub enum PrintError {
    /// `printer_none`: no printer is set up.
    #[error("No printer is set up for this till. The receipt is kept and can be printed later.")]
    #[coded("printer_none")]
    None,
    /// `printer_unreachable`: nobody accepts connections at the address.
    #[error(
        "The printer at {address} cannot be reached. Check its cable and that it is switched on."
    )]
    #[coded("printer_unreachable")]
    Unreachable {
        /// Host and port.
        address: String,
        /// What the operating system said.
        detail: String,
    },
    /// `printer_timeout`: the printer, or what stands in front of it, did not answer in time.
    #[error("The printer at {address} does not answer. Switch it off and on, then print again.")]
    #[coded("printer_timeout")]
    Timeout {
        /// Host and port.
        address: String,
    },
    /// `printer_off`: the printer answers, but says that it is off-line.
    #[error("The printer is off-line. Press its feed or on-line button.")]
    #[coded("printer_off")]
    Off,
    /// `printer_paper_out`: no paper.
    #[error("The printer is out of paper. Put in a new roll.")]
    #[coded("printer_paper_out")]
    PaperOut,
    /// `printer_cover_open`: the cover is open.
    #[error("The printer's cover is open. Close it.")]
    #[coded("printer_cover_open")]
    CoverOpen,
    /// `printer_fault`: cutter jammed, head too hot, or another fault of the hardware.
    #[error(
        "The printer reports a fault. Check the cutter and the paper path, then switch it off and on."
    )]
    #[coded("printer_fault")]
    Hardware,
    /// `printer_file`: the file that stands in for a printer could not be written.
    #[error("The receipt could not be written to {path}.")]
    #[coded("printer_file")]
    File {
        /// The file.
        path: String,
        /// What the operating system said.
        detail: String,
    },
    /// `printer_unknown`: bytes were sent, but the printer never confirmed the end of the job.
    /// The receipt may be on the counter already, or come out when the paper is back.
    #[error(
        "The receipt was sent, but the printer did not confirm it. Look whether it came out before you print it again."
    )]
    #[coded("printer_unknown")]
    Unknown {
        /// What was seen when the till stopped waiting.
        #[coded(with = Self::code)]
        cause: Box<PrintError>,
    },
}

impl PrintError {
    /// True when surely nothing of the job is on paper or in the printer's buffer, so that trying
    /// again by itself cannot print a receipt twice. False only for `printer_unknown`: then a
    /// person looks, and prints a copy marked as one.
    #[must_use]
    pub fn retry_is_safe(&self) -> bool {
        !matches!(self, Self::Unknown { .. })
    }

    /// The same failure, seen after bytes of the job were handed over.
    pub(crate) fn after_sending(self) -> Self {
        match self {
            Self::Unknown { .. } => self,
            cause => Self::Unknown {
                cause: Box::new(cause),
            },
        }
    }
}
