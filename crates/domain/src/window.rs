//! The time window of a key: `starts_at` inclusive, `ends_at` exclusive.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A half-open interval of time, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// The first instant inside.
    pub starts_at: Timestamp,
    /// The first instant after the end.
    pub ends_at: Timestamp,
}

/// The minute of an instant: a start is sent to the lock server rounded down to it (design 8). Zones have offsets of
/// whole minutes in our time, so minutes begin together everywhere.
#[must_use]
pub fn minute(at: Timestamp) -> Timestamp {
    let past = SignedDuration::from_micros(at.as_microsecond().rem_euclid(60_000_000));
    at.saturating_sub(past).unwrap_or(at)
}

/// Why a requested window cannot be granted (`spec/api.md 4.15`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// The end lies at or before the start.
    #[error("ends_at must be after starts_at")]
    EndsBeforeStart,
    /// The end has passed already.
    #[error("ends_at must be in the future")]
    EndsInThePast,
}

/// A window as it was asked for and as it is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Granted {
    /// What the key will hold.
    pub window: Window,
    /// True when the grant differs from the request: a start in the past was moved, or an absent end was filled in.
    pub schedule_modified: bool,
}

impl Window {
    /// Decides the window of a new credential at `now`: an absent start is now, a start in the past moves to now, an
    /// absent end is `default_stay` after the start (`spec/api.md 4.15`, its open question 9).
    ///
    /// # Errors
    /// When the window would end before it starts, or in the past.
    pub fn grant(
        starts_at: Option<Timestamp>,
        ends_at: Option<Timestamp>,
        now: Timestamp,
        default_stay: SignedDuration,
    ) -> Result<Granted, WindowError> {
        let asked = starts_at.unwrap_or(now);
        let starts = asked.max(now);
        let ends = match ends_at {
            Some(ends) => ends,
            None => starts.saturating_add(default_stay).unwrap_or(Timestamp::MAX),
        };
        if ends <= asked {
            return Err(WindowError::EndsBeforeStart);
        }
        if ends <= now {
            return Err(WindowError::EndsInThePast);
        }
        Ok(Granted {
            window: Self { starts_at: starts, ends_at: ends },
            schedule_modified: starts != asked || ends_at.is_none(),
        })
    }

    /// Whether the two windows share an instant; windows that only touch do not.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }

    /// The smallest window that holds both.
    #[must_use]
    pub fn hull(&self, other: &Self) -> Self {
        Self { starts_at: self.starts_at.min(other.starts_at), ends_at: self.ends_at.max(other.ends_at) }
    }

    /// The minutes that hold it: what the lock server makes of it.
    #[must_use]
    pub fn in_minutes(&self) -> Self {
        let end = minute(self.ends_at);
        let whole = end == self.ends_at;
        let next = || end.saturating_add(SignedDuration::from_mins(1)).unwrap_or(self.ends_at);
        Self { starts_at: minute(self.starts_at), ends_at: if whole { end } else { next() } }
    }

    /// Whether the minute of the start has been reached: from then on the locks accept it.
    pub fn has_begun(&self, now: Timestamp) -> bool {
        minute(self.starts_at) <= now
    }

    /// Whether the end has been reached.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.ends_at <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    const DAY: SignedDuration = SignedDuration::from_hours(24);

    #[test]
    fn a_start_in_the_past_moves_to_now_and_is_reported() {
        let granted = Window::grant(Some(at(10)), Some(at(100)), at(50), DAY).unwrap();
        assert_eq!(granted.window, Window { starts_at: at(50), ends_at: at(100) });
        assert!(granted.schedule_modified);
    }

    #[test]
    fn an_absent_start_is_now_and_an_absent_end_is_one_default_stay_later() {
        let granted = Window::grant(None, None, at(50), DAY).unwrap();
        assert_eq!(granted.window, Window { starts_at: at(50), ends_at: at(50 + 86_400) });
        assert!(granted.schedule_modified);
        assert!(!Window::grant(None, Some(at(60)), at(50), DAY).unwrap().schedule_modified);
    }

    #[test]
    fn an_end_before_the_start_or_in_the_past_is_refused() {
        assert_eq!(Window::grant(Some(at(90)), Some(at(80)), at(50), DAY), Err(WindowError::EndsBeforeStart));
        assert_eq!(Window::grant(Some(at(90)), Some(at(90)), at(50), DAY), Err(WindowError::EndsBeforeStart));
        assert_eq!(Window::grant(Some(at(10)), Some(at(50)), at(50), DAY), Err(WindowError::EndsInThePast));
    }

    #[test]
    fn the_lock_server_knows_minutes() {
        let window = Window { starts_at: at(61), ends_at: at(121) };
        assert_eq!(window.in_minutes(), Window { starts_at: at(60), ends_at: at(180) });
        assert_eq!(window.in_minutes().in_minutes(), window.in_minutes());
    }

    #[test]
    fn windows_that_touch_do_not_overlap() {
        let first = Window { starts_at: at(0), ends_at: at(10) };
        let second = Window { starts_at: at(10), ends_at: at(20) };
        assert!(!first.overlaps(&second));
        assert!(first.overlaps(&Window { starts_at: at(9), ends_at: at(10) }));
    }
}
