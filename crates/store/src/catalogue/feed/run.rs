//! What the tables need to know of each other while a run of changes is written.

use rusqlite::Connection;

use crate::catalogue::items::ItemWriter;
use crate::customers;
use crate::db::StoreError;
use crate::db::fts::Fts;
use crate::db::value::integer;
use crate::pricing::prices::PriceWriter;
use crate::row::Target;
use crate::sync::cursors;

/// The tables of one run of changes.
pub(super) struct Run<'a> {
    pub(super) to: Target<'a>,
    pub(super) items: ItemWriter<'a>,
    pub(super) prices: PriceWriter<'a>,
    pub(super) customers: Fts,
    /// Whether anything changed that sales are priced and taxed by as a whole.
    pub(super) terms_changed: bool,
}

impl<'a> Run<'a> {
    pub(super) fn begin(conn: &'a Connection) -> Result<Self, StoreError> {
        let generation = cursors::get(conn, cursors::GENERATION)?.unwrap_or(0);
        let to = Target {
            conn,
            generation: integer("generation", generation)?,
        };
        Ok(Self {
            to,
            items: ItemWriter::new(to),
            prices: PriceWriter::new(to)?,
            customers: customers::index(),
            terms_changed: false,
        })
    }

    /// Writes the search indexes and says whether the terms changed.
    pub(super) fn finish(&self) -> Result<(), StoreError> {
        let conn = self.to.conn;
        self.items.finish()?;
        self.customers.write(conn)?;
        if self.terms_changed {
            let version = cursors::get(conn, cursors::PROMOTIONS)?.unwrap_or(0);
            cursors::set(conn, cursors::PROMOTIONS, version + 1)?;
        }
        Ok(())
    }
}
