//! `tillctl quote`: documents as JSON in, their amounts as JSON out, one after another.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use evertill_core::calc::quote::Quoter;
use evertill_core::calc::{Arithmetic, ValidationError};
use serde_json::value::RawValue;

/// How much is read and written at once.
const CHUNK: usize = 256 * 1024;

/// What some programs put before a text to say that it is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Which documents, and how they are calculated.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// One JSON object, or one a line; `-` or nothing for standard input. See docs/quote.md.
    file: Option<PathBuf>,
    /// Calculate as the hub does, or as ERPNext does.
    #[arg(long, value_enum, default_value_t = Numbers::Exact)]
    arithmetic: Numbers,
}

/// The names of the arithmetics on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Numbers {
    /// Exact decimals, as the hub.
    Exact,
    /// ERPNext's own doubles, down to its last cent.
    Erpnext,
}

impl From<Numbers> for Arithmetic {
    fn from(numbers: Numbers) -> Self {
        match numbers {
            Numbers::Exact => Self::Exact,
            Numbers::Erpnext => Self::Erpnext,
        }
    }
}

/// Quotes every document; one that must be refused is answered with an error and is no failure.
pub(crate) fn quote(options: &Options) -> Result<()> {
    let named = options.file.as_ref().filter(|path| path.as_os_str() != "-");
    let (name, input): (String, Box<dyn Read>) = match named {
        Some(path) => {
            let name = path.display().to_string();
            let file = File::open(path).with_context(|| name.clone())?;
            (name, Box::new(file))
        }
        None => ("standard input".to_owned(), Box::new(io::stdin())),
    };
    let mut input = BufReader::with_capacity(CHUNK, input);
    let mut answers = Answers {
        quoter: Quoter::new(options.arithmetic.into()),
        out: BufWriter::with_capacity(CHUNK, io::stdout().lock()),
        answer: String::new(),
    };
    match answers.all(&mut input) {
        Ok(()) => Ok(()),
        // Whoever read the answers has seen enough.
        Err(Failure::Write(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(Failure::Write(error)) => Err(error).context("the answers cannot be written"),
        Err(Failure::Read(error)) => Err(error).context(name),
    }
}

/// On which side it failed.
enum Failure {
    Read(io::Error),
    Write(io::Error),
}

/// What is answered so far.
struct Answers<W: Write> {
    quoter: Quoter,
    out: BufWriter<W>,
    answer: String,
}

impl<W: Write> Answers<W> {
    /// Answers documents as they come in.
    fn all<R: Read>(&mut self, input: &mut BufReader<R>) -> Result<(), Failure> {
        let mut line = Vec::with_capacity(CHUNK);
        // Only the first document may go over several lines; see `begin`.
        let mut first = true;
        while next_line(input, &mut line)? {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let cut_off = first && begin(input, &mut line)?;
            first = false;
            if cut_off {
                for line in line.split(|byte| *byte == b'\n') {
                    self.line(line)?;
                }
            } else {
                self.line(&line)?;
            }
            // With nothing more to read at once somebody may be waiting for the answer.
            if input.buffer().is_empty() {
                self.out.flush().map_err(Failure::Write)?;
            }
        }
        self.out.flush().map_err(Failure::Write)
    }

    /// Answers one document, if there is one.
    fn line(&mut self, line: &[u8]) -> Result<(), Failure> {
        let line = line.trim_ascii();
        if line.is_empty() {
            return Ok(());
        }
        self.answer.clear();
        match str::from_utf8(line) {
            Ok(json) => self.quoter.quote_into(json, &mut self.answer),
            Err(error) => {
                let refusal = ValidationError::InvalidInput(format!("not UTF-8 text: {error}"));
                let error = serde_json::json!({
                    "reason": refusal.reason(),
                    "message": refusal.to_string(),
                });
                self.answer = serde_json::json!({ "id": null, "error": error }).to_string();
            }
        }
        self.answer.push('\n');
        self.out
            .write_all(self.answer.as_bytes())
            .map_err(Failure::Write)
    }
}

/// Reads the next line, with its line break; `false` at the end.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> Result<bool, Failure> {
    line.clear();
    let read = input.read_until(b'\n', line).map_err(Failure::Read)?;
    Ok(read > 0)
}

/// Makes the first line the first document, over several lines if it goes over several; `true` if it
/// cannot be one and what was read are lines again.
fn begin(input: &mut impl BufRead, line: &mut Vec<u8>) -> Result<bool, Failure> {
    if line.starts_with(BYTE_ORDER_MARK) {
        line.drain(..BYTE_ORDER_MARK.len());
    }
    Ok(is_unfinished(line) && !gather(input, line)?)
}

/// Whether a text is a JSON value up to its end, which is missing.
fn is_unfinished(text: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(text).is_err_and(|error| error.is_eof())
}

/// Adds lines until the text is one whole JSON value. Where it can never be one, which a first line
/// that was cut off brings about, the answer is `false` and each line stands for itself.
fn gather(input: &mut impl BufRead, text: &mut Vec<u8>) -> Result<bool, Failure> {
    let mut line = Vec::new();
    while next_line(input, &mut line)? {
        text.extend_from_slice(&line);
        // Nothing ends but with a bracket, so that looking again at every line is not needed.
        if line.trim_ascii_end().ends_with(b"}") && !is_unfinished(text) {
            break;
        }
    }
    Ok(serde_json::from_slice::<&RawValue>(text).is_ok())
}
