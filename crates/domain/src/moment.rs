//! The instant and the entropy that one operation runs with.
//!
//! The shell makes a moment from its clock and the machine's random source; everything inside takes it as an
//! argument. Running an operation twice with the same moment gives the same ids, which is what lets a transaction be
//! repeated after a serialisation failure.

use jiff::Timestamp;
use uuid::Uuid;

use crate::Id;

/// Where the ids beside the others are counted from: beyond all that one operation makes.
const ASIDE: u64 = 1 << 40;

/// When an operation happens, and the source of the ids it makes.
#[derive(Debug, Clone)]
pub struct Moment {
    /// The instant of the operation, whole microseconds.
    pub now: Timestamp,
    seed: u64,
    made: u64,
    made_aside: u64,
}

impl Moment {
    /// A moment at `now`, truncated to the microsecond (both databases keep no more), with 64 bits of entropy.
    pub fn new(now: Timestamp, seed: u64) -> Self {
        let now = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
        Self { now, seed, made: 0, made_aside: 0 }
    }

    /// A new id. Ids of later moments sort after those of earlier ones (UUID version 7), which keeps the database's
    /// indexes dense.
    pub fn id<Kind>(&mut self) -> Id<Kind> {
        let made = self.made;
        self.made += 1;
        self.nth(made)
    }

    /// A new id that leaves those of [`Self::id`] as they are: for records about an operation, which must not change
    /// what the operation does.
    pub fn aside_id<Kind>(&mut self) -> Id<Kind> {
        let made = ASIDE + self.made_aside;
        self.made_aside += 1;
        self.nth(made)
    }

    fn nth<Kind>(&self, made: u64) -> Id<Kind> {
        let unix_ms = u64::try_from(self.now.as_millisecond()).unwrap_or(0);
        let random = scramble(self.seed ^ scramble(made));
        let high = (unix_ms << 16) | 0x7000 | (made & 0x0fff);
        let low = 0x8000_0000_0000_0000 | (random >> 2);
        Id::from_uuid(Uuid::from_u64_pair(high, low))
    }
}

/// The finaliser of splitmix64: spreads every input bit over the whole output.
const fn scramble(input: u64) -> u64 {
    let z = input.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::kind::Credential;

    #[test]
    fn the_same_moment_makes_the_same_ids() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let mut first = Moment::new(now, 7);
        let mut second = first.clone();
        let made = [first.id::<Credential>(), first.id(), first.id()];
        assert_eq!(made, [second.id(), second.id(), second.id()]);
        assert_ne!(made[0], made[1]);
    }

    #[test]
    fn ids_made_aside_do_not_shift_the_others() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let (mut with, mut without) = (Moment::new(now, 7), Moment::new(now, 7));
        let aside = [with.aside_id::<Credential>(), with.aside_id()];
        assert_eq!(with.id::<Credential>(), without.id());
        assert_ne!(aside[0], aside[1]);
        assert!(!aside.contains(&Moment::new(now, 7).id()));
    }

    #[test]
    fn ids_are_version_seven_and_sort_by_time() {
        let early = Moment::new(Timestamp::from_second(1_700_000_000).unwrap(), 1).id::<Credential>();
        let late = Moment::new(Timestamp::from_second(1_700_000_001).unwrap(), 0).id::<Credential>();
        assert_eq!(early.uuid().get_version_num(), 7);
        assert!(early.to_string() < late.to_string());
    }
}
