//! A shop that is set up once and copied for each test: hashing passwords, enrolling a till and
//! loading its catalogue take far longer than copying the files they leave.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use evertill_core::Role;
use evertill_hub::repository::{NewPerson, Repository};
use evertill_protocol::{ChangeBody, Record, UserRecord};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::clock::WorldClock;
use crate::counter::password;
use crate::hub::Hub;
use crate::till::{Till, copy_folder};

/// What people call the till that is enrolled in it.
const TILL: &str = "Till 3, entrance";

/// A shop as a test describes it: in the words of the hub's own feed.
#[derive(Deserialize)]
pub(crate) struct ShopPlan {
    records: Vec<Record>,
    people: Vec<Worker>,
}

/// Somebody who works there.
#[derive(Deserialize)]
struct Worker {
    id: String,
    name: String,
    role: Role,
    password: String,
    pin: Option<String>,
    /// Whether they have signed in at the till before.
    known: bool,
}

/// The files of a shop and of its till, both switched off.
pub(crate) struct SetUpShop {
    folder: TempDir,
    secret: [u8; 32],
}

/// A till of a shop of its own, with its hub; both are gone with it.
pub(crate) struct OwnShop {
    pub(crate) till: Till,
    pub(crate) hub: Arc<Hub>,
    _folder: TempDir,
}

impl SetUpShop {
    /// Fills a hub, enrols a till, and has those sign in who have been there before.
    pub(crate) async fn new(plan: ShopPlan) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let db = database(folder.path());
        let ShopPlan { records, people } = plan;
        let known = people.iter().filter(|person| person.known);
        let known: Vec<Value> = known
            .map(|person| password(&person.id, &person.password))
            .collect();
        let fill_db = db.clone();
        let filled = tokio::task::spawn_blocking(move || fill(&fill_db, records, people));
        filled.await.expect("a shop");
        let clock = WorldClock::default();
        let hub = Arc::new(Hub::start_on(db, clock.clone()).await);
        let till = Till::new(TILL, till(folder.path()), Arc::clone(&hub), clock).await;
        till.start().await;
        till.enrol().await;
        till.until_synced().await;
        for request in known {
            till.ask::<Value>("session.sign_in", request).await;
            till.sign_out().await;
        }
        till.stop().await;
        hub.stop().await;
        Self {
            secret: till.keyring.secret(),
            folder,
        }
    }

    /// A copy of it, running since `now`; the till is enrolled, or as it comes out of the box.
    pub(crate) async fn open(&self, now: Timestamp, enrolled: bool) -> OwnShop {
        let folder = tempfile::tempdir().expect("a folder");
        let db = database(folder.path());
        for end in ["", "-wal"] {
            let part = |path: &Path| PathBuf::from(format!("{}{end}", path.display()));
            let from = part(&database(self.folder.path()));
            if from.exists() {
                std::fs::copy(from, part(&db)).expect("a copy");
            }
        }
        let clock = WorldClock::at(now);
        let hub = Arc::new(Hub::start_on(db, clock.clone()).await);
        let place = till(folder.path());
        if enrolled {
            copy_folder(&till(self.folder.path()), &place);
        }
        let till = Till::new(TILL, place, Arc::clone(&hub), clock)
            .await
            .rewired();
        if enrolled {
            till.keyring.put(&self.secret);
        }
        till.start().await;
        if enrolled {
            till.until_synced().await;
        }
        OwnShop {
            till,
            hub,
            _folder: folder,
        }
    }
}

fn database(folder: &Path) -> PathBuf {
    folder.join("hub.db")
}

fn till(folder: &Path) -> PathBuf {
    folder.join("till")
}

fn fill(db: &Path, records: Vec<Record>, people: Vec<Worker>) {
    let repository = Repository::open(db).expect("a database");
    let records: Vec<ChangeBody> = records.into_iter().map(ChangeBody::Upsert).collect();
    repository.publish(&records).expect("the shop is published");
    for person in people {
        let user = UserRecord {
            id: person.id.as_str().into(),
            name: person.name,
            role: person.role,
            disabled: false,
            has_pin: person.pin.is_some(),
        };
        let (password, pin) = (person.password, person.pin);
        let new = NewPerson {
            user,
            password,
            pin,
        };
        repository.put_person(&new).expect("a person is added");
    }
}
