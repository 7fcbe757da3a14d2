//! Rows as the bytes an ESC/POS printer takes.

use std::cell::RefCell;

use escpos::driver::Driver;
use escpos::errors::PrinterError;
use escpos::printer::Printer;
use escpos::utils::{
    CharacterSet, JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption,
};
use evertill_core::Coded;

use crate::code_page::{CodePage, encode};
use crate::row::{Align, RULE, Row, Style};

/// Opens the drawer on pin 2: `ESC p 0 t1 t2`, 50 ms on and 500 ms off. Written out because the
/// `escpos` crate (0.20.1) leaves the two times out, and the printer then takes the two bytes
/// that follow for them.
const KICK: [u8; 5] = [0x1b, b'p', 0, 25, 250];

/// Prints the line. The one command for it that every printer and every text viewer knows.
const LINE_FEED: &[u8] = b"\n";

/// Side of one module of the QR code in dots: 21 modules are 16 mm, which phones read at once.
const QR_MODULE: u8 = 6;

/// The rows as bytes, for a printer that has these code pages (the first is the usual one;
/// [`CodePage::WESTERN`] if in doubt). Everything is set up again at the start, so that nothing
/// from an earlier, broken-off print shows.
///
/// Errors: `receipt_not_printable`, for data that no printer takes, such as a QR code of more
/// than 7,089 bytes.
pub fn escpos_bytes(rows: &[Row], pages: &[CodePage]) -> Result<Vec<u8>, EncodeError> {
    let first = pages.first().copied().unwrap_or(CodePage::Pc437);
    let mut writer = Writer {
        printer: Printer::new(Memory::default(), Protocol::default(), None),
        pages,
        usual: first,
        page: first,
        style: Style::default(),
        align: Align::Left,
    };
    writer
        .printer
        .init()?
        .character_set(CharacterSet::USA)?
        .page_code(first.page_code())?;
    for row in rows {
        writer.row(row)?;
    }
    writer.printer.print()?;
    Ok(writer.printer.driver().bytes.into_inner())
}

/// A printer that keeps what it is sent.
#[derive(Default)]
struct Memory {
    bytes: RefCell<Vec<u8>>,
}

impl Driver for Memory {
    fn name(&self) -> String {
        "memory".to_owned()
    }

    fn write(&self, data: &[u8]) -> escpos::errors::Result<()> {
        self.bytes.borrow_mut().extend_from_slice(data);
        Ok(())
    }

    fn read(&self, _buffer: &mut [u8]) -> escpos::errors::Result<usize> {
        Ok(0)
    }

    fn flush(&self) -> escpos::errors::Result<()> {
        Ok(())
    }
}

/// Writes rows and remembers what the printer is set to, so that it is told only of changes.
struct Writer<'a> {
    printer: Printer<Memory>,
    pages: &'a [CodePage],
    usual: CodePage,
    page: CodePage,
    style: Style,
    align: Align,
}

impl Writer<'_> {
    fn row(&mut self, row: &Row) -> Result<(), PrinterError> {
        match row {
            Row::Text { text, align, style } => {
                self.set(*align, *style)?;
                self.text(text)?;
                self.printer.custom(LINE_FEED)?;
            }
            Row::Rule(columns) => {
                self.set(Align::Left, Style::default())?;
                self.text(&RULE.to_string().repeat(*columns))?;
                self.printer.custom(LINE_FEED)?;
            }
            Row::Blank => {
                self.set(Align::Left, Style::default())?;
                self.printer.custom(LINE_FEED)?;
            }
            Row::Qr(data) => {
                self.set(Align::Center, Style::default())?;
                let level = QRCodeCorrectionLevel::M;
                let option = QRCodeOption::new(QRCodeModel::Model2, QR_MODULE, level);
                self.printer.qrcode_option(data, option)?;
            }
            Row::Cut => {
                self.set(Align::Left, Style::default())?;
                self.printer.cut()?;
            }
            Row::Kick => {
                self.printer.custom(&KICK)?;
            }
        }
        Ok(())
    }

    fn set(&mut self, align: Align, style: Style) -> Result<(), PrinterError> {
        if align != self.align {
            self.printer.justify(match align {
                Align::Left => JustifyMode::LEFT,
                Align::Center => JustifyMode::CENTER,
            })?;
            self.align = align;
        }
        if style.bold != self.style.bold {
            self.printer.bold(style.bold)?;
        }
        if (style.wide, style.tall) != (self.style.wide, self.style.tall) {
            self.printer
                .size(1 + u8::from(style.wide), 1 + u8::from(style.tall))?;
        }
        self.style = style;
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), PrinterError> {
        // Each line starts on the usual page: on a printer that has another one in the place of
        // the second, no more than the rest of the line goes wrong.
        for run in encode(text, self.pages, self.usual) {
            if run.page != self.page {
                self.printer.page_code(run.page.page_code())?;
                self.page = run.page;
            }
            self.printer.custom(&run.bytes)?;
        }
        Ok(())
    }
}

/// Why rows did not become bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
#[error("The receipt cannot be printed: {reason}.")]
#[coded("receipt_not_printable")]
pub struct EncodeError {
    /// What is in the way, for support.
    pub reason: String,
}

impl From<PrinterError> for EncodeError {
    fn from(error: PrinterError) -> Self {
        Self {
            reason: error.to_string(),
        }
    }
}
