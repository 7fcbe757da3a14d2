//! What there is to do, and what is done about it.

use super::now::Moment;

/// What there is to do, as the store sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Work {
    /// A document could be sent now.
    pub(crate) due: bool,
    /// When the next one can, if none can now.
    pub(crate) due_at: Option<Moment>,
    /// There is no catalogue to apply changes to.
    pub(crate) snapshot: bool,
}

/// The next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Ask whether the hub is there.
    Probe,
    /// Send up to this many documents.
    Push {
        /// At least 1.
        limit: usize,
    },
    /// Load the whole catalogue.
    Snapshot,
    /// Look at the change feed.
    Pull,
    /// Do nothing before this moment, unless woken.
    Rest {
        /// Always in the future.
        until: Moment,
    },
}
