//! Joining the shop, and every code and address that does not work.

use std::time::Duration;

use evertill_app::types::Phase;
use evertill_testkit::{MILK, NetworkFault, Till, World};
use serde_json::json;

const ENROL: &str = "POST /v1/devices/enrol";

async fn new_till(world: &World) -> Till {
    let till = world.bare_till("A").await;
    till.start().await;
    assert_eq!(till.state().await.phase, Phase::NeedsEnrolment);
    till
}

/// The till is still to be enrolled, and the next good code works: nothing was lost or half done.
async fn can_still_enrol(till: &Till) {
    assert_eq!(till.state().await.phase, Phase::NeedsEnrolment);
    let state = till.enrol().await;
    assert_eq!(state.phase, Phase::SignedOut);
    till.until_synced().await;
    till.sign_in("ana").await;
    till.sell(&[&MILK]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_joins_the_shop() {
    let world = World::new().await;
    let till = new_till(&world).await;
    // People type codes as they read them.
    let code = world.hub().enrol_code().to_lowercase().replace('-', " ");
    let state: evertill_app::types::TillState =
        till.ask("enrolment.enrol", till.enrolment(&code)).await;
    let shop = state.shop.unwrap();
    assert_eq!(
        (shop.name.as_str(), shop.till.as_str()),
        ("Corner Shop", "01")
    );
    assert_eq!(state.till_name.as_deref(), Some("A"));
    till.until_synced().await;
    let people = till.people().await.people;
    let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(
        names,
        ["Ada Quist", "Ana Lima", "Ben Ode", "Leo Bern", "Mia Roth"]
    );
    assert!(
        people
            .iter()
            .all(|person| !person.offline_ok && !person.can_pin)
    );
    let again = till
        .refused("enrolment.enrol", till.enrolment(&world.hub().enrol_code()))
        .await;
    assert_eq!(again.code, "already_enrolled");
    till.restart().await;
    assert_eq!(till.state().await.phase, Phase::SignedOut, "it remembers");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_answer_is_looked_at_before_the_next_question() {
    let world = World::new().await;
    let till = new_till(&world).await;
    let code = world.hub().enrol_code();
    let hub = till.enrolment(&code)["hub_url"].clone();
    let nowhere = json!({ "hub_url": "http://127.0.0.1:9" });
    let fault = till.refused("enrolment.check", nowhere).await;
    assert_eq!(fault.code, "hub_unreachable", "{fault}");
    let _: serde_json::Value = till.ask("enrolment.check", json!({ "hub_url": hub })).await;
    let wrong = json!({ "hub_url": hub, "code": "0000-0000" });
    let fault = till.refused("enrolment.check", wrong).await;
    assert_eq!(fault.code, "enrol_code_wrong");
    let right = json!({ "hub_url": hub, "code": code });
    let answer: serde_json::Value = till.ask("enrolment.check", right).await;
    assert_eq!(answer["shop"], "Corner Shop");
    // The code was only looked at.
    let _: evertill_app::types::TillState =
        till.ask("enrolment.enrol", till.enrolment(&code)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_is_refused() {
    let world = World::new().await;
    let till = new_till(&world).await;
    for (code, refusal) in [
        ("0000-0000", "enrol_code_wrong"),
        ("  ", "enrol_code_missing"),
        ("💥", "enrol_code_wrong"),
    ] {
        let fault = till.refused("enrolment.enrol", till.enrolment(code)).await;
        assert_eq!(fault.code, refusal, "{code}: {fault}");
    }
    can_still_enrol(&till).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_is_slowed_down() {
    let world = World::new().await;
    let till = new_till(&world).await;
    let mut codes = Vec::new();
    for guess in 0..8 {
        let code = format!("0000-000{guess}");
        codes.push(
            till.refused("enrolment.enrol", till.enrolment(&code))
                .await
                .code,
        );
    }
    assert_eq!(codes[0], "enrol_code_wrong");
    assert_eq!(codes[7], "sign_in_locked", "{codes:?}");
    let even_a_good_one = till.enrolment(&world.hub().enrol_code());
    assert_eq!(
        till.refused("enrolment.enrol", even_a_good_one).await.code,
        "sign_in_locked"
    );
    world.clock.advance(Duration::from_secs(900));
    can_still_enrol(&till).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_works_once() {
    let world = World::new().await;
    let code = world.hub().enrol_code();
    let first = world.bare_till("A").await;
    first.start().await;
    first
        .ask::<serde_json::Value>("enrolment.enrol", first.enrolment(&code))
        .await;
    let second = world.bare_till("B").await;
    second.start().await;
    let fault = second
        .refused("enrolment.enrol", second.enrolment(&code))
        .await;
    assert_eq!(fault.code, "enrol_code_used");
    can_still_enrol(&second).await;
    assert_eq!(second.state().await.shop.unwrap().till, "02");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_works_for_ten_minutes() {
    let world = World::new().await;
    let till = new_till(&world).await;
    let code = world.hub().enrol_code();
    world.clock.advance(Duration::from_secs(10 * 60));
    let fault = till.refused("enrolment.enrol", till.enrolment(&code)).await;
    assert_eq!(fault.code, "enrol_code_expired");
    can_still_enrol(&till).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_no_hub_is_said_to_be_none() {
    let world = World::new().await;
    let till = new_till(&world).await;
    for (url, refusal) in [
        ("hub.example", "hub_url_invalid"),
        ("ftp://hub.example", "hub_url_invalid"),
        ("http://", "hub_url_invalid"),
        ("", "hub_url_invalid"),
        ("http://127.0.0.1:1", "hub_unreachable"),
    ] {
        let request = json!({ "hub_url": url, "code": "0000-0000", "till_name": "A" });
        let fault = till.refused("enrolment.enrol", request).await;
        assert_eq!(fault.code, refusal, "{url}: {fault}");
    }
    let request = json!({ "hub_url": till.network.url(), "code": "0000-0000", "till_name": " " });
    assert_eq!(
        till.refused("enrolment.enrol", request).await.code,
        "till_name_invalid"
    );
    can_still_enrol(&till).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_answers_nonsense_enrols_nobody() {
    let world = World::new().await;
    let till = new_till(&world).await;
    till.lose_patience_after(Duration::from_secs(2));
    till.restart().await;
    let json = &[("content-type", "application/json")];
    let table = [
        (NetworkFault::status(200), "hub_garbage"),
        (
            NetworkFault::Answer(200, json, r#"{"till": 7}"#),
            "hub_garbage",
        ),
        (
            NetworkFault::Noise(b"\x16\x03\x01\x00\x00"),
            "hub_connection_lost or hub_garbage",
        ),
        (NetworkFault::status(500), "hub_error"),
        (NetworkFault::status(413), "body_too_large"),
        (NetworkFault::HalfReply, "hub_connection_lost"),
        (NetworkFault::Delay(Duration::from_secs(4)), "hub_timeout"),
        (
            NetworkFault::rewrite(|body| body.replace("Europe/Berlin", "Middle/Earth")),
            "shop_invalid",
        ),
    ];
    for (trouble, refusal) in table {
        till.network.once(ENROL, trouble);
        let request = till.enrolment(&world.hub().enrol_code());
        let fault = till.refused("enrolment.enrol", request).await;
        assert!(refusal.contains(&fault.code), "{refusal}: {fault}");
    }
    till.lose_patience_after(Duration::from_secs(10));
    till.restart().await;
    can_still_enrol(&till).await;
}
