//! Publishing an import: records and the passwords of new people, at once or not at all.

use evertill_protocol::ChangeBody;

use super::master::{last_seq, publish};
use super::{Repository, people};
use crate::error::HubError;
use crate::person::NewPerson;

impl Repository {
    /// Publishes what was planned at `cursor`, and the passwords of new people, in one
    /// transaction. Returns how many records changed.
    ///
    /// # Errors
    /// [`HubError::Overtaken`] if anything was published since, [`HubError::Secret`] if hashing
    /// fails, [`HubError::Storage`] and the like; then nothing was published.
    pub fn publish_at(
        &self,
        cursor: u64,
        changes: &[ChangeBody],
        people: &[NewPerson],
    ) -> Result<u64, HubError> {
        let people: Vec<_> = people
            .iter()
            .map(NewPerson::hashed)
            .collect::<Result<_, _>>()?;
        self.write(|tx| {
            if u64::try_from(last_seq(tx)?) != Ok(cursor) {
                return Err(HubError::Overtaken);
            }
            let mut made = publish(tx, changes)?;
            for person in &people {
                made += people::put(tx, person)?;
            }
            Ok(made)
        })
    }
}
