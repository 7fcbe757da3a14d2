//! What was sold: the invoice, and the proof of its totals.

pub mod invoice;
pub mod verify;
