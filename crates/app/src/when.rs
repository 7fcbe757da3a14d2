//! Times as people in the shop read them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Time of day: `14:07`.
pub(crate) fn time_of_day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// Time of day, with the date in front when it was not today: `2026-11-22 14:07`.
pub(crate) fn moment(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    if business_date(at, zone) == business_date(now, zone) {
        time_of_day(at, zone)
    } else {
        at.to_zoned(zone.clone())
            .strftime("%Y-%m-%d %H:%M")
            .to_string()
    }
}

/// The shop's day a moment belongs to.
pub(crate) fn business_date(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shops_day_is_not_the_machines() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let late: Timestamp = "2026-11-22T23:30:00Z".parse().unwrap();
        let morning: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
        assert_eq!(business_date(late, &zone).to_string(), "2026-11-23");
        assert_eq!(moment(late, morning, &zone), "00:30");
        let before: Timestamp = "2026-11-22T22:59:00Z".parse().unwrap();
        assert_eq!(moment(before, morning, &zone), "2026-11-22 23:59");
    }
}
