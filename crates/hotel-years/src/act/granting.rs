//! Asking for access grants and changing them, and what the model makes of it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Window,
    id::{AccessGrantId, AccessMethodId, CredentialId, EntranceId},
    window::minute,
};
use engine::{
    When,
    access_grants::{Create, Person, Update},
};
use jiff::Timestamp;

use super::Play;
use crate::{
    granting::{Granted, Granting},
    model::{Booking, BookingIndex, Entry, Grant, GuestIndex, Party},
    promises::Broken,
    story::Weather,
    whole::mobile_key,
    world::WorldError,
};

/// A booking as a desk makes it.
#[derive(Debug, Clone)]
pub(super) struct Booked {
    pub reservation: usize,
    pub guest: GuestIndex,
    pub rooms: BTreeSet<&'static str>,
    pub commons: BTreeSet<&'static str>,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Timestamp,
}

impl Booked {
    pub(super) fn window(&self, now: Timestamp) -> Window {
        Window { starts_at: self.starts_at.unwrap_or(now), ends_at: self.ends_at }
    }

    pub(super) fn create(&self, play: &Play) -> Create {
        Create {
            person: Person::Id(play.model.guests[self.guest].person.identity),
            requested: vec![mobile_key()],
            entrance_ids: play.doors(self.rooms.iter().chain(&self.commons)),
            space_ids: Vec::new(),
            space_keys: Vec::new(),
            starts_at: self.starts_at.map(When::Instant),
            ends_at: Some(When::Instant(self.ends_at)),
            name: None,
            access_grant_key: None,
            reservation_key: Some(format!("R{}", self.reservation)),
            customization_profile_id: None,
            customer_key: None,
        }
    }
}

impl Play {
    pub(super) fn doors<'a>(&self, names: impl Iterator<Item = &'a &'static str>) -> Vec<EntranceId> {
        names.filter_map(|door| self.world.entrances.get(*door).copied()).collect()
    }

    pub(super) fn granting(&mut self) -> Result<&mut dyn Granting, Broken> {
        let without = || WorldError::SetUp("the planner alone has no access grants".to_owned());
        Ok(self.world.program.desk_mut().ok_or_else(without)?)
    }

    /// Sends a booking that must be accepted.
    pub(super) fn grant(&mut self, how: &str, booked: Booked) -> Result<(), Broken> {
        let now = self.world.now;
        let index = self.model.bookings.len();
        let doors: Vec<&str> = booked.rooms.iter().chain(&booked.commons).copied().collect();
        let window = booked.window(now);
        let guest = &self.model.guests[booked.guest].name;
        self.tell(format!(
            "{guest} {how}: B{index} of R{} for {} from {} to {}",
            booked.reservation,
            doors.join(", "),
            self.clock(window.starts_at),
            self.clock(window.ends_at)
        ));
        let moment = self.world.moment();
        let create = booked.create(self);
        let granted = match self.granting()?.create_grant(&moment, create) {
            Ok(granted) => granted,
            Err(error) => return self.refused(&error),
        };
        self.model.bookings.push(Booking {
            reservation: booked.reservation,
            guest: booked.guest,
            id: granted.id,
            rooms: booked.rooms,
            commons: booked.commons,
            window,
            keys: Vec::new(),
            deleted: false,
        });
        self.add_keys(index, &granted)
    }

    /// How a new key would enter. Before one is asked for that must be refused, the weather clears: under faults the
    /// program may not have heard yet that a room is lost.
    pub(super) fn entry(
        &mut self,
        reservation: usize,
        rooms: &BTreeSet<&'static str>,
        window: Window,
    ) -> Result<Entry, Broken> {
        let held = |now: Timestamp| Window { starts_at: window.starts_at.max(now), ..window };
        let now = self.world.now;
        let entry = self.model.enter(reservation, rooms, held(now), now);
        if entry != Entry::Refused {
            return Ok(entry);
        }
        self.calm()?;
        let now = self.world.now;
        Ok(self.model.enter(reservation, rooms, held(now), now))
    }

    /// Faults may keep the program from knowing what happened at the lock server, and so from granting what it should.
    pub(super) fn refused(&mut self, error: &engine::Error) -> Result<(), Broken> {
        if self.weather == Weather::Foul {
            self.tell(format!("refused: {error}"));
            return Ok(());
        }
        Err(Broken::new("API", format!("a good request was refused: {error}")))
    }

    /// The keys of a booking that the model has not heard of yet.
    pub(super) fn add_keys(&mut self, booking: BookingIndex, granted: &Granted) -> Result<(), Broken> {
        let known: Vec<AccessMethodId> = self.model.bookings[booking].keys.iter().map(|(method, _)| *method).collect();
        for (method, credential) in granted.keys.iter().filter(|(method, _)| !known.contains(method)) {
            self.add_key(booking, *method, *credential)?;
        }
        Ok(())
    }

    fn add_key(
        &mut self,
        booking: BookingIndex,
        method: AccessMethodId,
        credential: CredentialId,
    ) -> Result<(), Broken> {
        let now = self.world.now;
        let model = &mut self.model;
        let index = model.grants.len();
        let booked = &model.bookings[booking];
        let window = Window { starts_at: booked.window.starts_at.max(now), ..booked.window };
        let opened = model.parties.len();
        let rooms: BTreeMap<&'static str, usize> = match model.enter(booked.reservation, &booked.rooms, window, now) {
            Entry::Opens => booked.rooms.iter().map(|room| (*room, opened)).collect(),
            Entry::Joins(rooms) => rooms,
            Entry::Refused => {
                return Err(Broken::new("API", format!("a key of B{booking} was granted against the rules")));
            }
        };
        let (guest, commons) = (booked.guest, booked.commons.clone());
        if rooms.values().any(|party| *party == opened) {
            model.parties.push(Party { starts_at: minute(window.starts_at), opener: index, former_starts: Vec::new() });
        }
        model.grants.push(Grant {
            guest,
            id: credential,
            rooms,
            commons,
            starts_at: window.starts_at,
            ends_at: window.ends_at,
            created_at: now,
            deleted: false,
            successor: None,
            without: BTreeSet::new(),
            former_windows: Vec::new(),
            former_commons: BTreeSet::new(),
        });
        model.bookings[booking].keys.push((method, index));
        model.fit_parties(now);
        self.tell(format!("its key is G{index}"));
        Ok(())
    }

    /// Sends other times that the reservation allows.
    pub(super) fn change_times(&mut self, booking: BookingIndex, window: Window) -> Result<(), Broken> {
        let (from, to) = (self.clock(window.starts_at), self.clock(window.ends_at));
        self.tell(format!("B{booking} is to last from {from} to {to}"));
        let now = self.world.now;
        let allowed = self.model.may_have_times(self.model.bookings[booking].reservation, window, Some(booking));
        let present = self.model.bookings[booking].window;
        let asked = Update {
            starts_at: (window.starts_at != present.starts_at).then_some(When::Instant(window.starts_at)),
            ends_at: (window.ends_at != present.ends_at).then_some(Some(When::Instant(window.ends_at))),
            ..Update::default()
        };
        let (id, moment) = (self.model.bookings[booking].id, self.world.moment());
        match (self.granting()?.update_grant(&moment, id, asked), allowed) {
            (Ok(()), true) => self.model.move_booking(booking, window, now),
            (Ok(()), false) => return Err(Broken::new("API", "a reservation was torn apart (rule 4)")),
            (Err(error), true) => return self.refused(&error),
            (Err(error), false) => self.tell(format!("refused: {error}")),
        }
        Ok(())
    }

    /// Deletes an access grant with all of its keys.
    pub(super) fn delete_booking(&mut self, booking: BookingIndex) -> Result<(), Broken> {
        self.tell(format!("B{booking} is deleted"));
        let (id, moment): (AccessGrantId, _) = (self.model.bookings[booking].id, self.world.moment());
        if let Err(error) = self.granting()?.delete_grant(&moment, id) {
            return Err(Broken::new("API", format!("a delete was refused: {error}")));
        }
        self.model.bookings[booking].deleted = true;
        for (_, key) in self.model.bookings[booking].keys.clone() {
            self.model.grants[key].deleted = true;
        }
        self.model.fit_parties(self.world.now);
        Ok(())
    }

    pub(super) fn clock(&self, at: Timestamp) -> String {
        format!("{:.0}", self.world.zone.to_datetime(at))
    }
}
