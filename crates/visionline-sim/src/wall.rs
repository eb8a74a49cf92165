//! Wall time of the property: the only time the lock server and the locks know (`spec/visionline.md` 2.4).
//!
//! Minutes without a zone. Where a wall time names two instants or none, design 8 decides: in the repeated hour a
//! start takes the earlier instant and an end the later; a missing hour moves forward.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Reads `yyyyMMddTHHmm`; `None` for anything else, impossible dates included.
pub(crate) fn parse(text: &str) -> Option<DateTime> {
    let bytes = text.as_bytes();
    if bytes.len() != 13 || bytes[8] != b'T' {
        return None;
    }
    let number = |from: usize, to: usize| {
        bytes[from..to]
            .iter()
            .try_fold(0_i16, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i16::from(byte - b'0')))
    };
    let small = |from: usize, to: usize| number(from, to).and_then(|value| i8::try_from(value).ok());
    DateTime::new(number(0, 4)?, small(4, 6)?, small(6, 8)?, small(9, 11)?, small(11, 13)?, 0, 0).ok()
}

/// Writes `yyyyMMddTHHmm`.
pub(crate) fn format(time: DateTime) -> String {
    format!("{:04}{:02}{:02}T{:02}{:02}", time.year(), time.month(), time.day(), time.hour(), time.minute())
}

/// The wall time at an instant, with its seconds.
pub(crate) fn at(zone: &TimeZone, instant: Timestamp) -> DateTime {
    zone.to_datetime(instant)
}

/// The same, rounded down to the minute.
pub(crate) fn minute_at(zone: &TimeZone, instant: Timestamp) -> DateTime {
    let time = at(zone, instant);
    DateTime::new(time.year(), time.month(), time.day(), time.hour(), time.minute(), 0, 0).unwrap_or(time)
}

/// The instant at which a start given as wall time is reached.
pub(crate) fn start_instant(zone: &TimeZone, start: DateTime) -> Timestamp {
    zone.to_ambiguous_timestamp(start).compatible().unwrap_or(if start.year() < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// The instant at which an end given as wall time is reached.
pub(crate) fn end_instant(zone: &TimeZone, end: DateTime) -> Timestamp {
    zone.to_ambiguous_timestamp(end).later().unwrap_or(if end.year() < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stockholm() -> TimeZone {
        TimeZone::get("Europe/Stockholm").unwrap()
    }

    #[test]
    fn only_thirteen_characters_of_a_possible_date_are_a_time() {
        assert_eq!(parse("20251114T1500").map(format).as_deref(), Some("20251114T1500"));
        for wrong in ["", "20251114T150", "20251114 1500", "20251314T1500", "20250230T1500", "20251114T2460"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        assert_eq!(parse("2025111é1500"), None);
        assert_eq!(parse("+0251114T1500"), None);
    }

    #[test]
    fn in_the_repeated_hour_a_start_is_the_earlier_and_an_end_the_later_instant() {
        let time = parse("20251026T0230").unwrap();
        assert_eq!(start_instant(&stockholm(), time).to_string(), "2025-10-26T00:30:00Z");
        assert_eq!(end_instant(&stockholm(), time).to_string(), "2025-10-26T01:30:00Z");
    }

    #[test]
    fn in_the_missing_hour_both_move_forward() {
        let time = parse("20250330T0230").unwrap();
        assert_eq!(start_instant(&stockholm(), time).to_string(), "2025-03-30T01:30:00Z");
        assert_eq!(end_instant(&stockholm(), time).to_string(), "2025-03-30T01:30:00Z");
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_panic() {
        for text in ["00000101T0000", "99991231T2359"] {
            let time = parse(text).unwrap();
            assert!(start_instant(&stockholm(), time) <= end_instant(&stockholm(), time));
        }
    }
}
