//! What a desk asks for against the rules 1 to 4 of `spec/api.md 4.19`: refused, and nothing has changed afterwards.

use std::collections::BTreeSet;

use domain::Moment;
use engine::{When, access_grants::Update};
use jiff::SignedDuration;

use super::{Play, granting::Booked};
use crate::{
    granting::Granting,
    model::{COMMONS, ROOMS},
    promises::Broken,
    random::Random,
    world::later,
};

impl Play {
    pub(super) fn desk_mistake(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        let Some(guest) = self.pick_guest(&mut random) else { return Ok(word) };
        let now = self.world.now;
        let ends_at = later(now, SignedDuration::from_hours(20));
        let rooms = BTreeSet::from([ROOMS[random.below(ROOMS.len())]]);
        let plain =
            Booked { reservation: usize::MAX, guest, rooms, commons: BTreeSet::new(), starts_at: None, ends_at };
        let standing: Vec<_> = self.model.bookings.iter().filter(|booking| !booking.deleted).collect();
        let there = standing.get(random.below(standing.len())).and_then(|booking| {
            // The first that stands fixes the rooms.
            self.model.bookings_of(booking.reservation).next().map(|(_, first)| first.clone())
        });
        let other_room = there.as_ref().and_then(Self::other_room);
        let create = plain.create(self);
        let (what, asked) = match random.below(8) {
            0 => {
                let rooms = BTreeSet::new();
                let commons = BTreeSet::from([COMMONS[0]]);
                ("a reservation of no room (rule 1)", Some(Booked { rooms, commons, ..plain }.create(self)))
            }
            1 => {
                let without = engine::access_grants::Create { reservation_key: None, ..create };
                ("a room without reservation (rule 1b)", Some(without))
            }
            2 => {
                let asked = there.as_ref().zip(other_room).map(|(there, room)| {
                    let rooms = BTreeSet::from([room]);
                    Booked { reservation: there.reservation, rooms, ..plain }.create(self)
                });
                ("another room for a reservation (rule 2)", asked)
            }
            3 => {
                let asked = there.as_ref().zip(other_room).map(|(there, room)| {
                    let mut rooms = there.rooms.clone();
                    rooms.insert(room);
                    Booked { reservation: there.reservation, rooms, ..plain }.create(self)
                });
                ("one more room for a reservation (rule 3)", asked)
            }
            4 => {
                let asked = there.as_ref().map(|there| {
                    let bookings = self.model.bookings_of(there.reservation);
                    let last = bookings.map(|(_, booking)| booking.window.ends_at).max().unwrap_or(now).max(now);
                    let (rooms, starts_at) = (there.rooms.clone(), Some(last));
                    let ends_at = later(last, SignedDuration::from_hours(9));
                    Booked { reservation: there.reservation, rooms, starts_at, ends_at, ..plain }.create(self)
                });
                ("a time after the reservation's (rule 4)", asked)
            }
            5 => ("an access grant for no door", Some(Booked { rooms: BTreeSet::new(), ..plain }.create(self))),
            6 => {
                let ends_at = later(now, SignedDuration::from_hours(-1));
                ("an end in the past", Some(Booked { ends_at, ..plain }.create(self)))
            }
            _ => return self.change_to_what_cannot_be(word, &mut random),
        };
        let Some(asked) = asked else { return Ok(word) };
        let told = format!("{} asks for {what}", self.model.guests[guest].name);
        self.must_be_refused(&told, |desk, moment| desk.create_grant(moment, asked).map(|_| ()))?;
        Ok(word)
    }

    fn change_to_what_cannot_be(&mut self, word: u64, random: &mut Random) -> Result<u64, Broken> {
        let now = self.world.now;
        let standing: Vec<_> = self.model.bookings.iter().filter(|booking| !booking.deleted).collect();
        let Some(booking) = standing.get(random.below(standing.len())) else { return Ok(word) };
        let other_room = Self::other_room(booking);
        let others = || self.model.bookings_of(booking.reservation).filter(|(_, other)| other.id != booking.id);
        let (what, asked) = match random.below(3) {
            0 => {
                let rooms = other_room.map(|room| booking.rooms.iter().chain([&room]).copied().collect::<Vec<_>>());
                let entrance_ids = rooms.map(|rooms| self.doors(rooms.iter()));
                ("another room", entrance_ids.map(|ids| Update { entrance_ids: Some(ids), ..Update::default() }))
            }
            1 => {
                let ends_at = Some(Some(When::Instant(later(now, SignedDuration::from_mins(-5)))));
                ("an end that has passed", Some(Update { ends_at, ..Update::default() }))
            }
            _ => {
                let last = others().map(|(_, other)| other.window.ends_at).max().map(|last| last.max(now));
                let asked = last.map(|last| Update {
                    starts_at: Some(When::Instant(last)),
                    ends_at: Some(Some(When::Instant(later(last, SignedDuration::from_hours(4))))),
                    ..Update::default()
                });
                ("a time apart from the others (rule 4)", asked)
            }
        };
        let (id, Some(asked)) = (booking.id, asked) else { return Ok(word) };
        self.must_be_refused(&format!("the desk gives a booking {what}"), |desk, moment| {
            desk.update_grant(moment, id, asked)
        })?;
        Ok(word)
    }

    /// Sends a request that must be refused without a trace.
    pub(super) fn must_be_refused(
        &mut self,
        told: &str,
        ask: impl FnOnce(&mut dyn Granting, &Moment) -> Result<(), engine::Error>,
    ) -> Result<(), Broken> {
        self.tell(told.to_owned());
        let moment = self.world.moment();
        let before = self.granting()?.everything()?;
        let answer = ask(self.granting()?, &moment);
        if answer.is_ok() {
            return Err(Broken::new("API", format!("accepted: {told}")));
        }
        if self.granting()?.everything()? != before {
            return Err(Broken::new("API", "a refused request left something behind"));
        }
        Ok(())
    }
}
