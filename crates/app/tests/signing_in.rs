//! Signing in, with the hub and without it.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod common;

use std::sync::atomic::Ordering;

use common::{HubBehaviour, PIN, World, call, refused, sign_in};
use evertill_app::Till;
use jiff::SignedDuration;
use serde_json::{Value, json};

fn by(kind: &str, user: &str, secret: &str) -> Value {
    json!({"user_id": user, "secret": secret, "kind": kind})
}

async fn code(till: &Till, request: Value) -> String {
    refused(till, "session.sign_in", request).await.code
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_secrets_and_strangers_are_refused_alike() {
    let world = World::new();
    let till = world.enrolled().await;
    let wrong = refused(&till, "session.sign_in", by("password", "ana", "no")).await;
    let stranger = refused(&till, "session.sign_in", by("password", "eve", "no")).await;
    assert_eq!(wrong.code, "sign_in_refused");
    assert_eq!(wrong, stranger);
    assert_eq!(code(&till, by("pin", "ana", PIN)).await, "pin_not_set");
    assert_eq!(
        call(&till, "till.state", json!({})).await["phase"],
        "signed_out"
    );
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_sign_in_needs_the_hub_and_later_ones_do_not() {
    let world = World::new();
    let till = world.enrolled().await;
    for behaviour in [
        HubBehaviour::Away,
        HubBehaviour::Slow,
        HubBehaviour::Garbage,
        HubBehaviour::Broken,
    ] {
        world.hub.behaves(behaviour);
        let refusal = code(&till, by("password", "ana", "ana-password")).await;
        assert_eq!(refusal, "sign_in_needs_network", "{behaviour:?}");
    }
    world.hub.behaves(HubBehaviour::Well);
    sign_in(&till, "ana").await;
    call(&till, "session.sign_out", json!({})).await;
    for behaviour in [
        HubBehaviour::Away,
        HubBehaviour::Slow,
        HubBehaviour::Garbage,
        HubBehaviour::Broken,
    ] {
        world.hub.behaves(behaviour);
        sign_in(&till, "ana").await;
        call(&till, "session.sign_out", json!({})).await;
        assert_eq!(
            code(&till, by("password", "ana", "wrong")).await,
            "sign_in_refused",
            "{behaviour:?}"
        );
    }
    call(&till, "session.sign_in", by("pin", "ana", PIN)).await;
    let people = call(&till, "session.people", json!({})).await;
    let ana = people["people"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["id"] == "ana")
        .unwrap();
    assert_eq!(ana["can_pin"], true);
    assert_eq!(ana["offline_ok"], true);
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hub_decides_while_it_is_there() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    world.hub.behaves(HubBehaviour::ForgotTill);
    assert_eq!(
        code(&till, by("password", "ana", "ana-password")).await,
        "device_unknown"
    );
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_secrets_cost_time_and_a_restart_does_not_help() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    for attempt in 1..=5 {
        assert_eq!(
            code(&till, by("pin", "ana", "0000")).await,
            "sign_in_refused",
            "{attempt}"
        );
    }
    let locked = refused(&till, "session.sign_in", by("pin", "ana", PIN)).await;
    assert_eq!(locked.code, "sign_in_locked");
    assert_eq!(locked.params["seconds"], "30");
    till.shutdown().await;
    drop(till);

    let till = world.start().await;
    let asked = world.hub.sign_ins.load(Ordering::SeqCst);
    assert_eq!(
        code(&till, by("password", "ana", "ana-password")).await,
        "sign_in_locked"
    );
    assert_eq!(
        world.hub.sign_ins.load(Ordering::SeqCst),
        asked,
        "the hub was not even asked"
    );
    // Somebody else may sign in meanwhile, and the clock set back makes the wait no shorter.
    sign_in(&till, "sam").await;
    world.clock.pass(SignedDuration::from_secs(-3600));
    assert_eq!(code(&till, by("pin", "ana", PIN)).await, "sign_in_locked");
    world.clock.pass(SignedDuration::from_secs(3600 + 30));
    call(&till, "session.sign_in", by("pin", "ana", PIN)).await;
    // Success wipes the slate.
    assert_eq!(
        code(&till, by("pin", "ana", "0000")).await,
        "sign_in_refused"
    );
    call(&till, "session.sign_in", by("pin", "ana", PIN)).await;
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_runs_out_and_a_clock_set_back_does_not_revive_it() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    world.hub.behaves(HubBehaviour::Away);
    world.clock.pass(SignedDuration::from_hours(14 * 24 - 1));
    call(&till, "session.sign_in", by("pin", "ana", PIN)).await;
    world.clock.pass(SignedDuration::from_hours(2));
    assert_eq!(code(&till, by("pin", "ana", PIN)).await, "grant_expired");
    assert_eq!(
        code(&till, by("password", "ana", "ana-password")).await,
        "grant_expired"
    );
    assert_eq!(
        code(&till, by("pin", "ana", "0000")).await,
        "sign_in_refused",
        "only its owner is told"
    );
    world.clock.pass(SignedDuration::from_hours(-48));
    assert_eq!(code(&till, by("pin", "ana", PIN)).await, "grant_expired");
    world.hub.behaves(HubBehaviour::Well);
    world.clock.pass(SignedDuration::from_hours(48));
    sign_in(&till, "ana").await;
    till.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_signed_in_after_a_restart() {
    let world = World::new();
    let till = world.signed_in("ana").await;
    till.shutdown().await;
    drop(till);
    let till = world.start().await;
    assert_eq!(
        refused(&till, "sell.cart", json!({})).await.code,
        "sign_in_required"
    );
    till.shutdown().await;
}
