//! The clock: the one place of the program that asks the machine what time it is.
//!
//! A [`Clock`] is a value that the shell creates and hands down. It either follows the machine, or it starts at the
//! machine's time, runs at real speed and can be moved forward (design 8). What is decided at an instant belongs to
//! those who are given it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Asks the machine for the wall clock and the monotonic clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the shell's only question to the machine; everybody else is given a Clock or an instant"
)]
fn ask_the_machine() -> (Timestamp, Instant) {
    (Timestamp::now(), Instant::now())
}

/// A source of instants, shared by cloning.
#[derive(Debug, Clone)]
pub struct Clock {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    started: Instant,
    /// Where a virtual clock began; `None` for a clock that follows the machine.
    origin: Option<Timestamp>,
    /// How far a virtual clock has been moved forward.
    ahead_us: AtomicI64,
}

/// Why a clock could not be moved.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ClockError {
    /// The clock follows the machine.
    #[error("the clock is real and cannot be moved; start with a virtual clock")]
    Real,
    /// The wished time lies in the past of the clock.
    #[error("a clock moves only forward: it is already {now}")]
    Backwards {
        /// What the clock showed when it was asked to go back.
        now: Timestamp,
    },
    /// The wished time is beyond the last representable instant.
    #[error("the clock cannot be moved beyond the year 9999")]
    TooFar,
}

impl Clock {
    /// A clock that follows the machine.
    #[must_use]
    pub fn real() -> Self {
        let (_, started) = ask_the_machine();
        Self::from_inner(started, None)
    }

    /// A clock that starts at the machine's time, runs at real speed and can be moved forward.
    #[must_use]
    pub fn movable() -> Self {
        let (now, started) = ask_the_machine();
        Self::from_inner(started, Some(now))
    }

    /// A movable clock that starts at `origin` instead of the machine's time.
    #[must_use]
    pub fn starting_at(origin: Timestamp) -> Self {
        let (_, started) = ask_the_machine();
        Self::from_inner(started, Some(origin))
    }

    fn from_inner(started: Instant, origin: Option<Timestamp>) -> Self {
        Self { inner: Arc::new(Inner { started, origin, ahead_us: AtomicI64::new(0) }) }
    }

    /// The present instant, truncated to microseconds, the resolution of everything that is stored.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let (wall, monotonic) = ask_the_machine();
        let Some(origin) = self.inner.origin else {
            return whole_microseconds(wall.as_microsecond());
        };
        let elapsed = monotonic.saturating_duration_since(self.inner.started);
        let ahead_us = self.inner.ahead_us.load(Ordering::Acquire);
        let total_us = origin.as_microsecond().saturating_add(microseconds(elapsed)).saturating_add(ahead_us);
        whole_microseconds(total_us)
    }

    /// Real time since the clock was created. Never goes back and is not affected by moving the clock: for durations.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        let (_, monotonic) = ask_the_machine();
        monotonic.saturating_duration_since(self.inner.started)
    }

    /// Whether the clock can be moved.
    #[must_use]
    pub fn is_movable(&self) -> bool {
        self.inner.origin.is_some()
    }

    /// Moves the clock forward and answers the new time.
    ///
    /// # Errors
    /// [`ClockError::Real`] when the clock follows the machine, [`ClockError::TooFar`] past the end of time.
    pub fn advance(&self, by: Duration) -> Result<Timestamp, ClockError> {
        if !self.is_movable() {
            return Err(ClockError::Real);
        }
        let by_us = i64::try_from(by.as_micros()).map_err(|_| ClockError::TooFar)?;
        self.now()
            .as_microsecond()
            .checked_add(by_us)
            .and_then(|target_us| Timestamp::from_microsecond(target_us).ok())
            .ok_or(ClockError::TooFar)?;
        self.inner.ahead_us.fetch_add(by_us, Ordering::AcqRel);
        Ok(self.now())
    }

    /// Moves the clock forward to `target` and answers the new time.
    ///
    /// # Errors
    /// [`ClockError::Real`] when the clock follows the machine, [`ClockError::Backwards`] when `target` has passed.
    pub fn advance_to(&self, target: Timestamp) -> Result<Timestamp, ClockError> {
        if !self.is_movable() {
            return Err(ClockError::Real);
        }
        let now = self.now();
        let distance_us = target.as_microsecond().saturating_sub(now.as_microsecond());
        let distance_us = u64::try_from(distance_us).map_err(|_| ClockError::Backwards { now })?;
        self.advance(Duration::from_micros(distance_us))
    }
}

fn microseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn whole_microseconds(microsecond: i64) -> Timestamp {
    Timestamp::from_microsecond(microsecond).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_clock_cannot_be_moved() {
        assert_eq!(Clock::real().advance(Duration::from_secs(1)), Err(ClockError::Real));
        assert_eq!(Clock::real().advance_to(Timestamp::MAX), Err(ClockError::Real));
    }

    #[test]
    fn a_movable_clock_jumps_forward_for_every_holder() {
        let origin: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
        let clock = Clock::starting_at(origin);
        let other = clock.clone();
        clock.advance(Duration::from_secs(3600)).unwrap();
        let hour_later: Timestamp = "2030-01-01T01:00:00Z".parse().unwrap();
        assert!(other.now() >= hour_later);
        assert!(clock.elapsed() < Duration::from_secs(3000), "durations are real");
    }

    #[test]
    fn a_movable_clock_never_goes_back() {
        let clock = Clock::starting_at("2030-01-01T00:00:00Z".parse().unwrap());
        let refused = clock.advance_to("2029-12-31T23:59:59Z".parse().unwrap());
        assert!(matches!(refused, Err(ClockError::Backwards { .. })));
        assert_eq!(clock.advance(Duration::MAX), Err(ClockError::TooFar));
        clock.advance_to("2031-01-01T00:00:00Z".parse().unwrap()).unwrap();
        assert!(clock.now() >= "2031-01-01T00:00:00Z".parse().unwrap());
    }

    #[test]
    fn instants_have_whole_microseconds() {
        for clock in [Clock::real(), Clock::movable()] {
            let now = clock.now();
            assert_eq!(now.as_nanosecond() % 1000, 0);
        }
    }
}
