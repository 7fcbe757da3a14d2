//! The open cart, saved at every change.

use evertill_core::Cart;
use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use crate::db::{Database, StoreError};

impl Database {
    /// The cart that was open when the till was last used.
    ///
    /// # Errors
    /// `store_value` if it cannot be read.
    pub fn load_cart(&self) -> Result<Option<Cart>, StoreError> {
        self.read(|conn| {
            let body: Option<String> = conn
                .prepare_cached("SELECT body FROM carts WHERE state = 'open'")?
                .query_row([], |row| row.get(0))
                .optional()?;
            body.map(|body| serde_json::from_str(&body))
                .transpose()
                .map_err(|error| StoreError::value("cart", error))
        })
    }

    /// Saves the open cart. Another cart that was open before is dropped.
    ///
    /// # Errors
    /// `cart_closed` if this cart was sold or dropped; `disk_full` and database errors.
    pub fn save_cart(&self, cart: &Cart) -> Result<(), StoreError> {
        let body = serde_json::to_string(cart).map_err(|error| StoreError::value("cart", error))?;
        self.write(|tx| {
            let id = cart.id.to_string();
            refuse_closed(tx, &id)?;
            tx.prepare_cached(
                "UPDATE carts SET state = 'dropped', body = '', updated_at = ?2
                 WHERE state = 'open' AND id <> ?1",
            )?
            .execute((&id, tx.now().as_millisecond()))?;
            tx.prepare_cached(
                "INSERT INTO carts (id, state, body, updated_at) VALUES (?1, 'open', ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET state = 'open', body = excluded.body,
                     updated_at = excluded.updated_at",
            )?
            .execute((&id, body, tx.now().as_millisecond()))?;
            Ok(())
        })
    }

    /// Drops a cart that is not to be sold after all.
    ///
    /// # Errors
    /// `cart_closed` if it was sold; `disk_full` and database errors.
    pub fn drop_cart(&self, cart: &Uuid) -> Result<(), StoreError> {
        self.write(|tx| {
            let id = cart.to_string();
            refuse_closed(tx, &id)?;
            tx.prepare_cached(
                "UPDATE carts SET state = 'dropped', body = '', updated_at = ?2 WHERE id = ?1",
            )?
            .execute((&id, tx.now().as_millisecond()))?;
            Ok(())
        })
    }
}

/// Closed carts that keep their row.
const KEPT: i64 = 200;

/// Removes the oldest closed carts. Nobody sells a cart again that was closed hundreds of carts
/// ago.
pub(crate) fn prune(conn: &Connection) -> Result<(), StoreError> {
    let closed: i64 = conn
        .prepare_cached("SELECT count(*) FROM carts WHERE state IN ('sold', 'dropped')")?
        .query_row([], |row| row.get(0))?;
    // In bulk, so that not every call writes.
    if closed >= 2 * KEPT {
        conn.prepare_cached(
            "DELETE FROM carts WHERE id IN (
                 SELECT id FROM carts WHERE state IN ('sold', 'dropped')
                 ORDER BY updated_at DESC, id DESC LIMIT -1 OFFSET ?1)",
        )?
        .execute([KEPT])?;
    }
    Ok(())
}

fn refuse_closed(conn: &Connection, id: &str) -> Result<(), StoreError> {
    let state: Option<String> = conn
        .prepare_cached("SELECT state FROM carts WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    match state {
        Some(state) if state == "sold" || state == "dropped" => {
            Err(StoreError::CartClosed { state })
        }
        _ => Ok(()),
    }
}

/// Closes a cart as sold, whether or not it was ever saved.
pub(crate) fn sell(conn: &Connection, cart: &Uuid, now: i64) -> Result<(), StoreError> {
    let id = cart.to_string();
    let closed = conn
        .prepare_cached(
            "INSERT INTO carts (id, state, body, updated_at) VALUES (?1, 'sold', '', ?2)
             ON CONFLICT (id) DO UPDATE SET state = 'sold', body = '',
                 updated_at = excluded.updated_at
                 WHERE state IN ('open', 'parked')",
        )?
        .execute((&id, now))?;
    if closed == 0 {
        refuse_closed(conn, &id)?;
    }
    Ok(())
}
