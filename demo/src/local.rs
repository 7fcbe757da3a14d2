//! A shop without a hub: the catalogue of a data set on a till by itself.
//!
//! `evertill-demo replay` uses it when no hub is given. The till enrols, loads the catalogue and signs in
//! as it always does; afterwards the shop is out of reach, so every document waits in the outbox.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use async_trait::async_trait;
use evertill_app::{Connect, Fault, Feed, Upstream, UpstreamError};
use evertill_core::calc::RoundingMethod;
use evertill_core::{Clock, Currency, Money, PaymentKind, Role, TotalsPolicy};
use evertill_protocol::{
    BatchResult, CategoryRecord, Change, ChangeBody, EnrolCheckRequest, EnrolCheckResponse,
    EnrolRequest, EnrolResponse, Envelope, FeedLine, Grant, Health, ItemRecord, PaymentModeRecord,
    PriceListRecord, PriceRecord, Record, Shop, SignInRequest, TaxRuleRecord, UserRecord, VERSION,
};
use uuid::Uuid;

use crate::files;

/// The one who rings the baskets up.
pub(crate) const USER: &str = "replay";

/// The one price list.
const PRICES: &str = "shelf";

/// The shop of a data set.
pub(crate) struct LocalShop {
    shop: Shop,
    records: Vec<Record>,
    clock: Arc<dyn Clock>,
    loaded: AtomicBool,
}

impl LocalShop {
    /// The shop that sells these products.
    pub(crate) fn new(
        shop: &files::Shop,
        products: &[files::Product],
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let currency = Currency::new(shop.currency.clone(), shop.currency.clone(), 2)?;
        let mut records = vec![
            Record::PriceList(PriceListRecord {
                id: PRICES.into(),
                name: "Shelf".to_owned(),
            }),
            Record::PaymentMode(PaymentModeRecord {
                id: "cash".into(),
                name: "Cash".to_owned(),
                kind: PaymentKind::Cash,
                position: 0,
            }),
            Record::User(user()),
        ];
        records.extend(shop.tax_rules.iter().map(|rule| {
            Record::TaxRule(TaxRuleRecord {
                id: rule.key.as_str().into(),
                name: rule.name.clone(),
                rate: rule.rate_percent.clone(),
                inclusive: rule.inclusive,
                rates: Vec::new(),
            })
        }));
        for (position, name) in (0..).zip(&shop.categories) {
            let (id, name) = (name.as_str().into(), name.clone());
            records.push(Record::Category(CategoryRecord { id, name, position }));
        }
        let max_popularity = u64::try_from(products.len()).context("too many products")?;
        for product in products {
            records.extend(article(product, max_popularity));
        }
        Ok(Self {
            shop: Shop {
                name: "Replay".to_owned(),
                address_lines: Vec::new(),
                tax_id: String::new(),
                currency,
                time_zone: "UTC".to_owned(),
                price_list: PRICES.into(),
                receipt_footer: String::new(),
                // As the shop of the data set's own sums: half a cent goes up.
                totals_policy: TotalsPolicy {
                    rounding: RoundingMethod::Commercial,
                    ..TotalsPolicy::default()
                },
                group_price_lists: std::collections::BTreeMap::new(),
                till_price_lists: std::collections::BTreeMap::new(),
            },
            records,
            clock,
            loaded: AtomicBool::new(false),
        })
    }

    /// The till has what it came for: from now on nobody answers.
    fn away(&self) -> UpstreamError {
        self.loaded.store(true, Ordering::Release);
        UpstreamError::Unreachable {
            detail: "this till replays a data set on its own".to_owned(),
        }
    }
}

fn user() -> UserRecord {
    UserRecord {
        id: USER.into(),
        name: "Replay".to_owned(),
        // Baskets are sold at the prices of their day, which not every cashier may do.
        role: Role::Supervisor,
        disabled: false,
        has_pin: false,
    }
}

fn article(product: &files::Product, max_popularity: u64) -> [Record; 2] {
    let item = ItemRecord {
        id: product.product_id.as_str().into(),
        name: product.name.clone(),
        category: product.category.as_str().into(),
        unit: product.unit.clone(),
        whole_units: product.unit == "each",
        tax_rule: product.tax_rule.as_str().into(),
        barcodes: vec![product.barcode.clone()],
        // The data set counts ranks from the best seller, the till wants more for better.
        popularity: max_popularity.saturating_sub(product.popularity),
        disabled: false,
        brand: String::new(),
    };
    let amount = Money::from_minor(product.price_cents);
    let price = PriceRecord::new(PRICES.into(), item.id.clone(), amount);
    [Record::Item(item), Record::Price(price)]
}

/// Hands the same shop to whoever connects.
pub(crate) struct ConnectLocal(pub(crate) Arc<LocalShop>);

impl Connect for ConnectLocal {
    fn connect(&self, _: &str, _: Option<&str>) -> Result<Arc<dyn Upstream>, Fault> {
        Ok(Arc::clone(&self.0) as Arc<dyn Upstream>)
    }
}

struct Snapshot(VecDeque<String>);

#[async_trait]
impl Feed for Snapshot {
    async fn line(&mut self) -> Result<Option<String>, UpstreamError> {
        Ok(self.0.pop_front())
    }
}

#[async_trait]
impl Upstream for LocalShop {
    async fn health(&self) -> Result<Health, UpstreamError> {
        if self.loaded.load(Ordering::Acquire) {
            return Err(self.away());
        }
        Ok(Health {
            status: "ok".to_owned(),
            protocol: VERSION,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            time: self.clock.now(),
        })
    }

    async fn check_code(&self, _: &EnrolCheckRequest) -> Result<EnrolCheckResponse, UpstreamError> {
        Ok(EnrolCheckResponse {
            shop: self.shop.name.clone(),
        })
    }

    async fn enrol(&self, _: &EnrolRequest) -> Result<EnrolResponse, UpstreamError> {
        Ok(EnrolResponse {
            device_id: Uuid::nil(),
            token: "0".repeat(64),
            till: "R".into(),
            number_prefix: "R".to_owned(),
            next_number: 1,
            shop: self.shop.clone(),
        })
    }

    async fn sign_in(&self, _: &SignInRequest) -> Result<Grant, UpstreamError> {
        let now = self.clock.now();
        let user = user();
        Ok(Grant {
            role: user.role,
            user,
            issued_at: now,
            expires_at: now + jiff::SignedDuration::from_hours(24 * 14),
            pin_hash: None,
        })
    }

    async fn post(&self, _: &[Envelope]) -> Result<BatchResult, UpstreamError> {
        Err(self.away())
    }

    async fn changes(&self, _: u64, _: u32) -> Result<Box<dyn Feed>, UpstreamError> {
        Err(self.away())
    }

    async fn snapshot(&self) -> Result<Box<dyn Feed>, UpstreamError> {
        let records = u64::try_from(self.records.len()).unwrap_or(u64::MAX);
        let changes = (1_u64..).zip(&self.records).map(|(seq, record)| {
            FeedLine::Change(Change {
                seq,
                body: ChangeBody::Upsert(record.clone()),
            })
        });
        let lines = std::iter::once(FeedLine::Header {
            version: VERSION,
            cursor: records,
            records,
        })
        .chain(changes)
        .chain(std::iter::once(FeedLine::End {
            cursor: records,
            records,
            more: false,
        }))
        .map(|line| serde_json::to_string(&line))
        .collect::<Result<VecDeque<_>, _>>()
        .map_err(|error| UpstreamError::Garbage {
            detail: error.to_string(),
        })?;
        self.loaded.store(true, Ordering::Release);
        Ok(Box::new(Snapshot(lines)))
    }
}
