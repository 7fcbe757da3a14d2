//! What the till tells the hub, and how far it has followed it.

pub(crate) mod cursors;
pub(crate) mod outbox;
