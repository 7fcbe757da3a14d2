//! Everything a story plays with.

use std::sync::Arc;

use tempfile::TempDir;

use crate::clock::WorldClock;
use crate::hub::Hub;
use crate::shop::GOODS;
use crate::till::Till;

/// A corner shop with a running hub, and the tills a story puts on its counter.
pub struct World {
    /// The time, for everybody.
    pub clock: WorldClock,
    hub: Arc<Hub>,
    folder: TempDir,
}

impl World {
    /// A shop with a hub and no till.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = WorldClock::default();
        let hub = Arc::new(Hub::start(folder.path(), clock.clone()).await);
        Self { clock, hub, folder }
    }

    /// The hub.
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// A till that belongs to the shop, has the catalogue and waits for somebody to sign in.
    pub async fn till(&self, name: &str) -> Till {
        let till = self.bare_till(name).await;
        till.start().await;
        till.enrol().await;
        till.until_synced().await;
        let items = till.state().await.catalogue.items;
        assert_eq!(
            items,
            u64::try_from(GOODS.len()).expect("few"),
            "the whole catalogue"
        );
        till
    }

    /// A till out of the box, switched off.
    pub async fn bare_till(&self, name: &str) -> Till {
        let folder = self.folder.path().join(name);
        Till::new(name, folder, Arc::clone(&self.hub), self.clock.own()).await
    }
}
