//! The people of the till.

use evertill_core::{Role, UserId};
use evertill_protocol::UserRecord;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::db::value::{self, id, named};
use crate::db::{Database, StoreError};
use crate::row::{RowError, Target, text_id, text_name};

/// A person the hub knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// What their tile says.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// May no longer sign in.
    pub disabled: bool,
    /// Has a PIN at the hub.
    pub has_pin: bool,
}

impl Database {
    /// The people, by name.
    ///
    /// # Errors
    /// Database errors.
    pub fn users(&self) -> Result<Vec<User>, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id, name, role, disabled, has_pin FROM users ORDER BY name, id",
            )?;
            let rows = statement.query_map([], user)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// One person.
    ///
    /// # Errors
    /// Database errors.
    pub fn user(&self, user_id: &UserId) -> Result<Option<User>, StoreError> {
        self.read(|conn| {
            let found = conn
                .prepare_cached(
                    "SELECT id, name, role, disabled, has_pin FROM users WHERE id = ?1",
                )?
                .query_row([user_id.as_str()], user)
                .optional()?;
            Ok(found)
        })
    }
}

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: id(row, 0)?,
        name: row.get(1)?,
        role: named(row, 2)?,
        disabled: row.get(3)?,
        has_pin: row.get(4)?,
    })
}

/// Writes a person.
pub(crate) fn put(to: Target<'_>, user: &UserRecord) -> Result<(), RowError> {
    text_id(user.id.as_str())?;
    text_name(&user.name)?;
    to.conn
        .prepare_cached(
            "INSERT INTO users (id, name, role, disabled, has_pin, generation)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role,
                 disabled = excluded.disabled, has_pin = excluded.has_pin,
                 generation = excluded.generation",
        )?
        .execute((
            user.id.as_str(),
            &user.name,
            value::name("role", &user.role)?,
            user.disabled,
            user.has_pin,
            to.generation,
        ))?;
    Ok(())
}

/// Deletes a person, if they are there.
pub(crate) fn delete(conn: &Connection, id: &str) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM users WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}
