//! A shop in which all goes wrong by chance on real sockets, and the books agree in the end.
//!
//! The same seed makes the same decisions; the machine's own timing still mixes the order of what
//! happens in the background. The simulation replays exactly; this is for what HTTP can do wrong.
//! `EVERTILL_SEEDS=2000` is the long form, `EVERTILL_SEED=17` one story.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use evertill_app::types::CartView;
use evertill_testkit::{Chance, GOODS, NetworkFault, Till, World};
use serde_json::json;
use tokio::task::JoinSet;

use crate::books::Books;
use crate::simulation::seeds;

/// Seeds of the short form.
const SEEDS: u64 = 50;
/// Worlds at the same time: most of a story is waiting.
const AT_ONCE: usize = 6;
/// What a shop goes through.
const STEPS: u64 = 10;

/// What happened, by name.
type Tally = Arc<Mutex<BTreeMap<&'static str, usize>>>;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_the_hub_has_exactly_what_was_sold() {
    let tally = Tally::default();
    let mut running = JoinSet::new();
    for seed in seeds(SEEDS) {
        if running.len() >= AT_ONCE {
            running.join_next().await.expect("one is running").unwrap();
        }
        running.spawn(shop(seed, Arc::clone(&tally)));
    }
    while let Some(ended) = running.join_next().await {
        ended.unwrap();
    }
    let tally = tally.lock().unwrap();
    println!("{tally:?}");
    if std::env::var("EVERTILL_SEED").is_err() {
        for what in WHAT_HAPPENS {
            assert!(tally.contains_key(what), "{what} never happened: {tally:?}");
        }
        let troubles: usize = TROUBLES.iter().map(|name| tally[name]).sum();
        assert!(troubles >= 100, "only {troubles} requests met trouble");
    }
}

const TROUBLES: [&str; 11] = [
    "lost request",
    "lost reply",
    "half a reply",
    "half closed",
    "late",
    "500",
    "503",
    "429",
    "413",
    "noise",
    "a login page",
];

const WHAT_HAPPENS: [&str; 8] = [
    "sale",
    "restart",
    "crash",
    "crash in a cart",
    "hub restart",
    "cut",
    "price change",
    "lost reply",
];

fn count(tally: &Tally, what: &'static str) {
    *tally.lock().unwrap().entry(what).or_default() += 1;
}

/// One shop with two tills and a seed.
async fn shop(seed: u64, tally: Tally) {
    let mut chance = Chance::seeded(seed);
    let world = World::new().await;
    let (one, two) = tokio::join!(world.till("A"), world.till("B"));
    let tills = [one, two];
    let mut books = Books::default();
    for till in &tills {
        till.sign_in("ana").await;
        let mut dice = Chance::seeded(chance.next());
        let tally = Arc::clone(&tally);
        till.network
            .roll(move |what, body| trouble(&mut dice, what, body, &tally));
    }
    for _ in 0..STEPS {
        let till = &tills[usize::from(chance.percent(50))];
        step(&mut chance, &world, till, &mut books, &tally).await;
    }
    for till in &tills {
        till.network.calm();
        till.network.mend();
    }
    for till in &tills {
        let pill = till.until_synced().await;
        assert_eq!(pill.attention, 0, "seed {seed}");
    }
    books.agree_with(&world.hub().report());
    for till in &tills {
        till.app()
            .support()
            .verify_journal()
            .unwrap_or_else(|fault| panic!("seed {seed}: {fault}"));
        till.stop().await;
    }
}

async fn step(chance: &mut Chance, world: &World, till: &Till, books: &mut Books, tally: &Tally) {
    let what = match chance.below(20) {
        0 => "restart",
        1 => "crash",
        2 => "crash in a cart",
        3 => "hub restart",
        4 | 5 => "cut",
        6 => "price change",
        _ => "sale",
    };
    count(tally, what);
    match what {
        "restart" => {
            till.restart().await;
            till.sign_in_with_pin("ana").await;
        }
        "crash" => {
            till.crash().await;
            till.sign_in_with_pin("ana").await;
        }
        "crash in a cart" => {
            till.scan(chance.pick(&GOODS)).await;
            let before = till.cart().await;
            till.crash().await;
            till.sign_in_with_pin("ana").await;
            assert_eq!(till.cart().await, before);
            books.sold(&till.pay_cash("9000").await);
        }
        "hub restart" => {
            world.hub().stop().await;
            books.sold(&sale(chance, till).await);
            world.hub().start_again().await;
        }
        "cut" if till.network.is_cut() => till.network.mend(),
        "cut" => till.network.cut().await,
        "price change" => {
            let cents = i64::try_from(chance.below(900)).expect("small") + 50;
            world.hub().change_price(chance.pick(&GOODS), cents);
        }
        _ => books.sold(&sale(chance, till).await),
    }
    // Now and then the background gets a moment, now and then it does not.
    if chance.percent(50) {
        tokio::time::sleep(Duration::from_millis(chance.below(120))).await;
    }
}

async fn sale(chance: &mut Chance, till: &Till) -> evertill_app::types::DoneView {
    for _ in 0..=chance.below(3) {
        till.scan(chance.pick(&GOODS)).await;
    }
    if chance.percent(30) {
        let percent = (1 + chance.below(50)).to_string();
        let discount = json!({ "discount": { "kind": "percent", "value": percent } });
        till.ask::<CartView>("sell.set_discount", discount).await;
    }
    till.pay_cash("9000").await
}

/// A third of all requests meet trouble.
fn trouble(dice: &mut Chance, what: &str, body: &str, tally: &Tally) -> Option<NetworkFault> {
    if !dice.percent(33) {
        return None;
    }
    let name = *dice.pick(&TROUBLES);
    let trouble = match name {
        "lost request" => NetworkFault::LoseRequest,
        "lost reply" => NetworkFault::LoseReply,
        "half a reply" => NetworkFault::HalfReply,
        "half closed" => NetworkFault::HalfClose,
        "late" => NetworkFault::Delay(Duration::from_millis(dice.below(150))),
        "500" => NetworkFault::status(500),
        "503" => NetworkFault::status(503),
        "429" => NetworkFault::Answer(429, &[("retry-after", "0")], ""),
        // One document alone that is too large would rightly wait for a person.
        "413" if what != "POST /v1/documents" || body.matches("payload_hash").count() > 1 => {
            NetworkFault::status(413)
        }
        "noise" => NetworkFault::Noise(b"220 mail.example ESMTP\r\n"),
        "a login page" => NetworkFault::status(200),
        _ => return None,
    };
    count(tally, name);
    Some(trouble)
}
