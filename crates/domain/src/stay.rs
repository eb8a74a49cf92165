//! Stays and the sequence they form at each guest door.

use jiff::Timestamp;

use crate::{
    Window,
    id::{EntranceId, StayId},
};

/// Where a stay stands in the sequence of every door it holds: by its start, then by when it was asked for.
///
/// At a lock the newest stamp wins whatever the dates, so the server keeps stamps in this order (design 6, R4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank {
    /// The start the stay was opened with; members that arrive earlier do not change it.
    pub starts_at: Timestamp,
    /// When the stay was asked for: of two stays with one start, the later asked is the later one.
    pub created_at: Timestamp,
    /// Tells two stays of the same microsecond apart.
    pub stay: StayId,
}

/// Our number for a stamp: rises by one with every override sent at a site, so that openings compare as the lock
/// server's stamps do.
pub type Opening = i64;

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
