//! One offline lock: what it knows, and nothing more.
//!
//! A lock decides from the image shown to it and from its own state alone (`spec/visionline.md` 4.4, 4.5). This
//! folder must not reach the lock server's records in any way; the promises P3 to P5 are tested against it.

mod decide;
mod image;
mod payload;
mod verdict;

pub use image::{Function, GuestDoor, Image, Medium, OpeningHours};
pub use payload::PAYLOAD_BYTES;
pub use verdict::{Detail, Verdict};

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::SignedDuration;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::property::{Category, Door, Knobs, Takeover};

/// How many verdicts a lock keeps in its event log.
const LOG_LENGTH: usize = 20;

/// A run of door numbers, both ends included: the rooms whose guests an entrance or an elevator lets pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// Lowest door number.
    pub first: u32,
    /// Highest door number.
    pub last: u32,
}

impl Interval {
    /// Whether the number lies in the interval.
    #[must_use]
    pub fn contains(self, number: u32) -> bool {
        (self.first..=self.last).contains(&number)
    }
}

/// State of the deadbolt as the lock senses it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bolt {
    /// Not thrown.
    #[default]
    Open,
    /// Thrown from inside.
    Thrown,
    /// Thrown, and locked out for guests.
    ThrownForGuests,
    /// Thrown by the family function.
    Family,
}

/// Privacy setting of the room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Privacy {
    /// Nobody asked for it.
    #[default]
    Off,
    /// Asked for.
    On,
    /// Asked for, without a sound.
    Silent,
    /// Do not disturb.
    DoNotDisturb,
}

/// What people and batteries do to a lock; set by tests and by the control interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Condition {
    /// Deadbolt.
    pub deadbolt: Bolt,
    /// Privacy.
    pub privacy: Privacy,
    /// The battery is getting low.
    pub battery_low: bool,
    /// The battery is nearly empty.
    pub battery_critical: bool,
    /// Seconds by which the lock's clock is ahead (positive) or behind (negative).
    pub clock_drift_seconds: i64,
}

/// A stand-alone lock at one door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// The property's system number as programmed into the lock.
    system_id: u32,
    /// The door's number.
    number: u32,
    category: Category,
    /// Entrances, elevator readers and outer doors of suites: the rooms whose guests may pass.
    rooms: Option<Interval>,
    /// Whether the door belongs to a suite.
    suite: bool,
    opening_hours: Option<OpeningHours>,
    /// Staff groups with rights at this door.
    staff_groups: BTreeSet<u32>,
    takeover: Takeover,
    refuses_on_critical_battery: bool,

    condition: Condition,
    /// Stamp of the newest guest key accepted here; 0 before the first.
    last_stamp: u32,
    /// Ids of cancelled cards, each until the wall time at which the card ends anyway.
    cancelled: BTreeMap<u32, DateTime>,
    blocked_groups: BTreeSet<u32>,
    used_one_time: BTreeSet<u32>,
    stands_open: bool,
    log: VecDeque<Verdict>,
}

impl Lock {
    /// A lock as programmed for a door of a property: no key has been used yet.
    #[must_use]
    pub fn new(system_id: u32, door: &Door, knobs: &Knobs) -> Self {
        Self {
            system_id,
            number: door.number,
            category: door.category,
            rooms: door.rooms,
            suite: door.suite.is_some(),
            opening_hours: door.opening_hours,
            staff_groups: door.staff_groups.iter().copied().collect(),
            takeover: knobs.takeover,
            refuses_on_critical_battery: knobs.battery_refuses,
            condition: Condition { clock_drift_seconds: door.clock_drift_seconds, ..Condition::default() },
            last_stamp: 0,
            cancelled: BTreeMap::new(),
            blocked_groups: BTreeSet::new(),
            used_one_time: BTreeSet::new(),
            stands_open: false,
            log: VecDeque::new(),
        }
    }

    /// The stamp of the newest guest key accepted here; 0 before the first, and always 0 at common doors.
    #[must_use]
    pub fn last_stamp(&self) -> u32 {
        self.last_stamp
    }

    /// The lock's own clock when the wall clock of the property shows `local_now`.
    #[must_use]
    pub fn clock(&self, local_now: DateTime) -> DateTime {
        local_now.saturating_add(SignedDuration::from_secs(self.condition.clock_drift_seconds))
    }

    /// Deadbolt, privacy, battery and clock.
    #[must_use]
    pub fn condition(&self) -> Condition {
        self.condition
    }

    /// Sets deadbolt, privacy, battery and clock.
    pub fn set_condition(&mut self, condition: Condition) {
        self.condition = condition;
    }

    /// An online lock hears of a new stay: keys with older stamps die at once (`spec/visionline.md` 4.8).
    pub fn raise_stamp(&mut self, stamp: u32) {
        if self.category == Category::Guest {
            self.last_stamp = self.last_stamp.max(stamp);
        }
    }

    /// An online lock hears of a cancelled card, which would end by itself at `expire`.
    pub fn cancel(&mut self, card_id: u32, expire: DateTime) {
        self.cancelled.insert(card_id, expire);
    }

    /// Blocks a user group here, as a blocking card does.
    pub fn block_group(&mut self, user_group: u32) {
        self.blocked_groups.insert(user_group);
    }

    /// Whether a stand-open card has left the door unlocked.
    #[must_use]
    pub fn stands_open(&self) -> bool {
        self.stands_open
    }

    /// The last verdicts, newest last; at most 20.
    pub fn log(&self) -> impl Iterator<Item = &Verdict> {
        self.log.iter()
    }

    fn record(&mut self, verdict: &Verdict) {
        if self.log.len() == LOG_LENGTH {
            self.log.pop_front();
        }
        self.log.push_back(verdict.clone());
    }
}
