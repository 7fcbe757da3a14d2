//! What the till tells the window without being asked.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::printing::{PrintNews, PrintView};
use crate::sync::{CatalogueView, LoadingView, SyncNews, SyncView};

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The sync pill.
    SyncChanged {
        /// How the sync stands now.
        sync: SyncView,
    },
    /// A receipt moved on.
    PrintChanged {
        /// The invoice's idempotency key.
        invoice_id: String,
        /// How its receipt stands now.
        print: PrintView,
    },
    /// Items, people or categories changed.
    CatalogueChanged {
        /// Items that can be sold now.
        items: u64,
        /// Set while a load runs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        loading: Option<LoadingView>,
    },
    /// A minute went by.
    Clock {
        /// The time of day in the shop, `14:07`.
        now_text: String,
    },
}

impl From<PrintNews> for Event {
    fn from(news: PrintNews) -> Self {
        Self::PrintChanged {
            invoice_id: news.invoice.to_string(),
            print: news.print,
        }
    }
}

impl From<SyncNews> for Event {
    fn from(news: SyncNews) -> Self {
        match news {
            SyncNews::Status(sync) => Self::SyncChanged { sync },
            SyncNews::Catalogue(CatalogueView { items, loading }) => {
                Self::CatalogueChanged { items, loading }
            }
        }
    }
}
