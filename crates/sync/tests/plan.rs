//! The plan alone: whatever happens in whatever order, it makes progress and bothers nobody.

#![allow(clippy::expect_used, reason = "a test may fail loudly")]

use std::time::Duration;

use evertill_sync::{Blame, Moment, Pace, Plan, Step, UpstreamError, Work};
use proptest::collection::vec;
use proptest::prelude::*;

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
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
            plan.push_failed(now, &error, limit, random);
        }
        (Step::Push { .. }, Event::Works) => plan.pushed(),
        (Step::Pull | Step::Snapshot, Event::Fails(error, random)) => {
            plan.pull_failed(now, &error, random);
        }
        (Step::Pull | Step::Snapshot, Event::Works) => plan.pulled(now, false),
        (Step::Probe, Event::Fails(_, random)) => plan.probe_failed(now, random),
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
        let mut plan = Plan::new(pace.clone());
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
        let mut plan = Plan::new(Pace { batch: start, ..Pace::default() });
        let mut now = Moment::ZERO;
        let mut sizes = Vec::new();
        for _ in 0..200 {
            match plan.next(now, DUE) {
                Step::Push { limit } => {
                    let blame = plan.push_failed(now, &error, limit, random);
                    match blame {
                        Blame::Split => prop_assert!(limit > 1),
                        Blame::Document | Blame::DocumentForGood => prop_assert_eq!(limit, 1),
                        Blame::Nobody => prop_assert_eq!(limit, start, "nothing to split for"),
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
        let mut plan = Plan::new(Pace::default());
        plan.pulled(Moment::ZERO, false);
        plan.push_failed(Moment::ZERO, &status(429, Some(wait)), 1, random);
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
    let mut plan = Plan::new(Pace::default());
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
        plan.push_failed(Moment::ZERO, &UpstreamError::TooLarge, expected * 2, 0);
        assert_eq!(plan.next(Moment::ZERO, DUE), Step::Push { limit: expected });
    }
    for expected in [124, 248, 496, 500, 500] {
        plan.pushed();
        assert_eq!(plan.next(Moment::ZERO, DUE), Step::Push { limit: expected });
    }
}

#[test]
fn a_document_that_waits_is_looked_for_when_its_time_comes() {
    let mut plan = Plan::new(Pace::default());
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
    let mut plan = Plan::new(Pace::default());
    plan.pulled(Moment::ZERO, false);
    plan.push_failed(Moment::ZERO, &UpstreamError::Timeout, 1, u64::MAX);
    plan.pull_failed(Moment::ZERO, &unreachable(), u64::MAX);
    assert!(matches!(plan.next(Moment::ZERO, DUE), Step::Rest { .. }));
    assert_eq!(plan.next(seconds(1), DUE), Step::Probe);
    plan.probed(seconds(1));
    assert_eq!(plan.next(seconds(1), DUE), Step::Push { limit: 500 });
    assert_eq!(plan.next(seconds(1), Work::default()), Step::Pull);
}
