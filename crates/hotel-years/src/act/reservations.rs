//! A desk that books by access grants: the steps of its stories.

use std::collections::BTreeSet;

use domain::Window;
use engine::access_grants::Update;
use jiff::{SignedDuration, Timestamp};

use super::{Play, granting::Booked};
use crate::{
    model::{Booking, BookingIndex, COMMONS, Entry, ROOMS},
    promises::Broken,
    random::Random,
    world::later,
};

fn hours(hours: usize) -> SignedDuration {
    SignedDuration::from_hours(i64::try_from(hours).unwrap_or(0))
}

fn whole_minutes(at: Timestamp) -> Timestamp {
    domain::window::minute(at)
}

impl Play {
    fn pick_booking(&self, random: &mut Random, is_meant: impl Fn(&Booking) -> bool) -> Option<BookingIndex> {
        let bookings = &self.model.bookings;
        let meant: Vec<BookingIndex> =
            (0..bookings.len()).filter(|index| !bookings[*index].deleted && is_meant(&bookings[*index])).collect();
        meant.get(random.below(meant.len())).copied()
    }

    /// The first access grant of a reservation.
    pub(super) fn reserve(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        let Some(guest) = self.pick_guest(&mut random) else { return Ok(word) };
        let (starts_at, ends_at) = self.pick_window(&mut random);
        let rooms = Self::pick_rooms(&mut random).into_iter().collect();
        let commons = Self::pick_commons(&mut random).into_iter().collect();
        let next = self.model.bookings.iter().map(|booking| booking.reservation + 1).max().unwrap_or(0);
        self.grant("reserves", Booked { reservation: next, guest, rooms, commons, starts_at, ends_at })?;
        Ok(word)
    }

    /// Somebody comes along: the rooms of the reservation or some of them, for a time that it shares.
    pub(super) fn accompany(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        let now = self.world.now;
        let Some(guest) = self.pick_guest(&mut random) else { return Ok(word) };
        let Some(with) = self.pick_booking(&mut random, |booking| booking.window.ends_at > now) else {
            return Ok(word);
        };
        let with = &self.model.bookings[with];
        let (reservation, window) = (with.reservation, with.window);
        let Some((_, first)) = self.model.bookings_of(reservation).next() else { return Ok(word) };
        let mut rooms = first.rooms.clone();
        if rooms.len() > 1 && random.chance(1, 3) {
            let left_out = rooms.iter().nth(random.below(rooms.len())).copied();
            left_out.map(|room| rooms.remove(room));
        }
        let start = window.starts_at.max(now);
        let (starts_at, ends_at) = match random.below(5) {
            0 => (None, window.ends_at),
            1 => (Some(start), later(window.ends_at, hours(12))),
            2 => {
                let inside_s = window.ends_at.duration_since(start).as_secs() / 2;
                (
                    Some(whole_minutes(later(start, SignedDuration::from_secs(inside_s)))),
                    later(window.ends_at, hours(6)),
                )
            }
            _ => (Some(start), window.ends_at),
        };
        let commons = Self::pick_commons(&mut random).into_iter().collect();
        let booked = Booked { reservation, guest, rooms, commons, starts_at, ends_at };
        self.grant_if_allowed("comes along", booked)?;
        Ok(word)
    }

    /// A booking that the rules may refuse for what has become of the reservation meanwhile.
    fn grant_if_allowed(&mut self, how: &str, booked: Booked) -> Result<(), Broken> {
        let window = booked.window(self.world.now);
        let entry = self.entry(booked.reservation, &booked.rooms, window)?;
        if booked.ends_at <= self.world.now {
            return Ok(());
        }
        let meets = self.model.may_have_times(booked.reservation, booked.window(self.world.now), None);
        if meets && entry != Entry::Refused {
            return self.grant(how, booked);
        }
        let create = booked.create(self);
        let guest = self.model.guests[booked.guest].name.clone();
        self.must_be_refused(&format!("{guest} {how} in vain, to R{}", booked.reservation), |desk, moment| {
            desk.create_grant(moment, create).map(|_| ())
        })
    }

    pub(super) fn extend(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        let now = self.world.now;
        let may_be_over = random.chance(1, 6);
        let is_meant = |booking: &Booking| may_be_over || booking.window.ends_at > now;
        let Some(booking) = self.pick_booking(&mut random, is_meant) else { return Ok(word) };
        let window = self.model.bookings[booking].window;
        let end = later(window.ends_at.max(now), hours([1, 3, 12, 24, 48][random.below(5)]));
        self.change_times(booking, Window { ends_at: whole_minutes(end), ..window })?;
        Ok(word)
    }

    pub(super) fn shorten(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        let now = self.world.now;
        let Some(booking) = self.pick_booking(&mut random, |booking| booking.window.ends_at > later(now, hours(1)))
        else {
            return Ok(word);
        };
        let window = self.model.bookings[booking].window;
        let start = window.starts_at.max(now);
        let left_s = window.ends_at.duration_since(start).as_secs();
        let end = whole_minutes(later(start, SignedDuration::from_secs(left_s * [1, 2, 3][random.below(3)] / 4)));
        if end > window.starts_at && end > now {
            self.change_times(booking, Window { ends_at: end, ..window })?;
        }
        Ok(word)
    }

    /// An early arrival, a later one, or other days.
    pub(super) fn reschedule(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        let now = self.world.now;
        let Some(booking) = self.pick_booking(&mut random, |booking| booking.window.ends_at > now) else {
            return Ok(word);
        };
        let window = self.model.bookings[booking].window;
        let (starts_at, ends_at) = match random.below(4) {
            0 if window.starts_at > now => (now, window.ends_at),
            0 | 1 => (later(window.starts_at, hours([2, 6, 20][random.below(3)])), window.ends_at),
            2 if window.starts_at > now => {
                (later(window.starts_at, -hours([2, 6, 20][random.below(3)])), window.ends_at)
            }
            _ => {
                let days = hours(24 * (1 + random.below(7)));
                (later(window.starts_at, days), later(window.ends_at, days))
            }
        };
        let starts_at = whole_minutes(starts_at);
        let now = self.world.now;
        let begins_now = |start: Timestamp| whole_minutes(start) == whole_minutes(now);
        if starts_at <= now && self.model.grants.iter().any(|grant| begins_now(grant.starts_at)) {
            // Parties that begin in one minute come in the order in which they were first asked for, so whoever arrives
            // early would come before one that is in the room since some seconds (docs/decisions/0003).
            self.advance(later(now, SignedDuration::from_mins(1)))?;
        }
        if starts_at < ends_at && self.world.now < ends_at {
            self.change_times(booking, Window { starts_at, ends_at })?;
        }
        Ok(word)
    }

    /// Other rooms are another stay: all access grants of the reservation are deleted, then made anew.
    pub(super) fn move_rooms(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        let now = self.world.now;
        let Some(booking) = self.pick_booking(&mut random, |booking| booking.window.ends_at > now) else {
            return Ok(word);
        };
        let reservation = self.model.bookings[booking].reservation;
        let party: Vec<BookingIndex> = self.model.bookings_of(reservation).map(|(index, _)| index).collect();
        let rooms: BTreeSet<&'static str> = Self::pick_rooms(&mut random).into_iter().collect();
        for index in &party {
            self.delete_booking(*index)?;
        }
        for index in party {
            self.world.tick();
            let former = self.model.bookings[index].clone();
            if former.window.ends_at <= self.world.now {
                continue;
            }
            let starts_at = Some(former.window.starts_at).filter(|start| *start > self.world.now);
            let (guest, commons, ends_at) = (former.guest, former.commons, former.window.ends_at);
            let booked = Booked { reservation, guest, rooms: rooms.clone(), commons, starts_at, ends_at };
            self.grant_if_allowed("moves", booked)?;
        }
        Ok(word)
    }

    pub(super) fn cancel(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        let Some(booking) = self.pick_booking(&mut random, |_| true) else { return Ok(word) };
        let reservation = self.model.bookings[booking].reservation;
        let all: Vec<BookingIndex> = self.model.bookings_of(reservation).map(|(index, _)| index).collect();
        for index in if random.chance(1, 3) { all } else { vec![booking] } {
            self.delete_booking(index)?;
        }
        Ok(word)
    }

    pub(super) fn change_doors(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        let Some(booking) = self.pick_booking(&mut random, |_| true) else { return Ok(word) };
        let mut commons = self.model.bookings[booking].commons.clone();
        let door = COMMONS[random.below(COMMONS.len())];
        if !commons.remove(door) {
            commons.insert(door);
        }
        let names: Vec<&str> = commons.iter().copied().collect();
        self.tell(format!("B{booking} has its rooms and now {}", names.join(", ")));
        let entrance_ids = Some(self.doors(self.model.bookings[booking].rooms.iter().chain(&commons)));
        let (id, moment) = (self.model.bookings[booking].id, self.world.moment());
        if let Err(error) = self.granting()?.update_grant(&moment, id, Update { entrance_ids, ..Update::default() }) {
            self.refused(&error)?;
            return Ok(word);
        }
        let booked = &mut self.model.bookings[booking];
        for (_, key) in &booked.keys {
            let grant = &mut self.model.grants[*key];
            grant.former_commons.extend(grant.commons.difference(&commons));
            grant.commons.clone_from(&commons);
        }
        booked.commons = commons;
        Ok(word)
    }

    pub(super) fn another_key(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        let Some(booking) = self.pick_booking(&mut random, |_| true) else { return Ok(word) };
        let booked = self.model.bookings[booking].clone();
        let id = booked.id;
        let entry = self.entry(booked.reservation, &booked.rooms, booked.window)?;
        if booked.window.ends_at <= self.world.now || entry == Entry::Refused {
            self.must_be_refused(&format!("another key for B{booking}, in vain"), |desk, moment| {
                desk.add_key(moment, id).map(|_| ())
            })?;
            return Ok(word);
        }
        self.tell(format!("another key for B{booking}"));
        let moment = self.world.moment();
        match self.granting()?.add_key(&moment, id) {
            Ok(granted) => self.add_keys(booking, &granted)?,
            Err(error) => self.refused(&error)?,
        }
        Ok(word)
    }

    pub(super) fn end_key(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        let standing = self.model.bookings.iter().flat_map(|booking| &booking.keys);
        let standing: Vec<_> = standing.filter(|(_, key)| !self.model.grants[*key].deleted).copied().collect();
        let Some((method, key)) = standing.get(random.below(standing.len())).copied() else { return Ok(word) };
        self.tell(format!("the access method of G{key} is deleted"));
        let moment = self.world.moment();
        if let Err(error) = self.granting()?.delete_key(&moment, method) {
            return Err(Broken::new("API", format!("a delete was refused: {error}")));
        }
        self.model.grants[key].deleted = true;
        self.model.fit_parties(self.world.now);
        Ok(word)
    }

    /// Rooms beside those of a booking; none when it has all.
    pub(super) fn other_room(booking: &Booking) -> Option<&'static str> {
        ROOMS.into_iter().find(|room| !booking.rooms.contains(room))
    }
}
