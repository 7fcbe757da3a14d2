//! `evertill-hub user`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use evertill_core::Role;
use evertill_hub::repository::NewPerson;
use evertill_protocol::UserRecord;

use super::{ask, open_existing, say, with_shop};

/// A person of the shop.
#[derive(Args)]
pub(crate) struct User {
    /// The database file
    #[arg(long)]
    db: PathBuf,
    /// Id to sign in with
    #[arg(long)]
    id: String,
    /// Name on the tile
    #[arg(long)]
    name: String,
    /// What they may do
    #[arg(long)]
    role: RoleName,
    /// May no longer sign in
    #[arg(long)]
    disabled: bool,
}

/// A role as it is typed.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RoleName {
    /// Sells
    Cashier,
    /// Approves
    Supervisor,
    /// Puts right what has not synced
    Manager,
    /// Sets up tills
    Administrator,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Cashier => Self::Cashier,
            RoleName::Supervisor => Self::Supervisor,
            RoleName::Manager => Self::Manager,
            RoleName::Administrator => Self::Administrator,
        }
    }
}

/// Adds or replaces a person. The password is asked for, or read from the standard input.
pub(crate) fn user(person: User) -> anyhow::Result<()> {
    let repository = with_shop(open_existing(&person.db)?, &person.db)?;
    let secrets = match ask::terminal() {
        Some(term) => ask::ask_secrets(&term)?,
        None => ask::read_secrets(Path::new("-"))?,
    };
    repository.put_person(&NewPerson {
        user: UserRecord {
            id: person.id.into(),
            name: person.name,
            role: person.role.into(),
            disabled: person.disabled,
            has_pin: secrets.pin.is_some(),
        },
        password: secrets.password,
        pin: secrets.pin,
    })?;
    say("Saved.")
}
