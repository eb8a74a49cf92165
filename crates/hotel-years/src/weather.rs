//! Bad weather: faults at the lock server, and the death of our own process between two calls.

use jiff::SignedDuration;
use visionline_sim::{FaultKind, FaultLength};

use crate::{random::Random, world::World};

/// How long nobody works after the process died, when nobody starts it anew soon: longer than the engine waits for an
/// outcome (engine::issuing::next).
pub const AFTER_CRASH: SignedDuration = SignedDuration::from_secs(121);

/// How long nobody works when it is started anew soon.
pub const AFTER_RESTART: SignedDuration = SignedDuration::from_secs(3);

/// How long a request may take before the shell gives it up.
pub const REQUEST_TIMEOUT_MS: u64 = 30_000;

/// The process will die at one of the points where it may: after `look`, after `next`, after a request was answered,
/// before the outcome is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crash {
    /// How many such points it still survives.
    pub survives: u64,
}

impl World {
    /// One of the points where the process may die; answers whether it did.
    pub fn may_die(&mut self) -> bool {
        match &mut self.crash {
            None => false,
            Some(Crash { survives: 0 }) => {
                self.crash = None;
                self.die();
                let is_soon = self.exchanges.is_multiple_of(2);
                self.now = crate::world::later(self.now, if is_soon { AFTER_RESTART } else { AFTER_CRASH });
                true
            }
            Some(crash) => {
                crash.survives -= 1;
                false
            }
        }
    }

    /// Orders a fault at the lock server; answers what it is, for the story.
    pub fn order_weather(&mut self, word: u64) -> String {
        let mut random = Random::new(word);
        let kind = match random.below(6) {
            0 => FaultKind::Unreachable,
            1 => FaultKind::Slow,
            2 | 3 => FaultKind::LostReply,
            4 => FaultKind::ServerError,
            _ if random.chance(1, 2) => FaultKind::SessionExpired,
            _ => FaultKind::Garbage,
        };
        let length = if random.chance(1, 4) {
            FaultLength::seconds(self.now, 5 + i64::try_from(random.below(200)).unwrap_or(0))
        } else {
            FaultLength::Count(1 + u64::try_from(random.below(4)).unwrap_or(0))
        };
        let delay_ms = [700, 5_000, 45_000][random.below(3)];
        self.hotel.order_fault(kind, length, delay_ms);
        format!("{kind:?} for {length:?}")
    }
}
