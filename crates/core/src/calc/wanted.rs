//! What is to be returned of a sale.

use rust_decimal::Decimal;

/// One line to take back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Row of the sale, from 1.
    pub row: u32,
    /// How much of it, positive.
    pub qty: Decimal,
}

/// A row from 1 as an index from 0.
pub(super) fn row_index(row: u32) -> Option<usize> {
    usize::try_from(row).ok()?.checked_sub(1)
}

/// How much of the line at `index` is wanted.
pub(super) fn wanted_of(wanted: &[Wanted], index: usize) -> Decimal {
    wanted
        .iter()
        .filter(|want| row_index(want.row) == Some(index))
        .fold(Decimal::ZERO, |sum, want| sum.saturating_add(want.qty))
}
