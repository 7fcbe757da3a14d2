//! Work that blocks is handed to whoever has threads for it.

/// Runs work that may block where it holds up nobody. The edge of the program implements it with the
/// machine's threads; a simulation runs the work at once, so that nothing happens at the same time.
pub trait Threads: Send + Sync {
    /// Runs the work, now or soon.
    fn run(&self, work: Box<dyn FnOnce() + Send>);
}
