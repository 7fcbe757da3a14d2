//! Documents: posted exactly once, each in one piece with its sale.

use std::collections::HashMap;

use evertill_core::Invoice;
use evertill_protocol::{
    DocumentKind, DocumentList, DocumentResult, DocumentSummary, Envelope, ItemRecord, Outcome,
    PriceRecord, Record, RecordKind, code,
};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::devices::Device;
use super::master::{record, shop};
use super::sales::insert;
use super::{Repository, millis, timestamp};
use crate::error::HubError;
use crate::posting::{self, DocumentRejection, Incoming};

/// How far ahead a till's clock may be before it is noted.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(5);

/// Which page of a till's documents to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DocumentPage {
    /// Only this shop day.
    pub business_date: Option<Date>,
    /// Only what was posted after this position.
    pub after: u64,
    /// At most so many.
    pub limit: u32,
}

impl Repository {
    /// Posts a batch that came from `device`. One result a document, in their order; whatever is
    /// wrong with one of them holds up no other.
    ///
    /// # Errors
    /// [`HubError::StorageFull`], [`HubError::Storage`] and the like; then nothing was posted
    /// and all of it can be sent again.
    pub fn post(
        &self,
        device: &Device,
        documents: &[Box<RawValue>],
        now: Timestamp,
    ) -> Result<Vec<DocumentResult>, HubError> {
        // Reading and adding up needs no lock, so it is done before the one writer is taken.
        let incoming: Vec<Incoming> = documents
            .iter()
            .map(|document| posting::read(document, &device.till))
            .collect();
        self.write(|tx| {
            let currency = shop(tx)?.map(|shop| shop.currency.code);
            let mut desk = Acceptance {
                device,
                now,
                currency,
                items: HashMap::new(),
                prices: HashMap::new(),
            };
            incoming
                .iter()
                .map(|document| desk.take(tx, document))
                .collect()
        })
    }

    /// What the hub has from one till, in the order it was posted.
    ///
    /// # Errors
    /// [`HubError::Storage`] and the like.
    pub fn documents(&self, device: &Device, page: DocumentPage) -> Result<DocumentList, HubError> {
        let date = page
            .business_date
            .map(|date| date.to_string())
            .unwrap_or_default();
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        self.read(|tx| {
            let mut statement = tx.prepare_cached(
                "SELECT id, key, kind, till, number, payload_hash, total, business_date, posted_at
                 FROM documents
                 WHERE till = ?1 AND (?2 = '' OR business_date = ?2) AND id > ?3
                 ORDER BY id LIMIT ?4",
            )?;
            let mut rows = statement.query(params![
                device.till.as_str(),
                date,
                i64::try_from(page.after).unwrap_or(i64::MAX),
                i64::from(page.limit) + 1,
            ])?;
            let mut list = DocumentList {
                documents: Vec::new(),
                next: None,
            };
            let mut last = 0_i64;
            while let Some(row) = rows.next()? {
                if list.documents.len() >= limit {
                    list.next = u64::try_from(last).ok();
                    break;
                }
                last = row.get(0)?;
                list.documents.push(summary(row)?);
            }
            Ok(list)
        })
    }
}

fn summary(row: &Row<'_>) -> Result<DocumentSummary, HubError> {
    let (key, kind, till): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
    let number: String = row.get(4)?;
    let date: String = row.get(7)?;
    Ok(DocumentSummary {
        key: Uuid::parse_str(&key).map_err(|error| HubError::Unreadable(error.to_string()))?,
        kind: DocumentKind::from(kind),
        till: till.into(),
        number: Some(number).filter(|number| !number.is_empty()),
        payload_hash: row.get(5)?,
        total_minor: row.get(6)?,
        business_date: date.parse()?,
        posted_at: timestamp(row.get(8)?)?,
    })
}

/// Takes the documents of one batch, one after the other.
struct Acceptance<'a> {
    device: &'a Device,
    now: Timestamp,
    currency: Option<String>,
    // Baskets of one batch share most of their items.
    items: HashMap<String, Option<ItemRecord>>,
    prices: HashMap<String, Option<PriceRecord>>,
}

impl Acceptance<'_> {
    fn take(
        &mut self,
        tx: &mut Transaction<'_>,
        document: &Incoming,
    ) -> Result<DocumentResult, HubError> {
        let (envelope, invoice) = match document {
            Incoming::Unreadable { key, refusal } => return self.reject(tx, *key, refusal),
            Incoming::Sealed { envelope, invoice } => (envelope, invoice),
        };
        if let Some(known) = self.known(tx, envelope)? {
            return Ok(known);
        }
        let invoice = match invoice {
            Ok(invoice) => invoice,
            Err(refusal) => return self.reject(tx, envelope.key, refusal),
        };
        if let Some(refusal) = self.other_currency(invoice) {
            return self.reject(tx, envelope.key, &refusal);
        }
        if let Some(original) = number_taken(tx, envelope)? {
            return self.quarantine(tx, envelope, code::NUMBER_REUSED, &original);
        }
        let notes = self.notes(tx, envelope, invoice)?;
        let mut savepoint = tx.savepoint()?;
        match insert(
            &mut savepoint,
            self.device,
            envelope,
            invoice,
            &notes,
            self.now,
        ) {
            Ok(()) => {
                savepoint.commit()?;
                Ok(DocumentResult {
                    notes,
                    posted_at: Some(self.now),
                    ..accepted(envelope.key)
                })
            }
            // A rule of the schema that no check before has seen: a fault of this hub, which must
            // neither lose the document nor hold up the others.
            Err(error) if is_constraint(&error) => {
                savepoint.rollback()?;
                tracing::error!(key = %envelope.key, %error, "document could not be posted");
                Ok(retry(envelope.key))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The answer for a key that was used before: the same again, or a fork.
    fn known(
        &self,
        tx: &Transaction<'_>,
        envelope: &Envelope,
    ) -> Result<Option<DocumentResult>, HubError> {
        let found: Option<(i64, String, i64, String)> = tx
            .prepare_cached(
                "SELECT id, payload_hash, posted_at, notes FROM documents WHERE key = ?1",
            )?
            .query_row([envelope.key.to_string()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()?;
        let Some((id, hash, posted_at, notes)) = found else {
            return Ok(None);
        };
        if hash != envelope.payload_hash {
            let original = envelope.key.to_string();
            return self
                .quarantine(tx, envelope, code::KEY_REUSED, &original)
                .map(Some);
        }
        tx.prepare_cached("UPDATE documents SET repeats = repeats + 1 WHERE id = ?1")?
            .execute([id])?;
        Ok(Some(DocumentResult {
            outcome: Outcome::Duplicate,
            notes: serde_json::from_str(&notes)?,
            posted_at: Some(timestamp(posted_at)?),
            ..accepted(envelope.key)
        }))
    }

    fn quarantine(
        &self,
        tx: &Transaction<'_>,
        envelope: &Envelope,
        code: &'static str,
        original: &str,
    ) -> Result<DocumentResult, HubError> {
        tx.prepare_cached(
            "INSERT INTO quarantine (key, kind, till, number, device_id, code, original_key,
                                     payload_hash, payload, received_at, repeats)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0)
             ON CONFLICT (key, payload_hash) DO UPDATE SET repeats = repeats + 1",
        )?
        .execute(params![
            envelope.key.to_string(),
            envelope.kind.as_str(),
            envelope.till.as_str(),
            envelope.number.as_deref().unwrap_or_default(),
            self.device.id.to_string(),
            code,
            original,
            envelope.payload_hash,
            envelope.payload.get(),
            millis(self.now),
        ])?;
        let message = match code {
            code::KEY_REUSED => "This key was used before for another document.".to_owned(),
            _ => format!("This number was used before for document {original}."),
        };
        Ok(DocumentResult {
            outcome: Outcome::Fork,
            code: Some(code.to_owned()),
            message: Some(message),
            ..accepted(envelope.key)
        })
    }

    fn reject(
        &self,
        tx: &Transaction<'_>,
        key: Uuid,
        refusal: &DocumentRejection,
    ) -> Result<DocumentResult, HubError> {
        tx.prepare_cached(
            "INSERT INTO rejections (device_id, key, code, message, received_at, repeats)
             VALUES (?1, ?2, ?3, ?4, ?5, 0)
             ON CONFLICT (device_id, key, code) DO UPDATE SET repeats = repeats + 1",
        )?
        .execute(params![
            self.device.id.to_string(),
            key.to_string(),
            refusal.code,
            refusal.message,
            millis(self.now),
        ])?;
        Ok(DocumentResult {
            outcome: Outcome::Rejected,
            code: Some(refusal.code.to_owned()),
            message: Some(refusal.message.clone()),
            ..accepted(key)
        })
    }

    fn other_currency(&self, invoice: &Invoice) -> Option<DocumentRejection> {
        let ours = self.currency.as_deref()?;
        (invoice.currency.code != ours).then(|| DocumentRejection {
            code: code::CURRENCY_DIFFERS,
            message: format!("The shop counts in {ours}, the invoice in another currency."),
        })
    }

    /// What is worth a note though the document is accepted as it was sold.
    fn notes(
        &mut self,
        tx: &Transaction<'_>,
        envelope: &Envelope,
        invoice: &Invoice,
    ) -> Result<Vec<String>, HubError> {
        let mut notes = Vec::new();
        for line in &invoice.lines {
            let id = line.item.as_str();
            match self.item(tx, id)? {
                None => notes.push(format!("item_unknown: {id}")),
                Some(item) => {
                    if item.disabled {
                        notes.push(format!("item_disabled: {id}"));
                    }
                    if item.tax_rule != line.tax_rule {
                        notes.push(format!("tax_changed: {id}"));
                    }
                }
            }
            let price = self.price(tx, &format!("{}/{id}", invoice.price_list))?;
            if price.is_some_and(|price| price.amount != line.list_price) {
                notes.push(format!("price_changed: {id}"));
            }
        }
        if let Some(customer) = &invoice.customer {
            let id = customer.id.as_str();
            if record(tx, RecordKind::Customer, id)?.is_none() {
                notes.push(format!("customer_unknown: {id}"));
            }
        }
        if envelope.created_at.duration_since(self.now) > CLOCK_SLACK {
            notes.push(format!("clock_ahead: {}", envelope.created_at));
        }
        notes.sort();
        notes.dedup();
        Ok(notes)
    }

    fn item(&mut self, tx: &Transaction<'_>, id: &str) -> Result<Option<ItemRecord>, HubError> {
        if let Some(item) = self.items.get(id) {
            return Ok(item.clone());
        }
        let item = match record(tx, RecordKind::Item, id)? {
            Some(Record::Item(item)) => Some(item),
            _ => None,
        };
        self.items.insert(id.to_owned(), item.clone());
        Ok(item)
    }

    fn price(&mut self, tx: &Transaction<'_>, id: &str) -> Result<Option<PriceRecord>, HubError> {
        if let Some(price) = self.prices.get(id) {
            return Ok(price.clone());
        }
        let price = match record(tx, RecordKind::Price, id)? {
            Some(Record::Price(price)) => Some(price),
            _ => None,
        };
        self.prices.insert(id.to_owned(), price.clone());
        Ok(price)
    }
}

fn accepted(key: Uuid) -> DocumentResult {
    DocumentResult {
        key,
        outcome: Outcome::Accepted,
        code: None,
        message: None,
        notes: Vec::new(),
        posted_at: None,
    }
}

fn retry(key: Uuid) -> DocumentResult {
    DocumentResult {
        outcome: Outcome::Retry,
        code: Some(code::INTERNAL.to_owned()),
        message: Some("The hub could not post this document now. It has to be sent again.".into()),
        ..accepted(key)
    }
}

fn is_constraint(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation)
}

/// The key of another document that has this till and number already.
fn number_taken(tx: &Transaction<'_>, envelope: &Envelope) -> Result<Option<String>, HubError> {
    let Some(number) = envelope
        .number
        .as_deref()
        .filter(|number| !number.is_empty())
    else {
        return Ok(None);
    };
    let taken = tx
        .prepare_cached("SELECT key FROM documents WHERE till = ?1 AND number = ?2")?
        .query_row(params![envelope.till.as_str(), number], |row| row.get(0))
        .optional()?;
    Ok(taken)
}
