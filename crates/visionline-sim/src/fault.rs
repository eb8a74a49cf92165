//! Bad weather at the lock server: faults ordered by a test or a demo (design 9).
//!
//! Leaves to [`crate::Hotel::lock_server`] what each kind does to a request.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// No connection, nothing is done.
    Unreachable,
    /// The answer comes late.
    Slow,
    /// The work is done, the answer is dropped.
    LostReply,
    /// The request is taken and never answered, nothing is done.
    Silent,
    /// Status 500, nothing is done.
    ServerError,
    /// The caller's session is forgotten before the request is looked at.
    SessionExpired,
    /// The work is done, but the answer is status 200 with a body that is not JSON.
    Garbage,
}

/// How long a fault lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultLength {
    /// This many more requests.
    Count(u64),
    /// Until this instant.
    Until(Timestamp),
}

impl FaultLength {
    /// Lasts this many seconds from `now`.
    #[must_use]
    pub fn seconds(now: Timestamp, seconds: i64) -> Self {
        Self::Until(now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX))
    }
}

/// One ordered fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) length: FaultLength,
    pub(crate) delay_ms: u64,
    /// Passes over requests that only read.
    #[serde(default)]
    pub(crate) only_changes: bool,
}

/// The faults in force, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Faults {
    pub(crate) ordered: Vec<Fault>,
}

/// What meets one request: delays add up, of the other kinds the oldest in force strikes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Weather {
    pub(crate) kind: Option<FaultKind>,
    pub(crate) delay_ms: u64,
}

impl Faults {
    /// Orders a fault. A count of 0 lifts all faults of that kind instead.
    pub(crate) fn order(&mut self, fault: Fault) {
        if fault.length == FaultLength::Count(0) {
            self.ordered.retain(|known| known.kind != fault.kind);
        } else {
            self.ordered.push(fault);
        }
    }

    /// Uses up what meets the next request. `in_session`: the request names a session; one that does not is not
    /// met by [`FaultKind::SessionExpired`]. `is_change`: the request does not only read.
    pub(crate) fn strike(&mut self, now: Timestamp, in_session: bool, is_change: bool) -> Weather {
        self.ordered.retain(|fault| !matches!(fault.length, FaultLength::Until(end) if end <= now));
        let mut weather = Weather { kind: None, delay_ms: 0 };
        for fault in &mut self.ordered {
            match fault.kind {
                _ if fault.only_changes && !is_change => continue,
                FaultKind::Slow => weather.delay_ms = weather.delay_ms.saturating_add(fault.delay_ms),
                FaultKind::SessionExpired if !in_session => continue,
                kind if weather.kind.is_none() => weather.kind = Some(kind),
                _ => continue,
            }
            if let FaultLength::Count(left) = &mut fault.length {
                *left = left.saturating_sub(1);
            }
        }
        self.ordered.retain(|fault| fault.length != FaultLength::Count(0));
        weather
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::constant(1_763_114_400, 0);

    fn fault(kind: FaultKind, length: FaultLength) -> Fault {
        Fault { kind, length, delay_ms: 700, only_changes: false }
    }

    #[test]
    fn a_fault_of_changes_passes_over_what_only_reads() {
        let mut faults = Faults::default();
        faults.order(Fault { only_changes: true, ..fault(FaultKind::LostReply, FaultLength::Count(1)) });
        assert_eq!(faults.strike(NOON, true, false).kind, None);
        assert_eq!(faults.strike(NOON, true, true).kind, Some(FaultKind::LostReply));
    }

    #[test]
    fn a_counted_fault_meets_that_many_requests() {
        let mut faults = Faults::default();
        faults.order(fault(FaultKind::LostReply, FaultLength::Count(2)));
        let kinds: Vec<_> = (0..3).map(|_| faults.strike(NOON, true, true).kind).collect();
        assert_eq!(kinds, [Some(FaultKind::LostReply), Some(FaultKind::LostReply), None]);
    }

    #[test]
    fn a_timed_fault_ends_with_its_time_and_a_delay_is_added_to_another_kind() {
        let mut faults = Faults::default();
        faults.order(fault(FaultKind::Slow, FaultLength::seconds(NOON, 10)));
        faults.order(fault(FaultKind::ServerError, FaultLength::Count(1)));
        let both = Weather { kind: Some(FaultKind::ServerError), delay_ms: 700 };
        assert_eq!(faults.strike(NOON, true, true), both);
        let later = NOON + SignedDuration::from_secs(10);
        assert_eq!(faults.strike(later, true, true), Weather { kind: None, delay_ms: 0 });
    }

    #[test]
    fn a_session_fault_waits_for_a_request_that_names_a_session() {
        let mut faults = Faults::default();
        faults.order(fault(FaultKind::SessionExpired, FaultLength::Count(1)));
        assert_eq!(faults.strike(NOON, false, true).kind, None);
        assert_eq!(faults.strike(NOON, true, true).kind, Some(FaultKind::SessionExpired));
    }

    #[test]
    fn a_count_of_zero_lifts_the_faults_of_that_kind() {
        let mut faults = Faults::default();
        faults.order(fault(FaultKind::Unreachable, FaultLength::seconds(NOON, 600)));
        faults.order(fault(FaultKind::Unreachable, FaultLength::Count(0)));
        assert_eq!(faults.strike(NOON, true, true).kind, None);
    }
}
