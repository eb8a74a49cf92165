//! Stays and the sequence they form at each guest door.

use jiff::Timestamp;

use crate::{
    Window,
    id::{EntranceId, StayId},
    window,
};

/// Where a stay stands in the sequence of every door it holds: by its start, then by when it was asked for.
///
/// At a lock the newest stamp wins whatever the dates, so the server keeps stamps in this order (design 6, R4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank {
    /// The minute of the start the stay was opened with; members that arrive earlier do not change it.
    pub starts_at: Timestamp,
    /// When the stay was asked for: of two stays with one start, the later asked is the later one.
    pub created_at: Timestamp,
    /// Tells two stays of the same microsecond apart.
    pub stay: StayId,
}

impl Rank {
    /// The place of a stay that is opened with this start. The lock server knows minutes, so to it two stays that start
    /// in one minute start together, and the later asked is the later one.
    #[must_use]
    pub fn new(starts_at: Timestamp, created_at: Timestamp, stay: StayId) -> Self {
        Self { starts_at: window::minute(starts_at), created_at, stay }
    }
}

/// Our number for a stamp: rises by one with every override sent at a site, so that openings compare as the lock
/// server's stamps do.
pub type Opening = i64;

/// A key that is in force at a guest door, as others there see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The place of its stay in the sequence of the door.
    pub rank: Rank,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// The opening that it holds there.
    pub opening: Opening,
}

impl Claim {
    /// Whether the stay of this rank has lost the door to the key: it comes before the key's stay, and so does its
    /// newest opening, or the lock would go on preferring it. A member that came early to a later stay takes the door
    /// only from those who asked before it, until its stay begins.
    pub fn takes_from(&self, other: Rank, newest: Option<Opening>, now: Timestamp) -> bool {
        let may_take = self.rank.starts_at <= now || other.created_at < self.asked_at;
        other < self.rank && may_take && newest.is_none_or(|newest| newest < self.opening)
    }
}

/// A stay at one guest door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tenancy {
    /// The door.
    pub door: EntranceId,
    /// The stay's place in the door's sequence; names the stay.
    pub rank: Rank,
    /// The hull of its members' windows.
    pub window: Window,
    /// Whether a newer stay has taken the door over: its first carrier was issued and its start reached.
    pub lost: bool,
}

/// Whether two tenancies of one door are a double booking: both live, and in force at the same time.
pub fn is_double_booking(first: &Tenancy, second: &Tenancy) -> bool {
    first.rank.stay != second.rank.stay && !first.lost && !second.lost && first.window.overlaps(&second.window)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Moment;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn rank(start: i64, asked: i64) -> Rank {
        Rank::new(at(start), at(asked), Moment::new(at(asked), 1).id())
    }

    #[test]
    fn of_two_stays_that_start_in_one_minute_the_later_asked_is_the_later_one() {
        assert!(rank(659, 10) < rank(600, 11));
        assert!(rank(599, 11) < rank(600, 10));
    }

    #[test]
    fn a_key_takes_the_door_from_earlier_stays_whose_stamp_is_older() {
        let claim = Claim { rank: rank(600, 10), asked_at: at(10), opening: 5 };
        assert!(claim.takes_from(rank(60, 5), Some(4), at(600)));
        assert!(claim.takes_from(rank(60, 5), None, at(600)), "a stay that nobody opened comes too late");
        assert!(!claim.takes_from(rank(60, 5), Some(6), at(600)), "the lock would refuse the key itself");
        assert!(!claim.takes_from(rank(660, 5), Some(4), at(600)), "the other comes after it");
    }

    #[test]
    fn an_early_member_takes_the_door_only_from_those_who_asked_before_it() {
        let claim = Claim { rank: rank(600, 10), asked_at: at(20), opening: 5 };
        assert!(claim.takes_from(rank(60, 15), Some(4), at(120)));
        assert!(!claim.takes_from(rank(60, 25), Some(4), at(120)));
        assert!(claim.takes_from(rank(60, 25), Some(4), at(600)), "its stay has begun");
    }
}
