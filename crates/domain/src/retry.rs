//! When an event that did not reach its webhook is sent again (`spec/api.md 5.3`).

use jiff::{SignedDuration, Timestamp};

/// How long after each failure the next attempt follows. The first attempt is made at once; when that many more have
/// failed, the message is given up.
const WAITS: [SignedDuration; 7] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(10),
];

/// When the attempt after the latest of `failures` is due; none when there is none any more.
pub fn next_attempt(failures: u32, failed_at: Timestamp) -> Option<Timestamp> {
    let wait = usize::try_from(failures).ok()?.checked_sub(1).and_then(|index| WAITS.get(index))?;
    Some(failed_at.saturating_add(*wait).unwrap_or(Timestamp::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_attempts_are_made_within_little_more_than_a_day() {
        let start: Timestamp = "2025-06-01T10:00:00Z".parse().unwrap();
        let mut at = start;
        let mut made = vec![at.to_string()];
        let mut failures = 1;
        while let Some(next) = next_attempt(failures, at) {
            made.push(next.to_string());
            at = next;
            failures += 1;
        }
        let expected = [
            "2025-06-01T10:00:00Z",
            "2025-06-01T10:00:05Z",
            "2025-06-01T10:05:05Z",
            "2025-06-01T10:35:05Z",
            "2025-06-01T12:35:05Z",
            "2025-06-01T17:35:05Z",
            "2025-06-02T03:35:05Z",
            "2025-06-02T13:35:05Z",
        ];
        assert_eq!(made, expected);
    }
}
