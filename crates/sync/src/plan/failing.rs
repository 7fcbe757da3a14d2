//! What does not work, for the one word a person is told.

/// What did not work the last time it was tried.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Failing {
    /// No connection can be made.
    pub(crate) away: bool,
    /// A batch got no usable answer.
    pub(crate) push: bool,
    /// A feed was not read to its end.
    pub(crate) pull: bool,
    /// The store failed.
    pub(crate) store: bool,
    /// The hub does not know this till.
    pub(crate) device_refused: bool,
}

impl Failing {
    pub(crate) fn any(self) -> bool {
        self.away || self.push || self.pull || self.store
    }
}
