//! What ought to be, told by the story alone: guests, phones, grants, and the parties that hold rooms.
//!
//! Nothing here reads the engine's tables; ids are kept only to name things to the engine.

mod reservations;

use std::collections::{BTreeMap, BTreeSet};

use domain::{Window, id::CredentialId, window::minute};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

pub use self::reservations::{Booking, BookingIndex, Entry};
use crate::world::{Enrolled, Person, World, index_on};

/// The guest doors that stories play at; few, so that parties meet.
pub const ROOMS: [&str; 4] = ["101", "102", "103", "301"];

/// The common doors that stories use.
pub const COMMONS: [&str; 2] = ["Main Entrance", "Gym"];

/// Index of a guest.
pub type GuestIndex = usize;
/// Index of a phone.
pub type PhoneIndex = usize;
/// Index of a grant.
pub type GrantIndex = usize;
/// Index of a party, in the order in which parties were made.
pub type PartyIndex = usize;

/// A guest of the hotel.
#[derive(Debug, Clone)]
pub struct Guest {
    /// Name in stories.
    pub name: String,
    /// Ids.
    pub person: Person,
}

/// A guest's phone.
#[derive(Debug, Clone)]
pub struct Phone {
    /// Whose it is.
    pub guest: GuestIndex,
    /// Ids.
    pub enrolled: Enrolled,
    /// Endpoint as the hotel knows it.
    pub endpoint: String,
    /// Not deactivated.
    pub active: bool,
    /// In contact.
    pub online: bool,
}

/// A mobile credential: a parent with a key on each phone of its guest.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Whose it is.
    pub guest: GuestIndex,
    /// Id of the parent.
    pub id: CredentialId,
    /// Its party at each guest door.
    pub rooms: BTreeMap<&'static str, PartyIndex>,
    /// Its common doors.
    pub commons: BTreeSet<&'static str>,
    /// Start.
    pub starts_at: Timestamp,
    /// End.
    pub ends_at: Timestamp,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Deletion was asked for.
    pub deleted: bool,
    /// The newest grant of the same guest that takes its place.
    pub successor: Option<GrantIndex>,
    /// Phones whose child was deleted by itself.
    pub without: BTreeSet<PhoneIndex>,
    /// Windows that it had before its times were changed, oldest first, each with the end of that time.
    pub former_windows: Vec<(Timestamp, Window)>,
    /// Common doors that were taken from it.
    pub former_commons: BTreeSet<&'static str>,
}

impl Grant {
    /// Whether the API still stands by it.
    pub fn is_live(&self, now: Timestamp) -> bool {
        !self.deleted && self.ends_at > now
    }

    /// Whether it opens this door at all.
    pub fn opens(&self, door: &str) -> bool {
        self.rooms.contains_key(door) || self.commons.contains(door)
    }

    /// Whether the instant lies inside, both on the time line and on a wall clock that knows minutes only.
    pub fn is_in_force(&self, now: Timestamp, zone: &TimeZone) -> bool {
        self.starts_at <= now && now < self.ends_at && self.lock_may_accept(now, zone)
    }

    /// Whether a lock's wall clock shows a minute of the window: start rounded down, end rounded up (design 8).
    pub fn lock_may_accept(&self, now: Timestamp, zone: &TimeZone) -> bool {
        is_shown_in(self.window(), now, zone)
    }

    /// Whether a lock lets it in before its start, for the seconds that a minute has more.
    pub fn is_in_first_minute(&self, now: Timestamp, zone: &TimeZone) -> bool {
        now < self.starts_at && floor(zone.to_datetime(self.starts_at)) <= zone.to_datetime(now)
    }

    /// Whether a wall clock ever shows it: in the hour that runs twice a start can come after the end.
    pub fn is_on_the_clock(&self, zone: &TimeZone) -> bool {
        floor(zone.to_datetime(self.starts_at)) < ceiling(self.ends_at, zone)
    }

    /// Whether the two share an instant.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }
}

/// Whether a wall clock shows a minute of the window.
pub fn is_shown_in(window: Window, now: Timestamp, zone: &TimeZone) -> bool {
    let clock = zone.to_datetime(now);
    floor(zone.to_datetime(window.starts_at)) <= clock && clock < ceiling(window.ends_at, zone)
}

/// The minute of a wall clock.
pub fn floor(clock: DateTime) -> DateTime {
    clock.with().second(0).subsec_nanosecond(0).build().unwrap_or(clock)
}

fn ceiling(instant: Timestamp, zone: &TimeZone) -> DateTime {
    let clock = zone.to_datetime(instant);
    if clock == floor(clock) {
        return clock;
    }
    let rest = jiff::SignedDuration::from_secs(60) - jiff::SignedDuration::from_secs(i64::from(clock.second()));
    floor(zone.to_datetime(crate::world::later(instant, rest)))
}

/// One party's hold on rooms.
#[derive(Debug, Clone)]
pub struct Party {
    /// The minute in which the grant that made it starts, or the first of those that are left when earlier ones have
    /// gone; with the index its place in the order of parties (design 6).
    pub starts_at: Timestamp,
    /// The grant that made it.
    pub opener: GrantIndex,
    /// Starts that it had before, each with the end of that time.
    pub former_starts: Vec<(Timestamp, Timestamp)>,
}

/// Everything the story knows.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Guests.
    pub guests: Vec<Guest>,
    /// Phones.
    pub phones: Vec<Phone>,
    /// Grants.
    pub grants: Vec<Grant>,
    /// Parties.
    pub parties: Vec<Party>,
    /// Access grants.
    pub bookings: Vec<Booking>,
    /// Rooms that parties lost: a card of a later one was made and its start reached. With their starts at that time.
    pub lost: BTreeMap<(&'static str, PartyIndex), Timestamp>,
    /// Which grants' keys opened which rooms, when, and the place of their party then.
    pub used: Vec<(&'static str, GrantIndex, Timestamp, Rank)>,
    /// Replaced grants that are gone, as the API says: their successors have taken their place.
    /// With the time at which their last card was discarded.
    pub released: BTreeMap<GrantIndex, Timestamp>,
    /// When the API was last asked which those are.
    pub asked_at: Timestamp,
    /// Grants that do not count among the members of their parties any more, with the time since when.
    pub left: BTreeMap<GrantIndex, Timestamp>,
    /// The stamp that a revoked key on a phone out of contact left in a lock: nobody could prevent it.
    pub tainted: BTreeMap<&'static str, u32>,
}

/// The sequence of parties: by start, then by age.
pub type Rank = (Timestamp, PartyIndex);

impl Model {
    /// A party's place in the sequence of a room. Where it lost the room it has the place that it had then.
    pub fn rank(&self, room: &'static str, party: PartyIndex) -> Rank {
        (self.lost.get(&(room, party)).copied().unwrap_or(self.parties[party].starts_at), party)
    }

    /// The place that the party had at a time.
    pub fn rank_then(&self, room: &'static str, party: PartyIndex, then: Timestamp) -> Rank {
        let former = self.parties[party].former_starts.iter().find(|(until, _)| then < *until);
        former.map_or_else(|| self.rank(room, party), |(_, start)| (*start, party))
    }

    /// Whether the grant counts among the members of its parties: it does not when its guest has another key instead.
    fn is_member(&self, grant: GrantIndex, now: Timestamp) -> bool {
        let is_left =
            |next: GrantIndex| minute(self.grants[next].starts_at) > now && !self.released.contains_key(&grant);
        !self.grants[grant].deleted && self.grants[grant].successor.is_none_or(is_left)
    }

    /// Parties whose first members have gone start with the first of those that are left.
    pub fn fit_parties(&mut self, now: Timestamp) {
        self.note_who_left(now);
        for party in 0..self.parties.len() {
            let of_party = |grant: &GrantIndex| self.grants[*grant].rooms.values().any(|of| *of == party);
            let start = |grant: GrantIndex| minute(self.grants[grant].starts_at);
            let members = (0..self.grants.len()).filter(|grant| self.is_member(*grant, now)).filter(of_party);
            let first = members.map(start).min();
            let Some(first) = first.filter(|first| *first > self.parties[party].starts_at) else { continue };
            let left = self.left.iter().filter(|(grant, _)| of_party(grant) && start(**grant) < first);
            let moved_at = left.map(|(_, at)| *at).max().unwrap_or(now);
            let party = &mut self.parties[party];
            party.former_starts.push((moved_at, party.starts_at));
            party.starts_at = first;
        }
    }

    fn note_who_left(&mut self, now: Timestamp) {
        for grant in 0..self.grants.len() {
            if self.is_member(grant, now) {
                self.left.remove(&grant);
            } else if !self.left.contains_key(&grant) {
                let next = self.grants[grant].successor.map(|next| &self.grants[next]);
                let begun = next.map(|next| minute(next.starts_at).max(next.created_at)).filter(|begun| *begun <= now);
                let released = self.released.get(&grant).copied();
                let replaced = begun.into_iter().chain(released).min().filter(|_| !self.grants[grant].deleted);
                self.left.insert(grant, replaced.unwrap_or(now));
            }
        }
    }

    /// Whether nobody of the party is left at the room.
    pub fn has_left(&self, room: &str, party: PartyIndex, now: Timestamp) -> bool {
        let mut all = self.grants.iter().enumerate().filter(|(_, grant)| grant.rooms.get(room) == Some(&party));
        all.all(|(index, grant)| !self.is_member(index, now) || !grant.is_live(now))
    }

    /// Whether a later party took the room from this one.
    pub fn has_lost(&self, room: &'static str, party: PartyIndex) -> bool {
        self.lost.contains_key(&(room, party))
    }

    /// Whether the grant makes room for the other party although its own comes later: it joined its party before the
    /// party's start, and then the other asked for the room for a time before that start. The newer request wins until
    /// the later party begins (docs/decisions/0003).
    pub fn gives_way(&self, room: &'static str, grant: GrantIndex, other: PartyIndex, now: Timestamp) -> bool {
        let Some(party) = self.grants[grant].rooms.get(room).copied() else { return false };
        let start = self.parties[party].starts_at;
        let came_early = self.grants[grant].starts_at < start && now < start;
        let asked_later = self.parties[other].opener > grant;
        came_early && asked_later && self.rank(room, other) < self.rank(room, party)
    }

    /// Whether the grant makes room for anybody who still holds the room; `now` decides whether its own party has begun.
    pub fn gives_way_to_any(&self, room: &'static str, grant: GrantIndex, now: Timestamp) -> bool {
        let holders = self.parties_at(room).into_iter().filter(|other| !self.has_lost(room, *other));
        holders.into_iter().any(|other| self.gives_way(room, grant, other, now))
    }

    /// Whether the grant makes room for anybody at any of its rooms: it gets no new key then.
    pub fn is_displaced(&self, grant: GrantIndex, now: Timestamp) -> bool {
        self.grants[grant].rooms.keys().any(|room| self.gives_way_to_any(room, grant, now))
    }

    /// Whether a key of the one grant makes way for a key of the other at the room.
    pub fn comes_before(&self, room: &'static str, first: GrantIndex, second: GrantIndex, now: Timestamp) -> bool {
        let party = |grant: GrantIndex| self.grants[grant].rooms.get(room).copied();
        let (Some(mine), Some(theirs)) = (party(first), party(second)) else { return false };
        // A key that makes room is not made anew, so its stamp says nothing about others.
        if mine == theirs || self.gives_way(room, second, mine, now) || self.gives_way_to_any(room, second, now) {
            return false;
        }
        // Making room ends when the other loses it: to a member of the own party, say, who joined after it had booked.
        let makes_room = self.gives_way(room, first, theirs, now) && !self.has_lost(room, theirs);
        makes_room || self.rank(room, mine) < self.rank(room, theirs)
    }

    /// Whether the grant shares rooms with several parties and somebody else booked one of them for the same time: its
    /// key cannot be made anew without evicting one of its parties, or joining the stranger (docs/decisions/0003).
    pub fn is_between_parties(&self, grant: GrantIndex) -> bool {
        let own = &self.grants[grant];
        let parties: BTreeSet<PartyIndex> = own.rooms.values().copied().collect();
        let is_stranger = |other: &Grant| {
            let mut shared =
                own.rooms.iter().filter(|(room, party)| other.rooms.get(**room).is_some_and(|of| of != *party));
            shared.next().is_some() && other.overlaps(own)
        };
        parties.len() > 1 && self.grants.iter().any(is_stranger)
    }

    /// The parties that ever held a room.
    pub fn parties_at(&self, room: &'static str) -> BTreeSet<PartyIndex> {
        self.grants.iter().filter_map(|grant| grant.rooms.get(room).copied()).collect()
    }

    /// The phones of a guest.
    pub fn phones_of(&self, guest: GuestIndex) -> impl Iterator<Item = PhoneIndex> {
        self.phones.iter().enumerate().filter(move |(_, phone)| phone.guest == guest).map(|(index, _)| index)
    }

    /// The grant for which a card was made: its label is `G` and the grant's index, or the world knows whose it is.
    pub fn made_for(&self, world: &World, label: &str, card_id: u32) -> Option<GrantIndex> {
        if let Some(index) = index_on(label) {
            return Some(index).filter(|index| *index < self.grants.len());
        }
        let credential = world.made_for.get(&card_id)?;
        self.grants.iter().position(|grant| grant.id == *credential)
    }

    /// Whether this grant should be on this phone.
    pub fn belongs(&self, phone: PhoneIndex, grant: GrantIndex) -> bool {
        let (holder, granted) = (&self.phones[phone], &self.grants[grant]);
        // A replaced key waits for its successor on the same phone; where none will come it goes at once.
        let awaited = granted.successor.is_none_or(|next| !self.grants[next].without.contains(&phone));
        holder.active
            && holder.guest == granted.guest
            && !granted.deleted
            && !granted.without.contains(&phone)
            && awaited
    }

    /// The party in force at a room for a window, as auto-join sees it: of those that somebody is left in, have not lost
    /// the room and share some time, the latest. A party lasts from the start of the first to the end of the last who
    /// has not left it. `is_member` knows the grants that were not released yet.
    pub fn in_force(
        &self,
        room: &'static str,
        starts_at: Timestamp,
        ends_at: Timestamp,
        now: Timestamp,
        is_member: impl Fn(GrantIndex) -> bool,
    ) -> Option<PartyIndex> {
        let members = |party: PartyIndex| {
            let of_party = move |(_, grant): &(GrantIndex, &Grant)| grant.rooms.get(room) == Some(&party);
            let all = self.grants.iter().enumerate().filter(of_party);
            all.filter(|(index, _)| is_member(*index)).map(|(_, grant)| grant)
        };
        (0..self.parties.len())
            .filter(|party| !self.has_lost(room, *party) && members(*party).any(|grant| grant.is_live(now)))
            .filter(|party| {
                let start = members(*party).map(|grant| grant.starts_at).min();
                let end = members(*party).map(|grant| grant.ends_at).max();
                start.zip(end).is_some_and(|(start, end)| start < ends_at && starts_at < end)
            })
            .max_by_key(|party| self.rank(room, *party))
    }
}
