//! The plan alone: in any order of events it makes progress and bothers nobody.

use evertill_protocol::{DocumentResult, Outcome};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn fixed(number: u64) -> Random {
    Box::new(move || number)
}

fn keys(count: usize) -> Vec<Uuid> {
    (1..=count).map(key).collect()
}

fn key(number: usize) -> Uuid {
    Uuid::from_u128(number as u128)
}

/// A moment, with a clock that goes right.
fn at(moment: Moment) -> Now {
    let time = Timestamp::UNIX_EPOCH + moment;
    Now {
        moment,
        time,
        due_until: time,
    }
}

/// An answer with the same outcome for these documents.
fn answer(keys: &[Uuid], outcome: Outcome) -> BatchResult {
    let result = |key: &Uuid| DocumentResult {
        key: *key,
        outcome,
        code: None,
        message: None,
        notes: Vec::new(),
        posted_at: None,
    };
    BatchResult {
        results: keys.iter().map(result).collect(),
    }
}

fn unreachable() -> UpstreamError {
    UpstreamError::Unreachable {
        detail: String::new(),
    }
}

fn status(status: u16, retry_after: Option<u64>) -> UpstreamError {
    UpstreamError::Status {
        status,
        code: "hub_error".to_owned(),
        message: String::new(),
        params: Vec::new(),
        retry_after: retry_after.map(seconds),
    }
}

fn any_error() -> impl Strategy<Value = UpstreamError> {
    prop_oneof![
        Just(unreachable()),
        Just(UpstreamError::Timeout),
        Just(UpstreamError::Lost {
            detail: String::new()
        }),
        Just(UpstreamError::Garbage {
            detail: String::new()
        }),
        Just(UpstreamError::TooLarge),
        (400_u16..600).prop_map(|code| status(code, None)),
        (400_u16..600, 0_u64..100_000).prop_map(|(code, wait)| status(code, Some(wait))),
    ]
}

#[derive(Debug, Clone)]
enum Event {
    Fails(UpstreamError, u64),
    Works,
    Sold,
    Asked,
    Passes(u64),
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (any_error(), any::<u64>()).prop_map(|(error, random)| Event::Fails(error, random)),
        2 => Just(Event::Works),
        1 => Just(Event::Sold),
        1 => Just(Event::Asked),
        2 => (0_u64..10_000).prop_map(Event::Passes),
    ]
}

const DUE: Work = Work {
    due: true,
    due_at: None,
    snapshot: false,
};

/// Lets the step that is planned happen.
fn act(plan: &mut Plan, now: Moment, step: Step, event: Event) {
    match (step, event) {
        (Step::Push { limit }, Event::Fails(error, random)) => {
            plan.random = fixed(random);
            plan.push_failed(at(now), &keys(limit), error);
        }
        (Step::Push { .. }, Event::Works) => {
            plan.pushed(at(now), &[], &BatchResult { results: vec![] });
        }
        (Step::Pull | Step::Snapshot, Event::Fails(error, random)) => {
            plan.random = fixed(random);
            plan.pull_failed(at(now), error);
        }
        (Step::Pull | Step::Snapshot, Event::Works) => plan.pulled(now, false),
        (Step::Probe, Event::Fails(error, random)) => {
            plan.random = fixed(random);
            plan.probe_failed(at(now), error);
        }
        (Step::Probe, Event::Works) => plan.probed(now),
        (_, Event::Sold) => plan.sold(now),
        (_, Event::Asked) => plan.asked(now),
        (Step::Rest { .. }, _) | (_, Event::Passes(_)) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happened_a_due_document_is_sent_within_the_longest_wait(
        events in vec(any_event(), 0..60),
    ) {
        let pace = Pace::default();
        let mut plan = Plan::new(pace.clone(), fixed(0));
        let mut now = Moment::ZERO;
        for event in events {
            if let Event::Passes(millis) = event {
                now += Duration::from_millis(millis);
            }
            let step = plan.next(now, DUE);
            if let Step::Rest { until } = step {
                prop_assert!(until > now, "a rest lies ahead");
                let longest = pace.max_hold + pace.retry.most;
                prop_assert!(until <= now + longest, "and is bounded: {:?}", until - now);
            }
            act(&mut plan, now, step, event);
        }
        // From here on the hub is well: a hold of an hour has 120 looks at the change feed in it.
        let mut pushed = false;
        let since = now;
        for _ in 0..300 {
            match plan.next(now, DUE) {
                Step::Rest { until } => now = until,
                step @ Step::Push { limit } => {
                    prop_assert!(limit >= 1 && limit <= pace.batch);
                    act(&mut plan, now, step, Event::Works);
                    pushed = true;
                    break;
                }
                step => act(&mut plan, now, step, Event::Works),
            }
        }
        prop_assert!(pushed && now - since <= pace.max_hold + pace.retry.most);
    }

    #[test]
    fn a_failing_batch_is_halved_until_one_document_stands_alone(
        error in any_error(), random: u64, start in 2_usize..500,
    ) {
        let mut plan = Plan::new(Pace { batch: start, ..Pace::default() }, fixed(random));
        let mut now = Moment::ZERO;
        let mut sizes = Vec::new();
        for _ in 0..200 {
            match plan.next(now, DUE) {
                Step::Push { limit } => {
                    match plan.batch_failed(now, &error, limit) {
                        FailedBatch::SendInParts => prop_assert!(limit > 1),
                        FailedBatch::SendAlone | FailedBatch::NeedsAttention => {
                            prop_assert_eq!(limit, 1);
                        }
                        FailedBatch::SendAgain => {
                            prop_assert_eq!(limit, start, "nothing to split for");
                        }
                    }
                    sizes.push(limit);
                }
                Step::Rest { until } => now = until,
                step => act(&mut plan, now, step, Event::Works),
            }
        }
        prop_assert!(sizes.windows(2).all(|pair| pair[1] <= pair[0]), "{sizes:?}");
        let last = sizes.last().copied().unwrap_or_default();
        prop_assert!(last == 1 || last == start, "{sizes:?}");
    }

    #[test]
    fn a_hold_the_hub_asked_for_is_kept_whatever_is_sold(
        wait in 1_u64..3_600, random: u64, sales in 1_usize..20,
    ) {
        let mut plan = Plan::new(Pace::default(), fixed(random));
        plan.pulled(Moment::ZERO, false);
        plan.push_failed(at(Moment::ZERO), &keys(1), status(429, Some(wait)));
        for sale in 0..sales {
            let now = seconds(wait) * u32::try_from(sale).expect("few") / 20;
            plan.sold(now);
            let sent = matches!(plan.next(now, DUE), Step::Push { .. });
            prop_assert!(!sent, "after {now:?} of {wait} s");
        }
        plan.asked(Moment::ZERO);
        prop_assert_eq!(plan.next(Moment::ZERO, DUE), Step::Push { limit: 500 });
    }
}

#[test]
fn sales_go_before_the_catalogue_and_a_success_brings_the_batch_size_back() {
    let mut plan = Plan::new(Pace::default(), fixed(u64::MAX));
    let nothing = Work::default();
    let first_run = Work {
        snapshot: true,
        ..Work::default()
    };
    assert_eq!(plan.next(Moment::ZERO, DUE), Step::Push { limit: 500 });
    assert_eq!(plan.next(Moment::ZERO, first_run), Step::Snapshot);
    assert_eq!(
        plan.next(
            Moment::ZERO,
            Work {
                due: true,
                ..first_run
            }
        ),
        Step::Push { limit: 500 }
    );
    assert_eq!(plan.next(Moment::ZERO, nothing), Step::Pull);
    plan.pulled(Moment::ZERO, false);
    assert_eq!(
        plan.next(Moment::ZERO, nothing),
        Step::Rest { until: seconds(30) }
    );
    assert_eq!(plan.next(seconds(30), nothing), Step::Pull);
    plan.pulled(seconds(30), true);
    assert_eq!(
        plan.next(seconds(30), nothing),
        Step::Pull,
        "more is there already"
    );

    for expected in [250, 125, 62] {
        plan.push_failed(
            at(Moment::ZERO),
            &keys(expected * 2),
            UpstreamError::TooLarge,
        );
        assert_eq!(plan.next(Moment::ZERO, DUE), Step::Push { limit: expected });
    }
    for expected in [124, 248, 496, 500, 500] {
        plan.pushed(at(Moment::ZERO), &[], &BatchResult { results: vec![] });
        assert_eq!(plan.next(Moment::ZERO, DUE), Step::Push { limit: expected });
    }
}

#[test]
fn a_document_that_waits_is_looked_for_when_its_time_comes() {
    let mut plan = Plan::new(Pace::default(), fixed(u64::MAX));
    plan.pulled(Moment::ZERO, false);
    let later = Work {
        due_at: Some(seconds(12)),
        ..Work::default()
    };
    assert_eq!(
        plan.next(seconds(2), later),
        Step::Rest { until: seconds(12) }
    );
    let much_later = Work {
        due_at: Some(seconds(500)),
        ..Work::default()
    };
    assert_eq!(
        plan.next(seconds(2), much_later),
        Step::Rest { until: seconds(30) }
    );
    // Due this very moment by a clock that is a little off: no busy loop.
    let now = Work {
        due_at: Some(seconds(2)),
        ..Work::default()
    };
    assert!(matches!(plan.next(seconds(2), now), Step::Rest { until } if until > seconds(2)));
}

#[test]
fn when_a_probe_is_answered_everything_is_due_at_once() {
    let mut plan = Plan::new(Pace::default(), fixed(u64::MAX));
    plan.pulled(Moment::ZERO, false);
    plan.push_failed(at(Moment::ZERO), &keys(1), UpstreamError::Timeout);
    plan.pull_failed(at(Moment::ZERO), unreachable());
    assert!(matches!(plan.next(Moment::ZERO, DUE), Step::Rest { .. }));
    assert_eq!(plan.next(seconds(1), DUE), Step::Probe);
    plan.probed(seconds(1));
    assert_eq!(plan.next(seconds(1), DUE), Step::Push { limit: 500 });
    assert_eq!(plan.next(seconds(1), Work::default()), Step::Pull);
}

#[test]
fn a_document_that_failed_alone_stays_alone_until_it_is_answered() {
    let mut plan = Plan::new(Pace::default(), fixed(0));
    let due: Vec<Parcel> = keys(3)
        .into_iter()
        .map(|key| Parcel { key, bytes: 10 })
        .collect();
    assert_eq!(plan.enough(10), 11);
    plan.push_failed(at(Moment::ZERO), &keys(3), UpstreamError::Timeout);
    assert_eq!(plan.batch(&due, 10), keys(3), "the batch failed, not they");
    plan.push_failed(at(Moment::ZERO), &keys(1), UpstreamError::Timeout);
    assert_eq!(plan.batch(&due, 10), [key(2), key(3)]);
    assert_eq!(plan.batch(&due[..1], 10), [key(1)]);
    assert_eq!(plan.enough(10), 12, "one more, so that the batch is full");
    plan.pushed(
        at(Moment::ZERO),
        &keys(1),
        &answer(&keys(1), Outcome::Retry),
    );
    assert_eq!(plan.batch(&due, 10), keys(3));
}

#[test]
fn a_document_that_is_put_off_waits_longer_each_time_and_an_answer_ends_that() {
    let mut plan = Plan::new(Pace::default(), fixed(u64::MAX));
    let mut waits = Vec::new();
    for outcome in [
        Outcome::Retry,
        Outcome::Retry,
        Outcome::Retry,
        Outcome::Accepted,
        Outcome::Retry,
    ] {
        plan.pushed(at(Moment::ZERO), &keys(1), &answer(&keys(1), outcome));
        match plan.unrecorded().as_slice() {
            [(_, OutboxResult::Retry { at, .. })] => {
                waits.push(at.duration_since(Timestamp::UNIX_EPOCH).as_millis());
            }
            [(_, OutboxResult::Acknowledged)] => waits.push(0),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(waits, [999, 1_999, 3_999, 0, 999]);
}

#[test]
fn what_the_store_has_not_taken_down_is_kept_until_it_has() {
    let mut plan = Plan::new(Pace::default(), fixed(0));
    let now = at(Moment::ZERO);
    plan.pushed(now, &keys(2), &answer(&keys(1), Outcome::Accepted));
    plan.push_interrupted(now, &[key(3)]);
    plan.damaged(now, key(4));
    for _ in 0..2 {
        let kept = plan.unrecorded();
        assert_eq!(kept.len(), 4);
        assert_eq!(kept[0], (key(1), OutboxResult::Acknowledged));
        let code = |result: &OutboxResult| match result {
            OutboxResult::Acknowledged => String::new(),
            OutboxResult::Retry { code, .. } | OutboxResult::NeedsAttention { code, .. } => {
                code.clone()
            }
        };
        assert_eq!(code(&kept[1].1), "hub_answer_missing");
        assert_eq!(code(&kept[2].1), "interrupted");
        assert_eq!(code(&kept[3].1), "payload_damaged");
    }
    plan.recorded();
    assert_eq!(plan.unrecorded(), []);
}

#[test]
fn a_cursor_the_hub_does_not_know_means_one_new_snapshot_and_is_no_failure() {
    let mut plan = Plan::new(Pace::default(), fixed(0));
    let ahead = || {
        let error = evertill_protocol::ApiError::new(code::CURSOR_AHEAD, "No.");
        UpstreamError::refused(409, error, None)
    };
    plan.pull_failed(at(Moment::ZERO), ahead());
    assert_eq!(plan.problem(), None);
    assert_eq!(plan.next(Moment::ZERO, Work::default()), Step::Snapshot);
    // A hub that says so of the snapshot itself is not believed for ever.
    plan.pull_failed(at(Moment::ZERO), ahead());
    assert_eq!(plan.problem().expect("a reason").code, code::CURSOR_AHEAD);
    assert!(matches!(
        plan.next(Moment::ZERO, Work::default()),
        Step::Rest { .. }
    ));
    plan.pulled(seconds(1), false);
    assert_eq!(plan.next(seconds(31), Work::default()), Step::Pull);
}

#[test]
fn the_report_says_what_failed_last_and_when_all_was_in_order() {
    let none = OutboxCounts::default();
    let mut plan = Plan::new(Pace::default(), fixed(0));
    let report = |plan: &mut Plan, second: u64| {
        let report = plan.report(at(seconds(second)).time, &none, false);
        let synced = report.history.last_synced;
        (report.state, synced.map(|at| at.as_second()))
    };
    assert_eq!(report(&mut plan, 1), (SyncState::Waiting, None), "unheard");
    plan.pulled(seconds(2), false);
    assert_eq!(report(&mut plan, 2), (SyncState::Synced, Some(2)));
    assert_eq!(
        report(&mut plan, 3),
        (SyncState::Synced, Some(2)),
        "no contact since"
    );
    plan.push_failed(at(seconds(4)), &keys(1), status(401, None));
    assert_eq!(report(&mut plan, 4), (SyncState::Attention, Some(2)));
    plan.pushed(at(seconds(5)), &[], &BatchResult { results: vec![] });
    assert_eq!(report(&mut plan, 5), (SyncState::Synced, Some(5)));
    plan.probe_failed(at(seconds(6)), unreachable());
    assert_eq!(report(&mut plan, 6), (SyncState::Offline, Some(5)));
    assert_eq!(
        plan.history().offline_since,
        Some(at(seconds(6)).time),
        "since the first failure"
    );
    plan.probed(seconds(7));
    assert_eq!(report(&mut plan, 7), (SyncState::Synced, Some(5)));
    plan.store_failed(at(seconds(8)), Fault::new("disk_full", "Full."));
    assert_eq!(report(&mut plan, 8), (SyncState::Offline, Some(5)));
    plan.store_worked();
    assert_eq!(plan.problem(), None);
}

#[test]
fn a_clock_that_is_set_back_puts_off_nothing() {
    let mut plan = Plan::new(Pace::default(), fixed(0));
    let noon = at(seconds(43_200)).time;
    assert_eq!(plan.now(seconds(10), noon).due_until, noon);
    let back = plan.now(seconds(15), noon - seconds(3_600));
    assert_eq!(back.due_until, noon + seconds(5));
    assert_eq!(back.time, noon - seconds(3_600), "people see their clock");
    let ahead = noon + seconds(100);
    assert_eq!(plan.now(seconds(16), ahead).due_until, ahead);
}
