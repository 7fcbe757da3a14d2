//! What a hub has, as a whole.

use std::collections::BTreeSet;

use evertill_protocol::Record;

/// What a hub has before an import.
#[derive(Debug, Clone, Default)]
pub struct MasterData {
    /// Every record that is not deleted.
    pub records: Vec<Record>,
    /// Ids of the people who have a password.
    pub with_password: BTreeSet<String>,
    /// The cursor it stands for.
    pub cursor: u64,
}
