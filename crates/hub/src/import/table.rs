//! A CSV file as rows with named cells.

use std::path::Path;

use clap::ValueEnum;

use super::{Fault, Source};

/// What a CSV file is about; in the order in which one kind may point to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Kind {
    /// Price lists
    PriceLists,
    /// Taxes
    Taxes,
    /// Categories of items
    Categories,
    /// Modes of payment
    PaymentModes,
    /// Who works at the tills
    People,
    /// Customers
    Customers,
    /// What the shop sells
    Items,
    /// More barcodes of items
    Barcodes,
    /// Prices beside those in the file of items
    Prices,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self::PriceLists,
        Self::Taxes,
        Self::Categories,
        Self::PaymentModes,
        Self::People,
        Self::Customers,
        Self::Items,
        Self::Barcodes,
        Self::Prices,
    ];

    /// Names of its file, the usual one first.
    const fn file_names(self) -> &'static [&'static str] {
        match self {
            Self::PriceLists => &["price-lists", "lists"],
            Self::Taxes => &["taxes", "tax", "tax-rules"],
            Self::Categories => &["categories"],
            Self::PaymentModes => &["payment-modes", "payments"],
            Self::People => &["people", "users", "staff"],
            Self::Customers => &["customers"],
            Self::Items => &["items", "products", "articles"],
            Self::Barcodes => &["barcodes"],
            Self::Prices => &["prices"],
        }
    }

    /// Columns it must have, and columns it may have.
    const fn columns(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::PriceLists => (&["name"], &["list"]),
            Self::Taxes => (&["name", "rate"], &["tax", "included"]),
            Self::Categories => (&["name"], &["category", "position"]),
            Self::PaymentModes => (&["name", "kind"], &["mode", "position"]),
            Self::People => (&["user", "name", "role"], &["disabled"]),
            Self::Customers => (
                &["customer", "name"],
                &[
                    "phone",
                    "email",
                    "tax_id",
                    "group",
                    "price_list",
                    "tax_category",
                    "exemption",
                    "loyalty",
                ],
            ),
            Self::Items => (
                &["item", "name", "tax"],
                &[
                    "price",
                    "category",
                    "unit",
                    "whole_units",
                    "barcode",
                    "brand",
                    "popularity",
                    "disabled",
                ],
            ),
            Self::Barcodes => (&["item", "barcode"], &[]),
            Self::Prices => (
                &["list", "item", "price"],
                &["min_qty", "from", "to", "customer"],
            ),
        }
    }

    fn of_file(name: &str) -> Option<Self> {
        let stem = Path::new(name).file_stem()?.to_str()?;
        let stem = stem.to_lowercase().replace(['_', ' '], "-");
        Self::ALL
            .into_iter()
            .find(|kind| kind.file_names().contains(&stem.as_str()))
    }

    /// The kind whose columns these are, if there is only one.
    fn of_header(header: &[String]) -> Option<Self> {
        let has = |column: &&str| header.iter().any(|name| name == column);
        let fits = Self::ALL.into_iter().filter(|kind| {
            let (required, optional) = kind.columns();
            let known = |name: &String| {
                required.contains(&name.as_str()) || optional.contains(&name.as_str())
            };
            required.iter().all(has) && header.iter().all(known)
        });
        let fits: Vec<Self> = fits.collect();
        match fits.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}

/// A CSV file.
pub(super) struct Table {
    pub(super) file: String,
    pub(super) kind: Kind,
    header: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
    /// Lines that are no rows.
    pub(super) faults: Vec<Fault>,
}

/// A row of a [`Table`].
pub(super) struct Row<'a> {
    table: &'a Table,
    pub(super) line: u64,
    cells: &'a [String],
}

impl Row<'_> {
    /// The cell of a column; `None` if the file has no such column.
    pub(super) fn given(&self, column: &str) -> Option<&str> {
        let at = self.table.header.iter().position(|name| name == column)?;
        Some(self.cells.get(at).map_or("", String::as_str))
    }

    /// The cell of a column; empty if the file has no such column.
    pub(super) fn text(&self, column: &str) -> &str {
        self.given(column).unwrap_or_default()
    }
}

impl Table {
    /// Reads a file whose kind is given or can be recognised.
    pub(super) fn read(source: &Source, kind: Option<Kind>) -> Result<Self, Vec<Fault>> {
        let bytes = source
            .bytes
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&source.bytes);
        let fault = |line: u64, message: String| Fault {
            file: source.name.clone(),
            line,
            message,
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter(bytes))
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let mut table = Self {
            file: source.name.clone(),
            kind: Kind::Items,
            header: Vec::new(),
            rows: Vec::new(),
            faults: Vec::new(),
        };
        for record in reader.byte_records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => return Err(vec![fault(0, format!("this is no CSV: {error}"))]),
            };
            let line = record.position().map_or(0, csv::Position::line);
            let cells = record
                .iter()
                .map(|cell| std::str::from_utf8(cell).map(str::to_owned));
            let Ok(cells) = cells.collect::<Result<Vec<_>, _>>() else {
                table.faults.push(fault(
                    line,
                    "this is not UTF-8: save the file as “CSV UTF-8”".to_owned(),
                ));
                continue;
            };
            if table.header.is_empty() {
                table.header = cells.iter().map(|name| column(name)).collect();
            } else if cells.iter().any(|cell| !cell.is_empty()) {
                table.take(line, cells);
            }
        }
        let found = kind
            .or_else(|| Kind::of_file(&source.name))
            .or_else(|| Kind::of_header(&table.header));
        let Some(found) = found else {
            let names = usual_names();
            return Err(vec![fault(
                1,
                format!(
                    "the name and the columns do not say what this is: name it as one of {names}, or say it with --kind"
                ),
            )]);
        };
        table.kind = found;
        let wrong = table.wrong_columns();
        if wrong.is_empty() {
            Ok(table)
        } else {
            Err(wrong.into_iter().map(|message| fault(1, message)).collect())
        }
    }

    fn take(&mut self, line: u64, cells: Vec<String>) {
        if cells.len() > self.header.len() {
            self.faults.push(Fault {
                file: self.file.clone(),
                line,
                message: format!(
                    "this line has {} cells, the first line {}: put \"…\" around a cell with the \
                     separator in it",
                    cells.len(),
                    self.header.len()
                ),
            });
            return;
        }
        self.rows.push((line, cells));
    }

    fn wrong_columns(&self) -> Vec<String> {
        let (required, optional) = self.kind.columns();
        let all = [required, optional].concat().join(", ");
        let mut wrong = Vec::new();
        for name in required {
            if !self.header.iter().any(|column| column == name) {
                wrong.push(format!(
                    "there is no column “{name}”: the columns are {all}"
                ));
            }
        }
        for (at, name) in self.header.iter().enumerate() {
            if !required.contains(&name.as_str()) && !optional.contains(&name.as_str()) {
                wrong.push(format!(
                    "there is no use for the column “{name}”: the columns are {all}"
                ));
            }
            if self.header.iter().take(at).any(|before| before == name) {
                wrong.push(format!("the column “{name}” is there twice: take one out"));
            }
        }
        wrong
    }

    /// Its rows, the header and empty lines apart.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row {
            table: self,
            line: *line,
            cells,
        })
    }
}

/// What separates the cells: what the first line has most of.
fn delimiter(bytes: &[u8]) -> u8 {
    let first = bytes.split(|byte| *byte == b'\n').next();
    let first = first.unwrap_or_default();
    let count = |sign: u8| first.iter().filter(|byte| **byte == sign).count();
    [b';', b'\t', b',']
        .into_iter()
        .max_by_key(|sign| count(*sign))
        .unwrap_or(b',')
}

/// The usual name of each kind of file.
fn usual_names() -> String {
    let names = Kind::ALL
        .into_iter()
        .filter_map(|kind| kind.file_names().first());
    let names: Vec<String> = names.map(|name| format!("{name}.csv")).collect();
    names.join(", ")
}

/// A column's name, whatever its capitals and spaces.
fn column(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}
