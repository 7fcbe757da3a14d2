//! Who works at the till.

use evertill_core::Role;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The people who may sign in here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PeopleView {
    /// In the order of their names.
    pub people: Vec<PersonView>,
}

/// A person as a tile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonView {
    /// User id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Role in the shop.
    pub role: Role,
    /// One or two letters for the tile.
    pub initials: String,
    /// Whether a PIN is enough: the person has one and has signed in here before.
    pub can_pin: bool,
    /// Whether the person can sign in while the hub is away.
    pub offline_ok: bool,
}

/// What a person proves themself with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretKind {
    /// The password the hub knows.
    Password,
    /// The PIN, checked on the till alone.
    Pin,
}

/// Signs a person in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// User id.
    pub user_id: String,
    /// The password or the PIN.
    pub secret: String,
    /// Which of the two it is.
    pub kind: SecretKind,
}

impl std::fmt::Debug for SignInRequest {
    // A secret must not reach a log through a stray `{:?}`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInRequest")
            .field("user_id", &self.user_id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
