//! The ESC/POS questions about a printer's state, and what the answers mean.
//!
//! `DLE EOT n` is answered at once, even while the printer cannot print; each answer is one byte of
//! the form `0xx1xx10`. `GS r 1` stands in line with the data: it is answered when everything before
//! it has been processed, with a byte of the form `0xx0xxxx`. So the two can be told apart on one
//! wire, and a `GS r 1` after the last byte of a job is answered only when the job is done.
//! Source: Epson ESC/POS Command Reference, pages `dle_eot` and `gs_lr`.

use crate::PrintError;

/// Asks for printer status, off-line cause, error cause and paper sensor, in this order.
pub(crate) const ASK_STATUS: [u8; 12] = [
    0x10, 0x04, 1, //
    0x10, 0x04, 2, //
    0x10, 0x04, 3, //
    0x10, 0x04, 4,
];

/// How many bytes answer [`ASK_STATUS`].
pub(crate) const STATUS_ANSWERS: usize = 4;

/// `GS r 1`: the paper sensor, answered in line with the print data.
pub(crate) const ASK_WHEN_DONE: [u8; 3] = [0x1D, 0x72, 1];

/// How a printer says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PrinterStatus {
    /// It would not print now, for whatever reason.
    pub offline: bool,
    /// The cover is open.
    pub cover_open: bool,
    /// There is no paper.
    pub paper_out: bool,
    /// The roll is nearly used up; it still prints.
    pub paper_low: bool,
    /// Cutter, head or another part reports a fault.
    pub hardware_fault: bool,
    /// Pin 3 of the drawer connector is high. Whether that means open depends on the drawer.
    pub drawer_pin_high: bool,
}

impl PrinterStatus {
    /// What stops it from printing, the most useful reason first; `None` when it is ready.
    #[must_use]
    pub fn problem(&self) -> Option<PrintError> {
        if self.cover_open {
            Some(PrintError::CoverOpen)
        } else if self.paper_out {
            Some(PrintError::PaperOut)
        } else if self.hardware_fault {
            Some(PrintError::Hardware)
        } else if self.offline {
            Some(PrintError::Off)
        } else {
            None
        }
    }

    /// Reads the four answers to [`ASK_STATUS`].
    pub(crate) fn from_answers(answers: [u8; STATUS_ANSWERS]) -> Self {
        let [printer, cause, error, paper] = answers;
        Self {
            offline: printer & 0x08 != 0,
            drawer_pin_high: printer & 0x04 != 0,
            cover_open: cause & 0x04 != 0,
            // Bits 2, 3, 5 and 6 of the error cause: recoverable, cutter, unrecoverable and
            // automatically recoverable errors. "Error occurred" in the off-line cause says the same.
            hardware_fault: error & 0x6C != 0 || cause & 0x40 != 0,
            paper_out: paper & 0x60 != 0 || cause & 0x20 != 0,
            paper_low: paper & 0x0C != 0,
        }
    }
}

/// What one byte from the printer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// An answer to `DLE EOT n`.
    Realtime(u8),
    /// The answer to `GS r 1`: everything sent before it has been processed.
    Done,
    /// Flow control, or something nobody asked for.
    Other,
}

impl Answer {
    pub(crate) fn of(byte: u8) -> Self {
        if byte & 0x93 == 0x12 {
            Self::Realtime(byte)
        } else if byte & 0x90 == 0 {
            Self::Done
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use evertill_core::Coded;

    #[test]
    fn answers_mean_what_the_manual_says() {
        // (answers to DLE EOT 1..4, code of the problem)
        let table: [([u8; 4], Option<&str>); 8] = [
            ([0x12, 0x12, 0x12, 0x12], None),
            ([0x16, 0x12, 0x12, 0x12], None),
            ([0x12, 0x12, 0x12, 0x1E], None),
            ([0x1A, 0x12, 0x12, 0x12], Some("printer_off")),
            ([0x1A, 0x32, 0x12, 0x7E], Some("printer_paper_out")),
            ([0x1A, 0x16, 0x12, 0x12], Some("printer_cover_open")),
            ([0x1A, 0x36, 0x12, 0x7E], Some("printer_cover_open")),
            ([0x1A, 0x52, 0x1A, 0x12], Some("printer_fault")),
        ];
        for (answers, code) in table {
            let status = PrinterStatus::from_answers(answers);
            assert_eq!(
                status.problem().as_ref().map(Coded::code),
                code,
                "{answers:02x?}"
            );
        }
        let low = PrinterStatus::from_answers([0x12, 0x12, 0x12, 0x1E]);
        assert!(low.paper_low && !low.paper_out);
    }

    #[test]
    fn the_two_kinds_of_answers_are_never_confused() {
        for byte in 0..=u8::MAX {
            let realtime = byte & 0b1001_0011 == 0b0001_0010;
            let in_line = byte & 0b1001_0000 == 0;
            let expected = match (realtime, in_line) {
                (true, false) => Answer::Realtime(byte),
                (false, true) => Answer::Done,
                _ => Answer::Other,
            };
            assert_eq!(Answer::of(byte), expected);
        }
        assert_eq!(Answer::of(0x11), Answer::Other, "XON is no answer");
        assert_eq!(Answer::of(0x13), Answer::Other, "XOFF is no answer");
    }
}
