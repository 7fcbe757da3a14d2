//! A device becomes a till: with a fresh code once, and with nothing else ever.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story stops where it goes wrong"
)]

mod support;

use evertill_protocol::code;
use reqwest::StatusCode;
use support::World;

#[tokio::test]
async fn a_code_enrols_one_till_and_says_what_happened_to_it() {
    let world = World::open().await;
    let first = world.hub.new_enrol_code().unwrap();
    let enrolled = world.try_enrol(&first).await.unwrap();
    assert_eq!(enrolled.till.as_str(), "01");
    assert_eq!(enrolled.number_prefix, "01");
    assert_eq!(enrolled.next_number, 1);
    assert_eq!(enrolled.token.len(), 64);
    assert_eq!(enrolled.shop.name, "Corner Grocer");

    let (status, again) = world.try_enrol(&first).await.unwrap_err();
    assert_eq!(
        (status, again.code.as_str()),
        (StatusCode::FORBIDDEN, code::ENROL_CODE_USED)
    );

    let late = world.hub.new_enrol_code().unwrap();
    world.clock.turn(10 * 60);
    let (status, error) = world.try_enrol(&late).await.unwrap_err();
    assert_eq!(
        (status, error.code.as_str()),
        (StatusCode::FORBIDDEN, code::ENROL_CODE_EXPIRED)
    );

    let (status, error) = world.try_enrol("0000-0000").await.unwrap_err();
    assert_eq!(
        (status, error.code.as_str()),
        (StatusCode::FORBIDDEN, code::ENROL_CODE_WRONG)
    );

    // Typed as people type, a second before it expires.
    let typed = world.hub.new_enrol_code().unwrap();
    world.clock.turn(10 * 60 - 1);
    let typed = format!(" {} ", typed.to_lowercase().replace('-', " "));
    let second = world.try_enrol(&typed).await.unwrap();
    assert_eq!(second.till.as_str(), "02", "no till id is given twice");
    assert_ne!(second.token, enrolled.token);
    world.hub.stop().await;
}

#[tokio::test]
async fn of_many_who_use_a_code_at_once_one_wins() {
    let world = World::open().await;
    let code = world.hub.new_enrol_code().unwrap();
    let tries = (0..4).map(|_| world.try_enrol(&code));
    let mut won = 0;
    for answer in join_all(tries).await {
        match answer {
            Ok(enrolled) => {
                assert_eq!(enrolled.till.as_str(), "01");
                won += 1;
            }
            Err((_, error)) => assert_eq!(error.code, code::ENROL_CODE_USED),
        }
    }
    assert_eq!(won, 1);
    world.hub.stop().await;
}

/// Polls all at the same time, so that they meet at the hub.
async fn join_all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(move |context| {
        for (future, output) in &mut futures {
            if output.is_none()
                && let std::task::Poll::Ready(ready) = future.as_mut().poll(context)
            {
                *output = Some(ready);
            }
        }
        if futures.iter().all(|(_, output)| output.is_some()) {
            let outputs = futures.iter_mut().filter_map(|(_, output)| output.take());
            return std::task::Poll::Ready(outputs.collect());
        }
        std::task::Poll::Pending
    })
    .await
}

#[tokio::test]
async fn guessing_is_slowed_down_even_across_a_restart_and_waiting_helps() {
    let world = World::open().await;
    for guess in 0..5 {
        let (_, error) = world
            .try_enrol(&format!("GUESS-{guess}"))
            .await
            .unwrap_err();
        assert_eq!(error.code, code::ENROL_CODE_WRONG);
    }
    // From now on not even the right code is looked at.
    let right = world.hub.new_enrol_code().unwrap();
    let world = world.restart().await;
    let (status, error) = world.try_enrol(&right).await.unwrap_err();
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(error.code, code::TOO_MANY_ATTEMPTS);
    let wait: i64 = error.params["retry_after"].parse().unwrap();
    assert!((5..=6).contains(&wait), "{wait} s");

    world.clock.turn(wait);
    world.try_enrol(&right).await.unwrap();
    // A right code clears the count.
    let (_, error) = world.try_enrol("GUESS").await.unwrap_err();
    assert_eq!(error.code, code::ENROL_CODE_WRONG);
    world.hub.stop().await;
}

#[tokio::test]
async fn neither_tokens_nor_codes_nor_passwords_stand_in_the_database() {
    let world = World::open().await;
    let unused = world.hub.new_enrol_code().unwrap();
    let till = world.till().await;
    world.add_person("ana", evertill_core::Role::Cashier, false, "correct horse");
    let token = till.enrolled.token.clone();
    let folder = world.folder;
    world.hub.stop().await;
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let holds = |secret: &str| {
        bytes
            .windows(secret.len())
            .any(|part| part == secret.as_bytes())
    };
    assert!(holds("Front counter"), "the search finds what is there");
    for secret in [
        token,
        unused.clone(),
        unused.replace('-', ""),
        "correct horse".to_owned(),
    ] {
        assert!(!holds(&secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_can_be_looked_at_and_is_still_good() {
    let world = World::open().await;
    let code = world.hub.new_enrol_code().unwrap();
    for _ in 0..3 {
        assert_eq!(world.try_check(&code).await.unwrap(), "Corner Grocer");
    }
    world.try_enrol(&code).await.unwrap();
    let used = world.try_check(&code).await.unwrap_err();
    assert_eq!(used.1.code, "enrol_code_used");
    let late = world.hub.new_enrol_code().unwrap();
    world.clock.turn(601);
    let late = world.try_check(&late).await.unwrap_err();
    assert_eq!(late.1.code, "enrol_code_expired");
    // Looking is guessing too: it is slowed down as enrolling is.
    let mut last = String::new();
    for _ in 0..8 {
        last = world.try_check("0000-0000").await.unwrap_err().1.code;
    }
    assert_eq!(last, "too_many_attempts");
}
