//! The journal: append-only, each entry hashed over the one before it.
//!
//! # The bytes that are hashed
//! SHA-256 over these fields in this order, each written as the length of its UTF-8 text in
//! bytes (8 bytes, big-endian) followed by the text itself:
//!
//! 1. `evertill.journal.1`, so that no other hash of the product can be mistaken for one;
//! 2. the hash of the entry before, 64 lower-case hexadecimal digits; 64 zeros for the first;
//! 3. `seq` in decimal digits;
//! 4. `at` in whole milliseconds since 1970-01-01T00:00:00Z, decimal digits, `-` before 1970;
//! 5. `kind`;
//! 6. `subject`;
//! 7. `body`, byte for byte as stored (JSON).
//!
//! The lengths make it impossible to move text from one field to the next. Whoever changes,
//! removes, inserts or reorders an entry has to change every entry after it as well.

use std::borrow::Borrow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fault::Coded;

const DOMAIN: &str = "evertill.journal.1";

/// Stands for the hash before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Its place, from 1, without gaps.
    pub seq: u64,
    /// When it was written, in whole milliseconds.
    pub at: Timestamp,
    /// What happened: "sale", "sign_in".
    pub kind: String,
    /// What it happened to: the key of a document, the id of a user.
    pub subject: String,
    /// Particulars, as JSON.
    pub body: String,
    /// Hash of the entry before, lower-case hexadecimal; [`GENESIS`] for the first.
    pub previous: String,
    /// Hash of this entry, lower-case hexadecimal.
    pub hash: String,
}

impl JournalEntry {
    /// The entry that follows `previous`, or the first one. `at` is cut to milliseconds, for
    /// that is what the store keeps.
    pub fn chain(
        previous: Option<&Self>,
        at: Timestamp,
        kind: impl Into<String>,
        subject: impl Into<String>,
        body: impl Into<String>,
    ) -> Self {
        let (seq, before) = match previous {
            // A till that writes a million entries a second gets there in 584,000 years.
            Some(entry) => (entry.seq.saturating_add(1), entry.hash.clone()),
            None => (1, GENESIS.to_owned()),
        };
        let at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
        let mut entry = Self {
            seq,
            at,
            kind: kind.into(),
            subject: subject.into(),
            body: body.into(),
            previous: before,
            hash: String::new(),
        };
        entry.hash = entry.compute_hash();
        entry
    }

    /// The hash this entry should have. See the module for the bytes.
    pub fn compute_hash(&self) -> String {
        let (seq, at) = (self.seq.to_string(), self.at.as_millisecond().to_string());
        let fields = [
            DOMAIN,
            &self.previous,
            &seq,
            &at,
            &self.kind,
            &self.subject,
            &self.body,
        ];
        let mut hasher = Sha256::new();
        for field in fields {
            let length = u64::try_from(field.len()).unwrap_or(u64::MAX);
            hasher.update(length.to_be_bytes());
            hasher.update(field.as_bytes());
        }
        hex::encode(hasher.finalize())
    }
}

/// Checks a journal from its first entry on, one entry at a time, so that a long one need not be
/// in memory.
#[derive(Debug, Clone)]
pub struct ChainVerifier {
    seq: u64,
    hash: String,
}

impl Default for ChainVerifier {
    fn default() -> Self {
        Self {
            seq: 0,
            hash: GENESIS.to_owned(),
        }
    }
}

impl ChainVerifier {
    /// Checks the next entry, or says what is wrong with it.
    pub fn push(&mut self, entry: &JournalEntry) -> Result<(), JournalFault> {
        let expected = self.seq.saturating_add(1);
        if entry.seq != expected {
            return Err(JournalFault::Gap {
                seq: expected,
                found: entry.seq,
            });
        }
        if entry.previous != self.hash {
            return Err(JournalFault::Unlinked { seq: entry.seq });
        }
        if entry.compute_hash() != entry.hash {
            return Err(JournalFault::Altered { seq: entry.seq });
        }
        self.seq = entry.seq;
        self.hash.clone_from(&entry.hash);
        Ok(())
    }

    /// How many entries were good.
    pub const fn checked(&self) -> u64 {
        self.seq
    }

    /// Hash of the last good entry, [`GENESIS`] before the first.
    pub fn head(&self) -> &str {
        &self.hash
    }
}

/// Checks a whole journal in its order and gives back how many entries it has. An empty one is
/// good. Entries cut off at the end are not seen here: compare the count and the last hash with
/// what was written down elsewhere.
pub fn verify_chain<E: Borrow<JournalEntry>>(
    entries: impl IntoIterator<Item = E>,
) -> Result<u64, JournalFault> {
    let mut verifier = ChainVerifier::default();
    for entry in entries {
        verifier.push(entry.borrow())?;
    }
    Ok(verifier.checked())
}

/// Which entry of a journal was touched, and how it shows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Coded)]
pub enum JournalFault {
    /// An entry is missing, was inserted or moved.
    #[error("Journal entry {seq} is missing: entry {found} stands in its place.")]
    #[coded("journal_gap")]
    Gap {
        /// The entry that should be here.
        seq: u64,
        /// The one that is.
        #[coded(skip)]
        found: u64,
    },
    /// It does not name the entry before it.
    #[error("Journal entry {seq} does not follow the entry before it.")]
    #[coded("journal_unlinked")]
    Unlinked {
        /// The entry.
        seq: u64,
    },
    /// Its contents are not what was hashed.
    #[error("Journal entry {seq} was changed after it was written.")]
    #[coded("journal_altered")]
    Altered {
        /// The entry.
        seq: u64,
    },
}

impl JournalFault {
    /// The first entry that is not as it was written.
    pub const fn seq(&self) -> u64 {
        match self {
            Self::Gap { seq, .. } | Self::Unlinked { seq } | Self::Altered { seq } => *seq,
        }
    }
}
