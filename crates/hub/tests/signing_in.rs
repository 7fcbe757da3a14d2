//! People sign in at enrolled tills, and guessing gets slower and slower.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story stops where it goes wrong"
)]

mod support;

use evertill_core::Role;
use evertill_protocol::{ApiError, Grant, SignInRequest, code};
use jiff::SignedDuration;
use reqwest::StatusCode;
use support::{Till, World, opening_time, read};

async fn sign_in(till: &Till, user: &str, password: &str) -> Result<Grant, (StatusCode, ApiError)> {
    let request = SignInRequest {
        user: user.into(),
        password: password.to_owned(),
    };
    let url = format!("{}/v1/sessions", till.hub);
    let token = &till.enrolled.token;
    read(
        till.http
            .post(url)
            .bearer_auth(token)
            .json(&request)
            .send()
            .await
            .unwrap(),
    )
    .await
}

#[tokio::test]
async fn a_grant_says_who_may_do_what_until_when() {
    let world = World::open().await;
    world.add_person("ana", Role::Cashier, false, "correct horse");
    let till = world.till().await;
    let grant = sign_in(&till, "ana", "correct horse").await.unwrap();
    assert_eq!((grant.user.id.as_str(), grant.role), ("ana", Role::Cashier));
    assert_eq!(grant.issued_at, opening_time());
    assert_eq!(
        grant.expires_at,
        opening_time() + SignedDuration::from_hours(35 * 24)
    );
    assert!(grant.user.has_pin);
    assert!(grant.pin_hash.unwrap().starts_with("$argon2id$"));
    world.hub.stop().await;
}

#[tokio::test]
async fn every_wrong_way_gets_the_same_answer() {
    let world = World::open().await;
    world.add_person("ana", Role::Cashier, false, "correct horse");
    world.add_person("old", Role::Manager, true, "was manager");
    let till = world.till().await;
    let wrong = [
        ("ana", "wrong"),
        ("nobody", "wrong"),
        ("old", "was manager"),
        ("", ""),
    ];
    let mut answers = Vec::new();
    for (user, password) in wrong {
        answers.push(sign_in(&till, user, password).await.unwrap_err());
    }
    assert_eq!(answers[0].0, StatusCode::FORBIDDEN);
    assert_eq!(answers[0].1.code, code::SIGN_IN_REFUSED);
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    world.hub.stop().await;
}

#[tokio::test]
async fn a_stranger_or_a_revoked_till_cannot_even_try() {
    let world = World::open().await;
    world.add_person("ana", Role::Cashier, false, "correct horse");
    let mut till = world.till().await;
    let stranger = sign_in(&till, "ana", "correct horse").await;
    assert!(stranger.is_ok(), "enrolled for now");
    world
        .hub
        .repository()
        .revoke(&till.enrolled.till, opening_time())
        .unwrap();
    for token in [till.enrolled.token.clone(), "0".repeat(64), String::new()] {
        till.enrolled.token = token;
        let (status, error) = sign_in(&till, "ana", "correct horse").await.unwrap_err();
        assert_eq!(
            (status, error.code.as_str()),
            (StatusCode::UNAUTHORIZED, code::DEVICE_UNKNOWN)
        );
    }
    world.hub.stop().await;
}

#[tokio::test]
async fn guessing_a_password_takes_longer_and_longer_from_whatever_till() {
    let world = World::open().await;
    world.add_person("ana", Role::Cashier, false, "correct horse");
    world.add_person("ben", Role::Cashier, false, "battery staple");
    let till = world.till().await;
    for _ in 0..5 {
        let (_, error) = sign_in(&till, "ana", "guess").await.unwrap_err();
        assert_eq!(error.code, code::SIGN_IN_REFUSED);
    }
    let other_till = world.till().await;
    let (status, first) = sign_in(&other_till, "ana", "correct horse")
        .await
        .unwrap_err();
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(first.code, code::TOO_MANY_ATTEMPTS);
    sign_in(&till, "ben", "battery staple")
        .await
        .expect("others are not held up");

    let wait: i64 = first.params["retry_after"].parse().unwrap();
    world.clock.turn(wait);
    sign_in(&till, "ana", "guess").await.unwrap_err();
    let (_, second) = sign_in(&till, "ana", "correct horse").await.unwrap_err();
    let longer: i64 = second.params["retry_after"].parse().unwrap();
    assert!(longer > wait, "{wait} s, then {longer} s");
    world.clock.turn(longer);
    sign_in(&till, "ana", "correct horse")
        .await
        .expect("waiting helps");
    world.hub.stop().await;
}
