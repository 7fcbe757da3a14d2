//! How long a person waits after wrong secrets.
//!
//! Pure: what was counted and the time go in. The count is stored before a secret is compared, so a
//! till that is switched off in between has counted the attempt all the same.

use jiff::Timestamp;

/// Wrong secrets in a row that cost nothing but another try.
const FREE: u32 = 5;
/// The first wait, in seconds; it doubles with each further wrong secret.
const FIRST_WAIT: u64 = 30;
/// The longest wait, in seconds.
const MAX_WAIT: u64 = 900;

/// Seconds a person has to wait after `wrong` secrets in a row.
fn wait_after(wrong: u32) -> u64 {
    let Some(over) = wrong.checked_sub(FREE) else {
        return 0;
    };
    // Beyond a few doublings the cap decides anyway, so the shift cannot overflow.
    (FIRST_WAIT << over.min(10)).min(MAX_WAIT)
}

/// Seconds still to wait at `now`, or `None` when a secret may be tried.
pub(crate) fn locked_for(wrong: u32, last: Option<Timestamp>, now: Timestamp) -> Option<u64> {
    let wait = wait_after(wrong);
    let last = last?;
    if wait == 0 {
        return None;
    }
    // A clock that was set back must not lock anybody out for longer than the full wait.
    let passed = u64::try_from(now.as_second().saturating_sub(last.as_second())).unwrap_or(0);
    wait.checked_sub(passed).filter(|left| *left > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn the_wait_begins_with_the_fifth_and_doubles_to_a_cap() {
        // (wrong secrets, seconds since the last one, seconds left)
        let table = [
            (0, 0, None),
            (4, 0, None),
            (5, 0, Some(30)),
            (5, 29, Some(1)),
            (5, 30, None),
            (6, 0, Some(60)),
            (9, 0, Some(480)),
            (10, 0, Some(900)),
            (u32::MAX, 0, Some(900)),
            // The clock was set back by an hour: the full wait, not an hour more.
            (5, -3600, Some(30)),
        ];
        for (wrong, passed, left) in table {
            assert_eq!(
                locked_for(wrong, Some(at(0)), at(passed)),
                left,
                "{wrong} after {passed}"
            );
        }
        assert_eq!(locked_for(9, None, at(0)), None);
    }
}
