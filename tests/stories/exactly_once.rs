//! Whatever the wire does to a request or its answer, each sale is posted, and posted once.

use std::time::Duration;

use evertill_testkit::{BREAD, COFFEE, MILK, NetworkFault, Till, World};

use crate::books::Books;

const POST: &str = "POST /v1/documents";

async fn opened(world: &World) -> Till {
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till
}

/// The worst case: the hub posts, and the till never learns of it, on the first try of every sale.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_reply_to_every_post_posts_nothing_twice() {
    let world = World::new().await;
    let till = opened(&world).await;
    let mut books = Books::default();
    for sale in 1..=10 {
        till.network.once(POST, NetworkFault::LoseReply);
        books.sold(&till.sell(&[&MILK, &BREAD]).await);
        till.until_synced().await;
        assert_eq!(till.network.fired(), sale, "each sale met the trouble");
    }
    books.agree_with(&world.hub().report());
    assert_eq!(
        world.hub().report().repeats,
        10,
        "each was sent again and acknowledged"
    );
}

/// One row a kind of trouble; each hits the first tries of a batch of sales made offline.
#[tokio::test(flavor = "multi_thread")]
async fn every_trouble_of_the_wire_ends_in_exactly_one_posting() {
    let retry_later = NetworkFault::Answer(429, &[("retry-after", "1")], "slow down");
    let troubles: [(&str, NetworkFault); 14] = [
        ("lost request", NetworkFault::LoseRequest),
        ("lost reply", NetworkFault::LoseReply),
        ("half a reply", NetworkFault::HalfReply),
        ("half closed", NetworkFault::HalfClose),
        ("too late", NetworkFault::Delay(Duration::from_secs(2))),
        ("500", NetworkFault::status(500)),
        ("502", NetworkFault::status(502)),
        ("503", NetworkFault::status(503)),
        ("413", NetworkFault::status(413)),
        ("429", retry_later),
        (
            "301",
            NetworkFault::Answer(301, &[("location", "http://127.0.0.1:1/")], ""),
        ),
        ("a login page", NetworkFault::status(200)),
        ("no HTTP", NetworkFault::Noise(b"SSH-2.0-OpenSSH_9.6\r\n")),
        (
            "an empty list",
            NetworkFault::Answer(
                200,
                &[("content-type", "application/json")],
                r#"{"results":[]}"#,
            ),
        ),
    ];
    for (name, trouble) in troubles {
        let world = World::new().await;
        let till = opened(&world).await;
        till.lose_patience_after(Duration::from_secs(1));
        till.restart().await;
        till.sign_in("ana").await;
        let mut books = Books::default();
        till.network.cut().await;
        for _ in 0..3 {
            books.sold(&till.sell(&[&MILK]).await);
        }
        // The second 413 in a row would be about a single sale, which then rightly waits for a person.
        let times = if name == "413" { 1 } else { 2 };
        till.network.times(times, POST, trouble);
        till.network.mend();
        till.until(name, |pill| pill.waiting == 0 && pill.attention == 0)
            .await;
        till.until_synced().await;
        assert_eq!(till.network.fired(), times, "{name}");
        books.agree_with(&world.hub().report());
        till.stop().await;
    }
}

/// An answer that speaks of other documents, or of only some, settles only what it names.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_settles_only_what_it_names() {
    let world = World::new().await;
    let till = opened(&world).await;
    let mut books = Books::default();
    till.network.cut().await;
    for _ in 0..4 {
        books.sold(&till.sell(&[&COFFEE]).await);
    }
    // The first answer has lost all but its first result; the second is about somebody else's.
    till.network.once(
        POST,
        NetworkFault::rewrite(|body| {
            let mut answer: serde_json::Value =
                serde_json::from_str(&body).expect("the hub's answer");
            answer["results"]
                .as_array_mut()
                .expect("results")
                .truncate(1);
            answer.to_string()
        }),
    );
    till.network.once(
        POST,
        NetworkFault::rewrite(|body| body.replace("\"key\":\"0", "\"key\":\"1")),
    );
    till.network.mend();
    till.until_synced().await;
    assert_eq!(till.network.fired(), 2);
    books.agree_with(&world.hub().report());
}

/// 413: batches are halved until they fit.
#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_takes_little_at_once_gets_little_at_once() {
    let world = World::new().await;
    let till = opened(&world).await;
    let mut books = Books::default();
    till.network.cut().await;
    for _ in 0..9 {
        books.sold(&till.sell(&[&MILK]).await);
    }
    till.network.roll(|what, body| {
        let documents = body.matches("\"payload_hash\"").count();
        (what == POST && documents > 2).then(|| NetworkFault::status(413))
    });
    till.network.mend();
    till.until_synced().await;
    assert!(
        till.network.fired() >= 2,
        "9 and 4 were too many: {}",
        till.network.fired()
    );
    books.agree_with(&world.hub().report());
}

/// A hub that asks to be left alone is left alone, even while the shop goes on selling.
#[tokio::test(flavor = "multi_thread")]
async fn retry_after_is_honoured() {
    let world = World::new().await;
    let till = opened(&world).await;
    let mut books = Books::default();
    till.network.once(
        POST,
        NetworkFault::Answer(429, &[("retry-after", "2")], "busy"),
    );
    books.sold(&till.sell(&[&MILK]).await);
    let begun = std::time::Instant::now();
    while till.network.fired() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for _ in 0..5 {
        books.sold(&till.sell(&[&BREAD]).await);
        assert_eq!(
            till.network.seen(POST),
            1,
            "asked again after {:?}",
            begun.elapsed()
        );
    }
    till.until_synced().await;
    assert!(
        begun.elapsed() >= Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    books.agree_with(&world.hub().report());
}
