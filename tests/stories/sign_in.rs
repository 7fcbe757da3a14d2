//! Signing in, online and off, and everything that must not open the till.

use std::time::Duration;

use evertill_app::types::Phase;
use evertill_core::Role;
use evertill_protocol::{ChangeBody, Record, UserRecord};
use evertill_testkit::{MILK, NetworkFault, World, password, pin};

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test(flavor = "multi_thread")]
async fn online_with_a_password_offline_with_password_or_pin() {
    let world = World::new().await;
    let till = world.till("A").await;
    let fault = till.refused("session.sign_in", pin("ana", "2468")).await;
    assert_eq!(
        fault.code, "pin_not_set",
        "the PIN comes with the first sign-in"
    );
    let state = till.sign_in("ana").await;
    assert_eq!(state.phase, Phase::SignedIn);
    let session = state.session.unwrap();
    assert_eq!(
        (session.name.as_str(), session.role),
        ("Ana Lima", Role::Cashier)
    );
    till.sign_out().await;
    let ana = till
        .people()
        .await
        .people
        .into_iter()
        .find(|person| person.id == "ana")
        .unwrap();
    assert!(ana.can_pin && ana.offline_ok);

    till.network.cut().await;
    till.until_offline().await;
    till.sign_in("ana").await;
    till.sign_out().await;
    till.sign_in_with_pin("ana").await;
    till.sell(&[&MILK]).await;
    till.restart().await;
    assert_eq!(
        till.state().await.phase,
        Phase::SignedOut,
        "each start asks again"
    );
    till.sign_in_with_pin("ana").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_signed_in_here_needs_the_hub() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("leo").await;
    till.sign_out().await;
    till.network.cut().await;
    let fault = till
        .refused("session.sign_in", password("ben", "ben-password"))
        .await;
    assert_eq!(fault.code, "sign_in_needs_network");
    let fault = till.refused("session.sign_in", pin("ben", "1357")).await;
    assert_eq!(fault.code, "pin_not_set");
    let fault = till.refused("session.sign_in", pin("leo", "")).await;
    assert_eq!(
        fault.code, "pin_not_set",
        "he has none, and an empty one is none"
    );
    assert_eq!(till.state().await.phase, Phase::SignedOut);
}

/// Wrong secrets do not open the till, with the hub or without it, and soon have to wait.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_secrets_are_refused_and_slowed_down() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.sign_out().await;
    for (id, secret) in [
        ("ana", "ben-password"),
        ("ana", ""),
        ("ana", "2468"),
        ("nobody", "x"),
    ] {
        let fault = till.refused("session.sign_in", password(id, secret)).await;
        assert_eq!(fault.code, "sign_in_refused", "{id} {secret}");
    }
    till.network.cut().await;
    till.until_offline().await;
    let mut codes = Vec::new();
    for _ in 0..3 {
        codes.push(
            till.refused("session.sign_in", pin("ana", "0000"))
                .await
                .code,
        );
    }
    assert_eq!(
        codes,
        ["sign_in_refused", "sign_in_refused", "sign_in_locked"],
        "after five"
    );
    // Waiting cannot be got round: not with the right secret, not by a restart, not by the clock.
    let fault = till.refused("session.sign_in", pin("ana", "2468")).await;
    assert_eq!(fault.code, "sign_in_locked");
    till.restart().await;
    till.clock.put_wrong_by(-3600);
    let fault = till
        .refused("session.sign_in", password("ana", "ana-password"))
        .await;
    assert_eq!(fault.code, "sign_in_locked");
    let seconds: u64 = fault.params["seconds"].parse().unwrap();
    assert!((1..=30).contains(&seconds), "{seconds}");
    till.clock.put_wrong_by(0);
    world.clock.advance(Duration::from_secs(31));
    till.sign_in_with_pin("ana").await;
    till.sell(&[&MILK]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_runs_out_and_only_the_hub_renews_it() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.sign_out().await;
    till.network.cut().await;
    till.until_offline().await;
    world.clock.advance(400 * DAY);
    let fault = till.refused("session.sign_in", pin("ana", "2468")).await;
    assert_eq!(fault.code, "grant_expired");
    let ana = till
        .people()
        .await
        .people
        .into_iter()
        .find(|person| person.id == "ana")
        .unwrap();
    assert!(!ana.offline_ok);
    // Setting the clock back gains nobody anything.
    till.clock.put_wrong_by(-399 * 86_400);
    let fault = till.refused("session.sign_in", pin("ana", "2468")).await;
    assert_eq!(fault.code, "grant_expired");
    till.clock.put_wrong_by(0);
    till.network.mend();
    till.until_synced().await;
    till.sign_in("ana").await;
    till.sign_out().await;
    till.sign_in_with_pin("ana").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_left_the_shop_opens_no_till() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    till.sign_out().await;
    let gone = UserRecord {
        id: "ana".into(),
        name: "Ana Lima".to_owned(),
        role: Role::Cashier,
        disabled: true,
        has_pin: true,
    };
    world.hub().publish(ChangeBody::Upsert(Record::User(gone)));
    let begun = std::time::Instant::now();
    while till
        .people()
        .await
        .people
        .iter()
        .any(|person| person.id == "ana")
    {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "the till never hears of it"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for request in [pin("ana", "2468"), password("ana", "ana-password")] {
        assert_eq!(
            till.refused("session.sign_in", request).await.code,
            "sign_in_refused"
        );
    }
    till.network.cut().await;
    till.until_offline().await;
    assert_eq!(
        till.refused("session.sign_in", pin("ana", "2468"))
            .await
            .code,
        "sign_in_refused"
    );
}

/// A hub that is there but broken must not keep the shop shut.
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_hub_does_not_keep_people_out() {
    let world = World::new().await;
    let till = world.till("A").await;
    till.sign_in("ana").await;
    for trouble in [
        NetworkFault::status(500),
        NetworkFault::status(200),
        NetworkFault::Noise(b"nonsense"),
        NetworkFault::HalfReply,
        NetworkFault::HalfClose,
        NetworkFault::LoseReply,
    ] {
        till.sign_out().await;
        let before = till.network.fired();
        till.network.once("POST /v1/sessions", trouble);
        till.sign_in("ana").await;
        assert_eq!(till.network.fired(), before + 1);
    }
    // But its word counts when it speaks: a wrong password is wrong.
    till.sign_out().await;
    let fault = till
        .refused("session.sign_in", password("ana", "wrong"))
        .await;
    assert_eq!(fault.code, "sign_in_refused");
}
