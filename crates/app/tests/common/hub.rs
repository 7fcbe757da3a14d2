//! A hub in this process, well or not.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use evertill_app::core::{Currency, Money, PaymentKind, PriceListId, Role, TotalsPolicy};
use evertill_app::protocol::{
    BatchResult, CategoryRecord, Change, ChangeBody, CustomerRecord, DocumentResult,
    EnrolCheckRequest, EnrolCheckResponse, EnrolRequest, EnrolResponse, Envelope, FeedLine, Grant,
    Health, ItemRecord, Outcome, PaymentModeRecord, PriceListRecord, PriceRecord, Record, Shop,
    SignInRequest, TaxRuleRecord, UserRecord, VERSION,
};
use evertill_app::system::RandomIds;
use evertill_app::{Clock, Connect, Fault, Feed, Ids, Upstream, UpstreamError};
use jiff::SignedDuration;

use super::TestClock;

/// How the hub behaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HubBehaviour {
    Well,
    Away,
    Slow,
    Garbage,
    Broken,
    ForgotTill,
}

/// A hub in this process.
pub struct TestHub {
    behaviour: Mutex<HubBehaviour>,
    clock: Arc<TestClock>,
    used: Mutex<Vec<String>>,
    passwords: Mutex<HashMap<String, String>>,
    pub posted: Mutex<Vec<Envelope>>,
    pub time_zone: Mutex<String>,
    /// What a story's shop has besides the usual, set before the till is enrolled.
    pub more: Mutex<Vec<Record>>,
    /// How it wants sales worked out.
    pub totals_policy: Mutex<TotalsPolicy>,
    pub group_price_lists: Mutex<BTreeMap<String, PriceListId>>,
    pub sign_ins: AtomicUsize,
}

pub const PIN: &str = "4711";

/// Argon2id of [`PIN`], cheap on purpose: a story is about what the till does with it.
fn pin_hash() -> String {
    use argon2::password_hash::{PasswordHasher, SaltString};
    let salt = SaltString::encode_b64(b"evertill-test").unwrap();
    let params = argon2::Params::new(64, 1, 1, None).unwrap();
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password(PIN.as_bytes(), &salt)
        .unwrap()
        .to_string()
}

impl TestHub {
    pub fn new(clock: Arc<TestClock>) -> Self {
        let passwords = PEOPLE.map(|(id, ..)| (id.to_owned(), format!("{id}-password")));
        Self {
            behaviour: Mutex::new(HubBehaviour::Well),
            clock,
            used: Mutex::default(),
            passwords: Mutex::new(passwords.into()),
            posted: Mutex::default(),
            time_zone: Mutex::new("Europe/Berlin".to_owned()),
            more: Mutex::default(),
            totals_policy: Mutex::default(),
            group_price_lists: Mutex::default(),
            sign_ins: AtomicUsize::new(0),
        }
    }

    pub fn behaves(&self, behaviour: HubBehaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    fn answer(&self) -> Result<(), UpstreamError> {
        let status = |status, code: &str| UpstreamError::Status {
            status,
            code: code.to_owned(),
            message: "No.".to_owned(),
            params: Vec::new(),
            retry_after: None,
        };
        match *self.behaviour.lock().unwrap() {
            HubBehaviour::Well => Ok(()),
            HubBehaviour::Away => Err(UpstreamError::Unreachable {
                detail: "cable".to_owned(),
            }),
            HubBehaviour::Slow => Err(UpstreamError::Timeout),
            HubBehaviour::Garbage => Err(UpstreamError::Garbage {
                detail: "<html>".to_owned(),
            }),
            HubBehaviour::Broken => Err(status(500, "internal")),
            HubBehaviour::ForgotTill => Err(status(401, "device_unknown")),
        }
    }

    fn refuse(code: &str) -> UpstreamError {
        UpstreamError::Status {
            status: 403,
            code: code.to_owned(),
            message: "No.".to_owned(),
            params: Vec::new(),
            retry_after: None,
        }
    }
}

pub const PEOPLE: [(&str, &str, Role); 4] = [
    ("ana", "Ana Cashier", Role::Cashier),
    ("sam", "Sam Supervisor", Role::Supervisor),
    ("mia", "Mia Manager", Role::Manager),
    ("ada", "Ada Administrator", Role::Administrator),
];

fn person(id: &str) -> UserRecord {
    let (id, name, role) = PEOPLE.into_iter().find(|person| person.0 == id).unwrap();
    UserRecord {
        id: id.into(),
        name: name.to_owned(),
        role,
        disabled: false,
        has_pin: true,
    }
}

/// Name, id, barcode, price in cents, tax rule, unit, whole units.
pub const GOODS: [(&str, &str, &str, i64, &str, &str, bool); 4] = [
    (
        "Cola 0.33 l",
        "cola",
        "4006381333931",
        199,
        "standard",
        "each",
        true,
    ),
    (
        "Rye bread",
        "bread",
        "2000000000008",
        320,
        "food",
        "each",
        true,
    ),
    ("Apples", "apples", "96385074", 299, "food", "kg", false),
    ("Deposit bag", "bag", "BAG-1", 0, "food", "each", true),
];

fn records() -> Vec<Record> {
    let rule = |id: &str, name: &str, rate: &str| {
        Record::TaxRule(TaxRuleRecord {
            id: id.into(),
            name: name.to_owned(),
            rate: rate.to_owned(),
            inclusive: true,
            rates: Vec::new(),
        })
    };
    let mode = |id: &str, kind, position| {
        let name = id.to_owned();
        Record::PaymentMode(PaymentModeRecord {
            id: id.into(),
            name,
            kind,
            position,
        })
    };
    let mut records = vec![
        Record::PriceList(PriceListRecord {
            id: "shelf".into(),
            name: "Shelf".to_owned(),
        }),
        rule("food", "Food 7 %", "7"),
        rule("standard", "Standard 19 %", "19"),
        Record::Category(CategoryRecord {
            id: "all".into(),
            name: "Groceries".into(),
            position: 0,
        }),
        mode("cash", PaymentKind::Cash, 0),
        mode("card", PaymentKind::Card, 1),
        Record::Customer(CustomerRecord {
            phone: "030 1234".to_owned(),
            ..CustomerRecord::named("c1".into(), "Corner Café")
        }),
    ];
    records.extend(PEOPLE.map(|(id, ..)| Record::User(person(id))));
    for (popularity, (name, id, barcode, price, tax, unit, whole_units)) in (1..).zip(GOODS) {
        records.push(Record::Item(ItemRecord {
            id: id.into(),
            name: name.to_owned(),
            category: "all".into(),
            unit: unit.to_owned(),
            whole_units,
            tax_rule: tax.into(),
            barcodes: vec![barcode.to_owned()],
            popularity,
            disabled: false,
            brand: String::new(),
        }));
        let amount = Money::from_minor(price);
        records.push(Record::Price(PriceRecord::new(
            "shelf".into(),
            id.into(),
            amount,
        )));
    }
    records
}

struct Lines(VecDeque<String>);

#[async_trait]
impl Feed for Lines {
    async fn line(&mut self) -> Result<Option<String>, UpstreamError> {
        Ok(self.0.pop_front())
    }
}

fn feed(cursor: u64, changes: Vec<Change>) -> Box<dyn Feed> {
    let records = u64::try_from(changes.len()).unwrap();
    let header = FeedLine::Header {
        version: VERSION,
        cursor,
        records,
    };
    let end = FeedLine::End {
        cursor,
        records,
        more: false,
    };
    let lines = std::iter::once(header)
        .chain(changes.into_iter().map(FeedLine::Change))
        .chain(std::iter::once(end))
        .map(|line| serde_json::to_string(&line).unwrap());
    Box::new(Lines(lines.collect()))
}

#[async_trait]
impl Upstream for TestHub {
    async fn health(&self) -> Result<Health, UpstreamError> {
        self.answer()?;
        Ok(Health {
            status: "ok".to_owned(),
            protocol: VERSION,
            version: "test".to_owned(),
            time: self.clock.now(),
        })
    }

    async fn check_code(&self, _: &EnrolCheckRequest) -> Result<EnrolCheckResponse, UpstreamError> {
        self.answer()?;
        Err(Self::refuse("enrol_code_wrong"))
    }

    async fn enrol(&self, request: &EnrolRequest) -> Result<EnrolResponse, UpstreamError> {
        self.answer()?;
        let mut used = self.used.lock().unwrap();
        match request.code.as_str() {
            "OLD" => return Err(Self::refuse("enrol_code_expired")),
            code if used.iter().any(|used| used == code) => {
                return Err(Self::refuse("enrol_code_used"));
            }
            "GOOD" => used.push(request.code.clone()),
            _ => return Err(Self::refuse("enrol_code_wrong")),
        }
        Ok(EnrolResponse {
            device_id: RandomIds.next(),
            token: "ab".repeat(32),
            till: "03".into(),
            number_prefix: "03".to_owned(),
            next_number: 1,
            shop: Shop {
                name: "Corner Shop".to_owned(),
                address_lines: vec!["1 High Street".to_owned()],
                tax_id: "DE123".to_owned(),
                currency: Currency::new("EUR", "€", 2).unwrap(),
                time_zone: self.time_zone.lock().unwrap().clone(),
                price_list: "shelf".into(),
                receipt_footer: "Thank you".to_owned(),
                totals_policy: *self.totals_policy.lock().unwrap(),
                group_price_lists: self.group_price_lists.lock().unwrap().clone(),
                till_price_lists: BTreeMap::new(),
            },
        })
    }

    async fn sign_in(&self, request: &SignInRequest) -> Result<Grant, UpstreamError> {
        self.answer()?;
        self.sign_ins.fetch_add(1, Ordering::SeqCst);
        let passwords = self.passwords.lock().unwrap();
        if passwords.get(request.user.as_str()) != Some(&request.password) {
            return Err(Self::refuse("sign_in_refused"));
        }
        let user = person(request.user.as_str());
        let now = self.clock.now();
        Ok(Grant {
            role: user.role,
            user,
            issued_at: now,
            expires_at: now + SignedDuration::from_hours(14 * 24),
            pin_hash: Some(pin_hash()),
        })
    }

    async fn post(&self, documents: &[Envelope]) -> Result<BatchResult, UpstreamError> {
        self.answer()?;
        let mut posted = self.posted.lock().unwrap();
        let results = documents
            .iter()
            .map(|document| {
                assert!(document.verify_hash());
                let again = posted.iter().any(|known| known.key == document.key);
                if !again {
                    posted.push(document.clone());
                }
                DocumentResult {
                    key: document.key,
                    outcome: if again {
                        Outcome::Duplicate
                    } else {
                        Outcome::Accepted
                    },
                    code: None,
                    message: None,
                    notes: Vec::new(),
                    posted_at: Some(self.clock.now()),
                }
            })
            .collect();
        Ok(BatchResult { results })
    }

    async fn changes(&self, after: u64, _: u32) -> Result<Box<dyn Feed>, UpstreamError> {
        self.answer()?;
        Ok(feed(after, Vec::new()))
    }

    async fn snapshot(&self) -> Result<Box<dyn Feed>, UpstreamError> {
        self.answer()?;
        let changes: Vec<Change> = (1_u64..)
            .zip(
                records()
                    .into_iter()
                    .chain(self.more.lock().unwrap().clone()),
            )
            .map(|(seq, record)| Change {
                seq,
                body: ChangeBody::Upsert(record),
            })
            .collect();
        Ok(feed(u64::try_from(changes.len()).unwrap(), changes))
    }
}

pub struct ConnectTest(pub Arc<TestHub>);

impl Connect for ConnectTest {
    fn connect(&self, _: &str, _: Option<&str>) -> Result<Arc<dyn Upstream>, Fault> {
        Ok(Arc::clone(&self.0) as Arc<dyn Upstream>)
    }
}
