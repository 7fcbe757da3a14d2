//! The outbox: nothing is sent twice by mistake, nothing is forgotten.

use evertill_store::{OutboxFilter, OutboxResult, OutboxState, Store};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::world::{World, code};

fn keys(store: &Store, world: &World) -> Vec<Uuid> {
    let due = store.outbox_due(world.now(), 100).unwrap();
    due.into_iter().map(|row| row.envelope.key).collect()
}

fn listed(store: &Store, filter: OutboxFilter) -> Vec<OutboxState> {
    store
        .outbox_list(filter, 100)
        .unwrap()
        .into_iter()
        .map(|row| row.state)
        .collect()
}

#[test]
fn documents_go_in_order_and_are_acknowledged() {
    let world = World::new();
    let store = world.till();
    let sold: Vec<_> = (0..3).map(|_| world.sale(&store).key).collect();
    assert_eq!(keys(&store, &world), sold);
    assert_eq!(store.outbox_due(world.now(), 2).unwrap().len(), 2);

    store.outbox_mark_sending(&sold).unwrap();
    assert_eq!(keys(&store, &world), Vec::<Uuid>::new());
    assert_eq!(store.outbox_counts().unwrap().waiting, 3);

    world.later(50);
    let retry = OutboxResult::Retry {
        at: world.now() + SignedDuration::from_secs(2),
        code: "internal".to_owned(),
        message: "The hub had an error.".to_owned(),
    };
    let attention = OutboxResult::NeedsAttention {
        code: "fork".to_owned(),
        message: "The number was used before.".to_owned(),
    };
    let results = [
        (sold[0], OutboxResult::Acknowledged),
        (sold[1], retry),
        (sold[2], attention),
    ];
    store.outbox_results(&results).unwrap();

    let counts = store.outbox_counts().unwrap();
    assert_eq!(
        (counts.waiting, counts.attention, counts.acknowledged),
        (1, 1, 1)
    );
    assert_eq!(
        counts.oldest_waiting_at,
        Some(store.invoice(&sold[1]).unwrap().unwrap().sold_at)
    );
    assert_eq!(keys(&store, &world), Vec::<Uuid>::new());
    assert_eq!(
        store.outbox_next_at().unwrap(),
        Some(world.now() + SignedDuration::from_secs(2))
    );
    world.later(2_000);
    assert_eq!(keys(&store, &world), [sold[1]]);

    let row = store.outbox_row(&sold[2]).unwrap().unwrap();
    assert_eq!((row.tries, row.last_code.as_deref()), (1, Some("fork")));
    let row = store.outbox_row(&sold[0]).unwrap().unwrap();
    assert_eq!(
        row.acknowledged_at,
        Some(world.now() - SignedDuration::from_secs(2))
    );

    use OutboxState::{Acknowledged, Attention, Retrying};
    assert_eq!(
        listed(&store, OutboxFilter::All),
        [Attention, Retrying, Acknowledged]
    );
    assert_eq!(listed(&store, OutboxFilter::Waiting), [Retrying]);
    assert_eq!(listed(&store, OutboxFilter::Attention), [Attention]);
    assert_eq!(listed(&store, OutboxFilter::Acknowledged), [Acknowledged]);
}

#[test]
fn what_was_on_its_way_when_the_till_died_is_sent_again_with_the_same_key() {
    let world = World::new();
    let store = world.till();
    let invoice = world.sale(&store);
    let before = store.outbox_due(world.now(), 1).unwrap().remove(0);
    store.outbox_mark_sending(&[invoice.key]).unwrap();
    drop(store);

    let store = world.open().unwrap();
    let again = store.outbox_due(world.now(), 1).unwrap().remove(0);
    assert_eq!(again.state, OutboxState::Pending);
    assert_eq!(again.tries, 1);
    assert_eq!(again.envelope, before.envelope);
}

#[test]
fn a_late_answer_does_not_undo_an_acknowledgement() {
    let world = World::new();
    let store = world.till();
    let key = world.sale(&store).key;
    store
        .outbox_result(&key, OutboxResult::Acknowledged)
        .unwrap();
    let late = OutboxResult::NeedsAttention {
        code: "x".to_owned(),
        message: "x".to_owned(),
    };
    store.outbox_result(&key, late).unwrap();
    store.outbox_mark_sending(&[key]).unwrap();
    assert_eq!(store.outbox_retry_now(Some(&key)).unwrap(), 0);
    assert_eq!(
        store.outbox_row(&key).unwrap().unwrap().state,
        OutboxState::Acknowledged
    );
}

#[test]
fn an_answer_to_a_stranger_spoils_the_whole_batch() {
    let world = World::new();
    let store = world.till();
    let key = world.sale(&store).key;
    let results = [
        (key, OutboxResult::Acknowledged),
        (world.id(), OutboxResult::Acknowledged),
    ];
    assert_eq!(code(store.outbox_results(&results)), "unknown_key");
    assert_eq!(store.outbox_counts().unwrap().waiting, 1);
}

#[test]
fn a_person_can_have_it_sent_again_at_once() {
    let world = World::new();
    let store = world.till();
    let sold: Vec<_> = (0..3).map(|_| world.sale(&store).key).collect();
    for key in &sold[..2] {
        let result = OutboxResult::NeedsAttention {
            code: "x".to_owned(),
            message: "x".to_owned(),
        };
        store.outbox_result(key, result).unwrap();
    }
    assert_eq!(keys(&store, &world), [sold[2]]);
    assert_eq!(store.outbox_retry_now(Some(&sold[1])).unwrap(), 1);
    assert_eq!(keys(&store, &world), [sold[1], sold[2]]);
    assert_eq!(store.outbox_retry_now(None).unwrap(), 1);
    assert_eq!(keys(&store, &world), sold);
    assert_eq!(
        code(store.outbox_retry_now(Some(&world.id()))),
        "unknown_key"
    );
}

#[test]
fn a_clock_put_back_by_years_does_not_hold_a_document_back_for_years() {
    let world = World::new();
    let store = world.till();
    let key = world.sale(&store).key;
    let at = world.now() + SignedDuration::from_secs(60);
    let result = OutboxResult::Retry {
        at,
        code: "x".to_owned(),
        message: "x".to_owned(),
    };
    store.outbox_result(&key, result).unwrap();
    assert_eq!(keys(&store, &world), Vec::<Uuid>::new());
    world.later(-3 * 365 * 24 * 60 * 60 * 1_000);
    assert_eq!(keys(&store, &world), [key]);
}

#[test]
fn only_waits_that_are_too_long_to_be_true_end_when_the_till_starts() {
    let world = World::new();
    let store = world.till();
    let sold: Vec<_> = (0..3).map(|_| world.sale(&store).key).collect();
    let limit = world.now() + SignedDuration::from_mins(10);
    let (minute, day) = (SignedDuration::from_mins(1), SignedDuration::from_hours(24));
    for (key, wait) in [(sold[0], minute), (sold[1], day)] {
        let result = OutboxResult::Retry {
            at: world.now() + wait,
            code: "x".to_owned(),
            message: "x".to_owned(),
        };
        store.outbox_result(&key, result).unwrap();
    }
    assert_eq!(store.outbox_retry_later_than(limit).unwrap(), 1);
    assert_eq!(keys(&store, &world), [sold[1], sold[2]]);
    assert_eq!(store.outbox_retry_later_than(limit).unwrap(), 0);
}
