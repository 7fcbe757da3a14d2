//! What every domain's commands work with: the store, the shop, time, ids and randomness.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use evertill_core::{Clock, Fault, Ids, Threads, Timer};
use evertill_store::Store;
use evertill_sync::run_blocking;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::fault::AppError;
use crate::shop::EnrolledShop;

/// The setting with the latest time the till has seen.
const LATEST: &str = "latest_time";

/// Store, shop, time, ids and randomness. Cheap to clone; all clones are of the same till.
#[derive(Clone)]
pub(crate) struct Context(Arc<Inner>);

struct Inner {
    store: Store,
    machine: Machine,
    shop: RwLock<Option<Arc<EnrolledShop>>>,
}

/// What the till asks of the machine it runs on.
pub(crate) struct Machine {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) threads: Arc<dyn Threads>,
    pub(crate) ids: Arc<dyn Ids>,
    /// Even random numbers, to spread retries.
    pub(crate) random: Arc<dyn Fn() -> u64 + Send + Sync>,
}

impl Context {
    /// # Errors
    /// `shop_invalid` and database errors.
    pub(crate) fn new(store: Store, machine: Machine) -> Result<Self, Fault> {
        let shop = EnrolledShop::load(&store)?.map(Arc::new);
        Ok(Self(Arc::new(Inner {
            store,
            machine,
            shop: RwLock::new(shop),
        })))
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.machine.clock.now()
    }

    /// Now, or the latest time this till has seen should its clock have been set back: that must not
    /// revive a grant that has run out.
    pub(crate) fn trusted_now(&self) -> Result<Timestamp, Fault> {
        let now = self.now();
        let latest = self.store().setting::<Timestamp>(LATEST)?;
        // Once a minute is enough for a grant of days, and a clock need not wear the disk.
        if latest.is_none_or(|latest| latest + SignedDuration::from_mins(1) < now) {
            self.store().set_setting(LATEST, &now)?;
        }
        Ok(latest.map_or(now, |latest| latest.max(now)))
    }

    pub(crate) fn machine(&self) -> &Machine {
        &self.0.machine
    }

    /// Runs work on the store off the async threads.
    ///
    /// # Errors
    /// What the work answers; `internal` if it panics.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        run_blocking(self.0.machine.threads.as_ref(), work)
            .await
            .map_err(AppError::internal)?
    }

    /// Waits so long.
    pub(crate) async fn sleep(&self, time: Duration) {
        let timer = &self.0.machine.timer;
        timer.sleep_until(timer.moment().saturating_add(time)).await;
    }

    /// The shop's local time.
    pub(crate) fn local_now(&self, enrolled: &EnrolledShop) -> DateTime {
        self.now().to_zoned(enrolled.zone.clone()).datetime()
    }

    pub(crate) fn next_id(&self) -> Uuid {
        self.0.machine.ids.next()
    }

    /// # Errors
    /// `not_enrolled`
    pub(crate) fn shop(&self) -> Result<Arc<EnrolledShop>, Fault> {
        // The shop is only ever replaced as a whole, so what a panic left behind is good.
        let shop = self.0.shop.read().unwrap_or_else(PoisonError::into_inner);
        shop.clone().ok_or_else(|| AppError::NotEnrolled.into())
    }

    pub(crate) fn set_shop(&self, enrolled: EnrolledShop) {
        *self.0.shop.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(enrolled));
    }

    /// The shop's time zone; UTC before there is a shop.
    pub(crate) fn zone(&self) -> TimeZone {
        self.shop()
            .map_or(TimeZone::UTC, |enrolled| enrolled.zone.clone())
    }
}
