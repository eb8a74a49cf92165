//! What a desk has booked: access grants of reservations, and the parties that they are (`spec/api.md 4.19`).
//!
//! Each key of a grant is a [`Grant`] of the model. It has no successor: the keys of access grants stand beside each
//! other, and each is ended by itself.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Window,
    id::{AccessGrantId, AccessMethodId},
    window::minute,
};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::{Grant, GrantIndex, GuestIndex, Model, PartyIndex, ceiling, floor};

/// Index of a booking.
pub type BookingIndex = usize;

/// An access grant.
#[derive(Debug, Clone)]
pub struct Booking {
    /// The number of its reservation: grants with one number are one party.
    pub reservation: usize,
    /// Whose it is.
    pub guest: GuestIndex,
    /// Its id.
    pub id: AccessGrantId,
    /// Its rooms.
    pub rooms: BTreeSet<&'static str>,
    /// Its common doors.
    pub commons: BTreeSet<&'static str>,
    /// When it is in force, as it was asked for.
    pub window: Window,
    /// Its keys.
    pub keys: Vec<(AccessMethodId, GrantIndex)>,
    /// Deletion was asked for.
    pub deleted: bool,
}

/// What a key of a reservation does at its rooms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// It opens a stay: nobody of its party has a key for its time.
    Opens,
    /// It joins the parties that the others have at its rooms.
    Joins(BTreeMap<&'static str, PartyIndex>),
    /// It cannot be had: the reservation has lost a room, or nobody who shares time with it has all of its rooms.
    Refused,
}

impl Grant {
    /// Its window.
    pub fn window(&self) -> Window {
        Window { starts_at: self.starts_at, ends_at: self.ends_at }
    }

    /// The window that a card of it was made for: of those that the grant ever had, the newest that a wall clock shows
    /// like this. The present one if none does.
    pub fn window_on(&self, start: DateTime, expire: DateTime, zone: &TimeZone) -> Window {
        let is_shown = |window: &Window| {
            floor(zone.to_datetime(window.starts_at)) == start && ceiling(window.ends_at, zone) == expire
        };
        let present = self.window();
        if self.former_windows.is_empty() || is_shown(&present) {
            return present;
        }
        self.former_windows.iter().rev().map(|(_, window)| *window).find(is_shown).unwrap_or(present)
    }
}

impl Model {
    /// The bookings of a reservation that stand, oldest first.
    pub fn bookings_of(&self, reservation: usize) -> impl Iterator<Item = (BookingIndex, &Booking)> {
        self.bookings
            .iter()
            .enumerate()
            .filter(move |(_, booking)| booking.reservation == reservation && !booking.deleted)
    }

    /// Rule 4: whether one of the reservation's other bookings shares time with these times, or there is none.
    pub fn may_have_times(&self, reservation: usize, window: Window, except: Option<BookingIndex>) -> bool {
        let mut others = self.bookings_of(reservation).filter(|(index, _)| Some(*index) != except).peekable();
        others.peek().is_none() || others.any(|(_, booking)| booking.window.overlaps(&window))
    }

    /// How a new key of the reservation enters these rooms. Grants of one reservation are one party: who comes later
    /// joins those who are there, and a party that has lost a room is not let in again by the back door.
    pub fn enter(&self, reservation: usize, rooms: &BTreeSet<&'static str>, window: Window, now: Timestamp) -> Entry {
        let keys: Vec<GrantIndex> =
            self.bookings_of(reservation).flat_map(|(_, booking)| booking.keys.iter().map(|(_, key)| *key)).collect();
        let mut members: Vec<&Grant> =
            keys.iter().map(|key| &self.grants[*key]).filter(|grant| !grant.deleted).collect();
        members.sort_by_key(|grant| grant.created_at);
        let lost: BTreeSet<&str> = members
            .iter()
            .flat_map(|grant| &grant.rooms)
            .filter(|(room, party)| self.has_lost(room, **party) && self.is_held(room, **party, now))
            .map(|(room, _)| *room)
            .collect();
        let mut entered: BTreeMap<&'static str, PartyIndex> = BTreeMap::new();
        let mut is_met = false;
        for grant in members.into_iter().rev().filter(|grant| grant.is_live(now) && grant.window().overlaps(&window)) {
            let own: BTreeMap<&'static str, PartyIndex> = grant
                .rooms
                .iter()
                .filter(|(room, party)| rooms.contains(*room) && !self.has_lost(room, **party))
                .map(|(room, party)| (*room, *party))
                .collect();
            let agrees = own.iter().all(|(room, party)| entered.get(room).is_none_or(|other| other == party));
            if agrees && !own.is_empty() {
                entered.extend(own);
                is_met = true;
            }
        }
        let mut uncovered = rooms.iter().filter(|room| !entered.contains_key(*room)).peekable();
        if uncovered.peek().is_none() {
            return Entry::Joins(entered);
        }
        if is_met || uncovered.any(|room| lost.contains(room)) { Entry::Refused } else { Entry::Opens }
    }

    /// Whether the party was over at a time, although some of it were given other times since: who takes a room that nobody
    /// holds takes it from nobody.
    pub fn was_over(&self, room: &str, party: PartyIndex, then: Timestamp) -> bool {
        let members = || self.grants.iter().filter(|grant| grant.rooms.get(room) == Some(&party));
        let end = |grant: &Grant| {
            let former = grant.former_windows.iter().find(|(until, _)| then < *until);
            former.map_or(grant.ends_at, |(_, window)| window.ends_at)
        };
        members().any(|grant| !grant.former_windows.is_empty()) && members().all(|grant| end(grant) <= then)
    }

    /// Whether somebody of the party is still to have the room, or would have if it had not been lost.
    fn is_held(&self, room: &str, party: PartyIndex, now: Timestamp) -> bool {
        let mut members = self.grants.iter().filter(|grant| grant.rooms.get(room) == Some(&party));
        members.any(|grant| grant.is_live(now))
    }

    /// A booking has other times: its keys that are there follow. A start that has passed for both stays as it is. The
    /// place of a party whose members got another start stays among their starts (docs/decisions/0003).
    pub fn move_booking(&mut self, booking: BookingIndex, window: Window, now: Timestamp) {
        self.bookings[booking].window = window;
        let mut moved: BTreeSet<PartyIndex> = BTreeSet::new();
        for (_, key) in self.bookings[booking].keys.clone() {
            let grant = &mut self.grants[key];
            if grant.deleted {
                continue;
            }
            let has_begun = window.starts_at <= now && grant.starts_at <= now;
            let starts_at = if has_begun { grant.starts_at } else { window.starts_at.max(now) };
            let former = grant.window();
            if former == (Window { starts_at, ends_at: window.ends_at }) {
                continue;
            }
            if starts_at != grant.starts_at {
                moved.extend(grant.rooms.values());
            }
            grant.former_windows.push((now, former));
            (grant.starts_at, grant.ends_at) = (starts_at, window.ends_at);
        }
        for party in moved {
            let of_party = |grant: &&Grant| !grant.deleted && grant.rooms.values().any(|of| *of == party);
            let starts = || self.grants.iter().filter(of_party).map(|grant| minute(grant.starts_at));
            let (Some(first), Some(last)) = (starts().min(), starts().max()) else { continue };
            let party = &mut self.parties[party];
            let start = party.starts_at.clamp(first, last);
            if start != party.starts_at {
                party.former_starts.push((now, party.starts_at));
                party.starts_at = start;
            }
        }
        self.fit_parties(now);
    }
}
