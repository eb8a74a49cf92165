//! Instants and the site's wall-clock minutes (design 8).
//!
//! Visionline knows only local minutes without a zone, so the zone is a setting of the site. Windows are never made
//! smaller by the conversion: starts go down, ends go up, and the hour that comes twice in autumn counts whole.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const MINUTE_NS: i64 = 60_000_000_000;

/// A local time too far from our era to be an instant.
#[derive(Debug, thiserror::Error)]
#[error("{local} is outside of the years that instants cover")]
pub struct OutOfRange {
    local: DateTime,
    #[source]
    source: jiff::Error,
}

/// The local minute in which a window starts: rounded down.
pub fn start_minute(instant: Timestamp, zone: &TimeZone) -> DateTime {
    let past_minute = SignedDuration::from_nanos(past_minute_ns(instant, zone));
    zone.to_datetime(instant.checked_sub(past_minute).unwrap_or(instant))
}

/// The local minute in which a window ends: rounded up.
///
/// The instant is rounded, not the wall clock: a minute before the missing hour, the next minute is on its far side.
pub fn end_minute(instant: Timestamp, zone: &TimeZone) -> DateTime {
    let past_minute_ns = past_minute_ns(instant, zone);
    if past_minute_ns == 0 {
        return zone.to_datetime(instant);
    }
    let missing = SignedDuration::from_nanos(MINUTE_NS - past_minute_ns);
    instant
        .checked_add(missing)
        .map(|rounded| zone.to_datetime(rounded))
        .unwrap_or_else(|_| start_minute(instant, zone))
}

/// The instant at which a window with this local start begins: the earlier one of a repeated hour; a missing hour
/// moves forward.
///
/// # Errors
/// [`OutOfRange`] at the ends of jiff's calendar.
pub fn start_instant(local: DateTime, zone: &TimeZone) -> Result<Timestamp, OutOfRange> {
    // jiff's "compatible" rule is this one.
    zone.to_ambiguous_timestamp(local).compatible().map_err(|source| OutOfRange { local, source })
}

/// The instant at which a window with this local end is over: the later one of a repeated hour; a missing hour moves
/// forward.
///
/// # Errors
/// [`OutOfRange`] at the ends of jiff's calendar.
pub fn end_instant(local: DateTime, zone: &TimeZone) -> Result<Timestamp, OutOfRange> {
    zone.to_ambiguous_timestamp(local).later().map_err(|source| OutOfRange { local, source })
}

/// Nanoseconds since the wall clock's last full minute, 0 to 59 999 999 999.
fn past_minute_ns(instant: Timestamp, zone: &TimeZone) -> i64 {
    let local = zone.to_datetime(instant);
    i64::from(local.second()) * 1_000_000_000 + i64::from(local.subsec_nanosecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn stockholm() -> TimeZone {
        TimeZone::get("Europe/Stockholm").unwrap()
    }

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_start_is_rounded_down_and_an_end_up() {
        let at = instant("2025-11-14T14:00:00.000001Z");
        assert_eq!(start_minute(at, &stockholm()), date(2025, 11, 14).at(15, 0, 0, 0));
        assert_eq!(end_minute(at, &stockholm()), date(2025, 11, 14).at(15, 1, 0, 0));
    }

    #[test]
    fn a_full_minute_stays_as_it_is() {
        let at = instant("2025-11-14T14:00:00Z");
        assert_eq!(start_minute(at, &stockholm()), date(2025, 11, 14).at(15, 0, 0, 0));
        assert_eq!(end_minute(at, &stockholm()), date(2025, 11, 14).at(15, 0, 0, 0));
    }

    #[test]
    fn in_the_repeated_hour_a_start_is_the_earlier_instant_and_an_end_the_later() {
        let local = date(2026, 10, 25).at(2, 30, 0, 0);
        assert_eq!(start_instant(local, &stockholm()).unwrap(), instant("2026-10-25T00:30:00Z"));
        assert_eq!(end_instant(local, &stockholm()).unwrap(), instant("2026-10-25T01:30:00Z"));
    }

    #[test]
    fn a_time_in_the_missing_hour_moves_forward() {
        let local = date(2026, 3, 29).at(2, 30, 0, 0);
        assert_eq!(start_instant(local, &stockholm()).unwrap(), instant("2026-03-29T01:30:00Z"));
        assert_eq!(end_instant(local, &stockholm()).unwrap(), instant("2026-03-29T01:30:00Z"));
    }

    #[test]
    fn an_end_just_before_the_missing_hour_is_rounded_over_it() {
        let at = instant("2026-03-29T00:59:30Z");
        assert_eq!(start_minute(at, &stockholm()), date(2026, 3, 29).at(1, 59, 0, 0));
        assert_eq!(end_minute(at, &stockholm()), date(2026, 3, 29).at(3, 0, 0, 0));
    }

    #[test]
    fn both_instants_of_the_repeated_hour_have_one_local_minute() {
        let expected = date(2026, 10, 25).at(2, 30, 0, 0);
        for at in ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"] {
            assert_eq!(start_minute(instant(at), &stockholm()), expected);
            assert_eq!(end_minute(instant(at), &stockholm()), expected);
        }
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_panic() {
        for at in [Timestamp::MIN, Timestamp::MAX] {
            let _ = (start_minute(at, &stockholm()), end_minute(at, &stockholm()));
        }
        assert!(start_instant(DateTime::MAX, &stockholm()).is_err());
    }

    proptest! {
        #[test]
        fn a_window_sent_as_local_minutes_never_shrinks(second in 1_700_000_000_i64..1_900_000_000, nanosecond in 0..1_000_000_000_i32) {
            let at = Timestamp::new(second, nanosecond).unwrap();
            let zone = stockholm();
            prop_assert!(start_instant(start_minute(at, &zone), &zone).unwrap() <= at);
            prop_assert!(end_instant(end_minute(at, &zone), &zone).unwrap() >= at);
        }
    }
}
