//! Looking into a till's store without running the till, for support and administrators.

use std::sync::Arc;

use evertill_core::Fault;
use evertill_store::{Store, StoreConfig};
use jiff::Timestamp;

use crate::config::TillConfig;
use crate::context::Context;
use crate::shop::{EnrolledShop, Enrolment};
use crate::sync::{self, DocumentsRequest, DocumentsView};

/// A till's store, opened to look at. Every call blocks.
pub struct Support {
    store: Store,
    now: Timestamp,
}

/// What a till is, in a few lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Shop, number and name of the till; `None` before it is enrolled.
    pub till: Option<String>,
    /// Where its hub is.
    pub hub_url: Option<String>,
    /// Items that can be sold.
    pub items: u64,
    /// Documents the hub has not acknowledged.
    pub waiting: u64,
    /// Documents a person has to look at.
    pub attention: u64,
    /// Documents the hub has.
    pub acknowledged: u64,
}

impl Support {
    /// Opens the store and leaves it as it is. While the till itself is running this is refused.
    ///
    /// # Errors
    /// `store_missing`, `store_older`, `store_in_use` and whatever else keeps a store shut.
    pub fn open(config: &TillConfig) -> Result<Self, Fault> {
        let store_config = StoreConfig {
            dir: config.dir.clone(),
            readers: 1,
        };
        let clock = Arc::clone(&config.clock);
        let store = Store::open_existing(&store_config, config.secret.as_ref(), clock)?;
        Ok(Self {
            store,
            now: config.clock.now(),
        })
    }

    /// The same for a till that runs in this process.
    pub(crate) fn of(context: &Context) -> Self {
        Self {
            store: context.store().clone(),
            now: context.now(),
        }
    }

    /// Checks the journal's chain of hashes and answers how many entries it has.
    ///
    /// # Errors
    /// `journal_altered`, `journal_gap`, `journal_unlinked`, each with the entry.
    pub fn verify_journal(&self) -> Result<u64, Fault> {
        Ok(self.store.journal_verify()?)
    }

    /// Reads every page of the store and says what is wrong with it; nothing when it is sound.
    ///
    /// # Errors
    /// Database errors other than damage.
    pub fn check(&self) -> Result<Vec<String>, Fault> {
        Ok(self.store.check()?)
    }

    /// Lets the store's file grow by so many pages of 4 KiB and no more, until it is opened again:
    /// the till then meets a full disk without filling one.
    ///
    /// # Errors
    /// Database errors.
    #[cfg(feature = "tampering")]
    pub fn limit_pages(&self, more: u32) -> Result<(), Fault> {
        Ok(self.store.limit_pages(more)?)
    }

    /// Documents as the sync desk shows them.
    ///
    /// # Errors
    /// `not_enrolled`
    pub fn documents(&self, request: &DocumentsRequest) -> Result<DocumentsView, Fault> {
        let enrolled =
            EnrolledShop::load(&self.store)?.ok_or(crate::fault::AppError::NotEnrolled)?;
        sync::documents_of(&self.store, &enrolled, self.now, request)
    }

    /// What the till is.
    ///
    /// # Errors
    /// Database errors.
    pub fn about(&self) -> Result<About, Fault> {
        let enrolled = EnrolledShop::load(&self.store)?;
        let counts = self.store.outbox_counts()?;
        Ok(About {
            till: enrolled.as_ref().map(|enrolled| {
                let Enrolment {
                    till, till_name, ..
                } = &enrolled.enrolment;
                format!("{}, till {till} ({till_name})", enrolled.shop.name)
            }),
            hub_url: enrolled.map(|enrolled| enrolled.enrolment.hub_url),
            items: self.store.item_count()?,
            waiting: counts.waiting,
            attention: counts.attention,
            acknowledged: counts.acknowledged,
        })
    }
}
