//! A small shop with a hub, a clock to turn and tills that post to it.

#![allow(dead_code, reason = "each story uses its own part of this")]
#![allow(
    missing_docs,
    unreachable_pub,
    reason = "a module of tests; names say it"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use evertill_core::{
    Cart, Clock, Currency, Invoice, Money, NewInvoice, PaymentKind, Percent, Quantity,
    ReceiptNumber, Role, SaleItem, SaleRules, TaxRule, Tender, Totals,
};
use evertill_hub::repository::{NewPerson, Repository};
use evertill_hub::system::SystemIds;
use evertill_hub::{Hub, HubConfig, RunningHub};
use evertill_protocol::{
    ApiError, BatchResult, CategoryRecord, ChangeBody, DocumentBatch, DocumentKind, EnrolRequest,
    EnrolResponse, Envelope, FeedLine, ItemRecord, PriceRecord, Record, Shop, TaxRuleRecord,
    UserRecord,
};
use jiff::Timestamp;
use reqwest::StatusCode;
use uuid::Uuid;

/// A folder that goes when the story ends.
pub struct Folder(PathBuf);

static FOLDERS: AtomicU64 = AtomicU64::new(0);

impl Folder {
    pub fn new() -> Self {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let name = format!("evertill-hub-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn db(&self) -> PathBuf {
        self.0.join("hub.sqlite")
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A clock that moves only when it is turned.
pub struct TurnedClock(AtomicI64);

impl TurnedClock {
    pub fn turn(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for TurnedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

pub fn opening_time() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

/// The hub of a shop that sells apples, bread and candles.
pub struct World {
    pub folder: Folder,
    pub clock: Arc<TurnedClock>,
    pub hub: RunningHub,
    pub http: reqwest::Client,
}

impl World {
    pub async fn open() -> Self {
        Self::open_with(Duration::from_secs(30)).await
    }

    pub async fn open_with(request_timeout: Duration) -> Self {
        Self::open_with_records(request_timeout, &shop_records()).await
    }

    pub async fn open_with_records(request_timeout: Duration, records: &[ChangeBody]) -> Self {
        let folder = Folder::new();
        let repository = Repository::open(&folder.db()).unwrap();
        repository.publish(records).unwrap();
        let clock = Arc::new(TurnedClock(AtomicI64::new(opening_time().as_millisecond())));
        let config = HubConfig {
            clock: clock.clone(),
            request_timeout,
            ..HubConfig::new(folder.db(), "127.0.0.1:0")
        };
        let hub = Hub::start_with(config, repository).await.unwrap();
        Self {
            folder,
            clock,
            hub,
            http: reqwest::Client::new(),
        }
    }

    /// Stops the hub and starts it again on the same database.
    pub async fn restart(self) -> Self {
        let Self {
            folder,
            clock,
            hub,
            http,
        } = self;
        hub.stop().await;
        let config = HubConfig {
            clock: clock.clone(),
            ..HubConfig::new(folder.db(), "127.0.0.1:0")
        };
        let hub = Hub::start(config).await.unwrap();
        Self {
            folder,
            clock,
            hub,
            http,
        }
    }

    pub fn add_person(&self, id: &str, role: Role, disabled: bool, password: &str) {
        let user = UserRecord {
            id: id.into(),
            name: id.to_uppercase(),
            role,
            disabled,
            has_pin: false,
        };
        let person = NewPerson {
            user,
            password: password.to_owned(),
            pin: Some("2580".to_owned()),
        };
        self.hub.repository().put_person(&person).unwrap();
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.hub.url())
    }

    pub async fn try_enrol(&self, code: &str) -> Result<EnrolResponse, (StatusCode, ApiError)> {
        let request = EnrolRequest {
            code: code.to_owned(),
            device_name: "Front counter".to_owned(),
            platform: "linux-x86_64".to_owned(),
            app_version: "0.1.0".to_owned(),
        };
        let answer = self
            .http
            .post(self.url("/v1/devices/enrol"))
            .json(&request)
            .send()
            .await
            .unwrap();
        read(answer).await
    }

    /// Looks at a code; the shop it is for.
    pub async fn try_check(&self, code: &str) -> Result<String, (StatusCode, ApiError)> {
        let url = self.url("/v1/devices/enrol/check");
        let request = serde_json::json!({ "code": code });
        let answer = self.http.post(url).json(&request).send().await.unwrap();
        let answer: evertill_protocol::EnrolCheckResponse = read(answer).await?;
        Ok(answer.shop)
    }

    pub async fn till(&self) -> Till {
        let code = self.hub.new_enrol_code().unwrap();
        let enrolled = self.try_enrol(&code).await.unwrap();
        Till {
            enrolled,
            hub: self.hub.url(),
            http: self.http.clone(),
            clock: self.clock.clone(),
            counter: AtomicU64::new(1),
        }
    }
}

/// A till as far as the hub can see.
pub struct Till {
    pub enrolled: EnrolResponse,
    pub hub: String,
    pub http: reqwest::Client,
    pub clock: Arc<TurnedClock>,
    counter: AtomicU64,
}

impl Till {
    pub fn next_number(&self) -> u64 {
        self.counter.fetch_add(1, Ordering::SeqCst)
    }

    /// A sale of two apples and a bread, of which the bread is a bit cheaper each time.
    pub fn invoice(&self) -> Invoice {
        self.invoice_of(&[("apple", "2"), ("bread", "1")])
    }

    pub fn invoice_of(&self, basket: &[(&str, &str)]) -> Invoice {
        self.invoice_numbered(basket, self.next_number())
    }

    pub fn invoice_numbered(&self, basket: &[(&str, &str)], counter: u64) -> Invoice {
        let mut cart = Cart::new(next_id(), "retail".into());
        for (item, quantity) in basket {
            cart.add(sale_item(item), Quantity::parse(quantity).unwrap())
                .unwrap();
        }
        let rules = SaleRules::plain(euro());
        let total = Totals::of(&cart, &rules).unwrap().total;
        let new = NewInvoice {
            key: next_id(),
            till: self.enrolled.till.clone(),
            number: ReceiptNumber::new(self.enrolled.number_prefix.clone(), counter).unwrap(),
            business_date: "2026-01-05".parse().unwrap(),
            sold_at: self.clock.now(),
            cashier: "ana".into(),
            cashier_name: "Ana".to_owned(),
            tenders: vec![Tender {
                mode: "cash".into(),
                mode_name: "Cash".to_owned(),
                kind: PaymentKind::Cash,
                amount: total.checked_add(Money::from_minor(100)).unwrap(),
            }],
        };
        Invoice::from_cart(&cart, &SaleRules::plain(euro()), new).unwrap()
    }

    pub fn envelope(&self, invoice: &Invoice) -> Envelope {
        sealed(invoice, serde_json::to_string(invoice).unwrap())
    }

    pub async fn post(&self, documents: &[Envelope]) -> BatchResult {
        let batch = DocumentBatch {
            documents: documents.to_vec(),
        };
        self.post_text(serde_json::to_string(&batch).unwrap())
            .await
            .unwrap()
    }

    pub async fn post_text(&self, body: String) -> Result<BatchResult, (StatusCode, ApiError)> {
        let answer = self
            .http
            .post(format!("{}/v1/documents", self.hub))
            .bearer_auth(&self.enrolled.token)
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .unwrap();
        read(answer).await
    }

    pub async fn get<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
    ) -> Result<T, (StatusCode, ApiError)> {
        let url = format!("{}{path}", self.hub);
        let answer = self
            .http
            .get(url)
            .bearer_auth(&self.enrolled.token)
            .send()
            .await
            .unwrap();
        read(answer).await
    }

    /// A feed, every line read with the protocol's own types.
    pub async fn feed(&self, path: &str) -> Result<Vec<FeedLine>, (StatusCode, ApiError)> {
        let url = format!("{}{path}", self.hub);
        let answer = self
            .http
            .get(url)
            .bearer_auth(&self.enrolled.token)
            .send()
            .await
            .unwrap();
        if !answer.status().is_success() {
            return Err(refusal(answer).await);
        }
        assert_eq!(answer.headers()["content-type"], "application/x-ndjson");
        let text = answer.text().await.unwrap();
        Ok(text
            .lines()
            .map(|line| FeedLine::parse(line).unwrap())
            .collect())
    }
}

pub fn sealed(invoice: &Invoice, payload: String) -> Envelope {
    Envelope::new(
        invoice.key,
        DocumentKind::Invoice,
        invoice.till.clone(),
        Some(invoice.number.to_string()),
        invoice.business_date,
        invoice.sold_at,
        payload,
    )
    .unwrap()
}

pub async fn read<T: serde::de::DeserializeOwned>(
    answer: reqwest::Response,
) -> Result<T, (StatusCode, ApiError)> {
    if answer.status().is_success() {
        return Ok(answer.json().await.unwrap());
    }
    Err(refusal(answer).await)
}

/// Every refusal must be an `ApiError`, whatever else it is.
pub async fn refusal(answer: reqwest::Response) -> (StatusCode, ApiError) {
    let status = answer.status();
    let kind = answer.headers().get("content-type").cloned();
    let text = answer.text().await.unwrap();
    let error = serde_json::from_str(&text)
        .unwrap_or_else(|_| panic!("{status} with {kind:?} is no ApiError: {text:?}"));
    (status, error)
}

pub fn next_id() -> Uuid {
    evertill_core::Ids::next(&SystemIds)
}

pub fn euro() -> Currency {
    Currency::new("EUR", "€", 2).unwrap()
}

fn price(item: &str) -> Money {
    Money::from_minor(match item {
        "apple" => 45,
        "bread" => 289,
        _ => 1250,
    })
}

pub fn sale_item(item: &str) -> SaleItem {
    let tax = if item == "candle" {
        ("standard", "19")
    } else {
        ("food", "7")
    };
    SaleItem {
        id: item.into(),
        name: item.to_owned(),
        unit: "each".to_owned(),
        whole_units: true,
        category: "all".into(),
        price: price(item),
        tax: TaxRule {
            id: tax.0.into(),
            name: tax.0.to_owned(),
            rate: Percent::parse(tax.1).unwrap(),
            inclusive: true,
            rates: Vec::new(),
        },
        barcode: None,
        brand: String::new(),
        prices: Vec::new(),
    }
}

pub fn item(id: &str) -> ItemRecord {
    ItemRecord {
        id: id.into(),
        name: id.to_owned(),
        category: "all".into(),
        brand: String::new(),
        unit: "each".to_owned(),
        whole_units: true,
        tax_rule: if id == "candle" {
            "standard".into()
        } else {
            "food".into()
        },
        barcodes: vec![],
        popularity: 1,
        disabled: false,
    }
}

pub fn shop_records() -> Vec<ChangeBody> {
    let rule = |id: &str, rate: &str| {
        Record::TaxRule(TaxRuleRecord {
            id: id.into(),
            name: id.to_owned(),
            rate: rate.to_owned(),
            inclusive: true,
            rates: Vec::new(),
        })
    };
    let mut records = vec![
        Record::Shop(Shop {
            name: "Corner Grocer".to_owned(),
            address_lines: vec!["1 Example Street".to_owned()],
            tax_id: String::new(),
            currency: euro(),
            time_zone: "Europe/Berlin".to_owned(),
            price_list: "retail".into(),
            receipt_footer: String::new(),
            totals_policy: evertill_core::TotalsPolicy::default(),
            group_price_lists: std::collections::BTreeMap::new(),
            till_price_lists: std::collections::BTreeMap::new(),
        }),
        rule("food", "7"),
        rule("standard", "19"),
        Record::Category(CategoryRecord {
            id: "all".into(),
            name: "All".to_owned(),
            position: 0,
        }),
    ];
    for id in ["apple", "bread", "candle"] {
        records.push(Record::Item(item(id)));
        records.push(Record::Price(PriceRecord::new(
            "retail".into(),
            id.into(),
            price(id),
        )));
    }
    records.into_iter().map(ChangeBody::Upsert).collect()
}
