//! Setting rows on paper of a given width: nothing that is set here is ever wider.

use crate::printable::{columns, printable};
use crate::row::{Align, Paper, Row, Style};
use crate::wrap::{cut, wrap};

/// The least room worth wrapping a text into beside an amount.
const LEAST_BESIDE: usize = 8;

/// A roll of paper that rows are set on.
pub(crate) struct Sheet {
    columns: usize,
    rows: Vec<Row>,
}

impl Sheet {
    pub(crate) fn new(paper: Paper) -> Self {
        Self {
            columns: paper.columns(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn into_rows(self) -> Vec<Row> {
        self.rows
    }

    pub(crate) const fn columns(&self) -> usize {
        self.columns
    }

    pub(crate) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(crate) fn rule(&mut self) {
        self.rows.push(Row::Rule(self.columns));
    }

    /// A text in the middle, on up to `max_lines` lines. Nothing for an empty text.
    pub(crate) fn centered(&mut self, text: &str, style: Style, max_lines: usize) {
        let text = printable(text);
        if text.is_empty() {
            return;
        }
        let width = self.columns / if style.wide { 2 } else { 1 };
        for line in wrap(&text, width, max_lines) {
            self.rows.push(Row::Text {
                text: line,
                align: Align::Center,
                style,
            });
        }
    }

    /// A text in the middle in wide letters if it fits on one line in them, otherwise in normal
    /// ones on up to three.
    pub(crate) fn headline(&mut self, text: &str) {
        let wide = columns(&printable(text)) * 2 <= self.columns;
        self.centered(
            text,
            Style {
                bold: true,
                wide,
                tall: true,
            },
            3,
        );
    }

    /// A text at the left edge, indented, on up to `max_lines` lines.
    pub(crate) fn left(&mut self, text: &str, indent: usize, max_lines: usize) {
        for line in wrap(
            &printable(text),
            self.columns.saturating_sub(indent),
            max_lines,
        ) {
            self.line(format!("{}{line}", " ".repeat(indent)), Style::default());
        }
    }

    /// A text at the left and an amount at the right edge. A long text wraps beside the amount,
    /// which stands on the first line; where there is no room beside it, the amount goes below.
    pub(crate) fn pair(&mut self, left: &str, right: &str, style: Style, max_lines: usize) {
        let left = printable(left);
        let room = self.columns.saturating_sub(columns(right) + 1);
        let beside = room >= LEAST_BESIDE || columns(&left) <= room;
        let lines = wrap(&left, if beside { room } else { self.columns }, max_lines);
        for (index, line) in lines.into_iter().enumerate() {
            if index == 0 && beside {
                self.line(self.apart(&line, right), style);
            } else {
                self.line(line, style);
            }
        }
        if !beside {
            self.line(self.apart("", right), style);
        }
    }

    /// A pair that belongs to the line above: its text is indented.
    pub(crate) fn pair_indented(&mut self, left: &str, right: &str) {
        let left = format!("  {}", printable(left));
        if columns(&left) + columns(right) < self.columns {
            self.line(self.apart(&left, right), Style::default());
        } else {
            self.pair(&left, right, Style::default(), 1);
        }
    }

    /// Two texts apart as far as the paper goes. Both must fit.
    fn apart(&self, left: &str, right: &str) -> String {
        let free = self.columns.saturating_sub(columns(left) + columns(right));
        format!("{left}{}{right}", " ".repeat(free))
    }

    /// Two texts on one line where they fit, otherwise below each other.
    pub(crate) fn two(&mut self, left: &str, right: &str) {
        let (left, right) = (printable(left), printable(right));
        if columns(&left) + columns(&right) < self.columns {
            self.line(self.apart(&left, &right), Style::default());
        } else {
            self.left(&left, 0, 2);
            self.left(&right, 0, 2);
        }
    }

    /// A line as it is. Whatever is too wide in spite of everything is cut rather than left to
    /// run over the edge, where the printer would break it anywhere.
    pub(crate) fn line(&mut self, text: String, style: Style) {
        let width = self.columns / if style.wide { 2 } else { 1 };
        let text = if columns(&text) <= width {
            text
        } else {
            cut(&text, width)
        };
        self.rows.push(Row::Text {
            text,
            align: Align::Left,
            style,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::text;

    fn set(what: impl FnOnce(&mut Sheet)) -> String {
        let mut sheet = Sheet::new(Paper::Mm58);
        what(&mut sheet);
        let rows = sheet.into_rows();
        assert!(rows.iter().all(|row| row.columns() <= 32), "{rows:?}");
        text(&rows, Paper::Mm58)
    }

    #[test]
    fn a_text_too_long_for_its_amount_goes_beside_or_above_it() {
        let pair = |left, right| set(|sheet| sheet.pair(left, right, Style::default(), 3));
        assert_eq!(pair("Milk", "1.19 A"), "Milk                      1.19 A\n");
        let wrapped = "Milk of happy old brown   1.19 A\ncows\n";
        assert_eq!(pair("Milk of happy old brown cows", "1.19 A"), wrapped);
        let amount = "-92,233,720,368,547,758.08 A";
        assert_eq!(pair("Oil", amount), "Oil -92,233,720,368,547,758.08 A\n");
        let above = format!("Oil of a good field\n    {amount}\n");
        assert_eq!(pair("Oil of a good field", amount), above);
        let absurd = "9".repeat(40);
        assert_eq!(
            pair("Oil", &absurd),
            format!("Oil\n{}...\n", "9".repeat(29))
        );
    }

    #[test]
    fn wide_letters_take_two_columns_each() {
        let style = Style {
            wide: true,
            ..Style::default()
        };
        let wrapped = set(|sheet| sheet.centered("A shop of sixteen", style, 3));
        assert_eq!(
            wrapped,
            "       A   s h o p   o f\n         s i x t e e n\n"
        );
        let fits = set(|sheet| sheet.headline("Exactly sixteen!"));
        assert_eq!(fits, "E x a c t l y   s i x t e e n !\n");
        let too_long = set(|sheet| sheet.headline("One more: sixteen"));
        assert_eq!(too_long, "       One more: sixteen\n");
    }

    #[test]
    fn a_line_that_is_too_wide_is_cut_and_says_so() {
        let line = set(|sheet| sheet.line("x".repeat(33), Style::default()));
        assert_eq!(line, format!("{}...\n", "x".repeat(29)));
    }
}
