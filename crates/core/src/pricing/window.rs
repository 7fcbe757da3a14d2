//! When a price or a promotion holds.

use jiff::civil::{Date, DateTime, Time, Weekday};
use serde::{Deserialize, Serialize};

/// A span of dates, with weekdays and hours of the day. The shop's local time
/// is handed in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Window {
    /// First day, inclusive.
    pub from: Option<Date>,
    /// Last day, inclusive.
    pub to: Option<Date>,
    /// The days of the week it holds on; empty: all. In JSON by their ISO 8601 numbers, Monday
    /// is 1.
    #[serde(with = "iso_weekdays")]
    pub weekdays: Vec<Weekday>,
    /// From when to when on such a day; the end is exclusive. An end before
    /// the start runs past midnight and belongs to the day it started on.
    pub hours: Option<(Time, Time)>,
}

impl Window {
    /// Whether it holds at a local time.
    #[must_use]
    pub fn holds(&self, now: DateTime) -> bool {
        let Some((start, end)) = self.hours else {
            return self.holds_on(now.date());
        };
        let time = now.time();
        if start <= end {
            return start <= time && time < end && self.holds_on(now.date());
        }
        if time >= start {
            return self.holds_on(now.date());
        }
        // After midnight it is still the evening before.
        time < end
            && now
                .date()
                .yesterday()
                .is_ok_and(|evening| self.holds_on(evening))
    }

    /// Whether it holds on a day, at whatever hour.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
            && (self.weekdays.is_empty() || self.weekdays.contains(&day.weekday()))
    }
}

/// Weekdays as JSON.
mod iso_weekdays {
    use jiff::civil::Weekday;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(days: &[Weekday], to: S) -> Result<S::Ok, S::Error> {
        let numbers: Vec<i8> = days.iter().map(|day| day.to_monday_one_offset()).collect();
        numbers.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Weekday>, D::Error> {
        Vec::<i8>::deserialize(from)?
            .into_iter()
            .map(|number| Weekday::from_monday_one_offset(number).map_err(D::Error::custom))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date, time};

    use super::Window;

    #[test]
    fn happy_hour_past_midnight_belongs_to_the_evening_it_started_on() {
        let window = Window {
            from: Some(date(2026, 11, 1)),
            to: Some(date(2026, 11, 30)),
            weekdays: vec![Weekday::Friday],
            hours: Some((time(22, 0, 0, 0), time(2, 0, 0, 0))),
        };
        let friday = date(2026, 11, 27);
        let cases = [
            (friday.at(21, 59, 59, 0), false),
            (friday.at(22, 0, 0, 0), true),
            (date(2026, 11, 28).at(1, 59, 0, 0), true),
            (date(2026, 11, 28).at(2, 0, 0, 0), false),
            (date(2026, 11, 28).at(22, 0, 0, 0), false),
            (date(2026, 12, 4).at(23, 0, 0, 0), false),
        ];
        for (now, holds) in cases {
            assert_eq!(window.holds(now), holds, "{now}");
        }
    }

    #[test]
    fn a_window_without_bounds_always_holds() {
        assert!(Window::default().holds(date(1999, 1, 1).at(0, 0, 0, 0)));
    }
}
