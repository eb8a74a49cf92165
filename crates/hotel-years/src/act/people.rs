//! Guests, phones and doors.

use visionline_sim::{Lock, Presented};

use super::Play;
use crate::{
    model::{COMMONS, Guest, Phone, PhoneIndex, ROOMS},
    promises::{Broken, Held, name_of, stale_at},
    random::Random,
};

const NAMES: [&str; 12] =
    ["Anna", "Björn", "Carla", "Dmitri", "Eva", "Farid", "Greta", "Hugo", "Iris", "Jonas", "Karin", "Luca"];

impl Play {
    pub(super) fn guest(&mut self, word: u64) -> Result<u64, Broken> {
        let count = self.model.guests.len();
        let round = if count < NAMES.len() { String::new() } else { format!(" {}", count / NAMES.len() + 1) };
        let name = format!("{}{round}", NAMES[count % NAMES.len()]);
        let person = self.world.create_person(&name)?;
        self.model.guests.push(Guest { name: name.clone(), person });
        let phones = [0, 1, 1, 1, 1, 2][Random::new(word).below(6)];
        self.tell(format!("{name} comes with {phones} phones"));
        for _ in 0..phones {
            self.enrol(count)?;
        }
        Ok(word)
    }

    pub(super) fn phone(&mut self, word: u64) -> Result<u64, Broken> {
        if !self.model.guests.is_empty() {
            let guest = Random::new(word).below(self.model.guests.len());
            self.enrol(guest)?;
            self.tell(format!("{} enrols another phone", self.model.guests[guest].name));
        }
        Ok(word)
    }

    fn enrol(&mut self, guest: usize) -> Result<(), Broken> {
        self.world.tick();
        let enrolled = self.world.enrol_phone(self.model.guests[guest].person.identity)?;
        let endpoint = enrolled.endpoint.to_string();
        self.model.phones.push(Phone { guest, enrolled, endpoint, active: true, online: true });
        Ok(())
    }

    fn pick_phone(&self, random: &mut Random) -> Option<PhoneIndex> {
        let active: Vec<PhoneIndex> =
            (0..self.model.phones.len()).filter(|phone| self.model.phones[*phone].active).collect();
        active.get(random.below(active.len())).copied()
    }

    pub(super) fn lose_phone(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        if let Some(phone) = self.pick_phone(&mut random) {
            let removed = random.chance(1, 2);
            self.world.deactivate_phone(self.model.phones[phone].enrolled.phone, removed)?;
            self.model.phones[phone].active = false;
            let how = if removed { "; the app is unregistered" } else { "" };
            self.tell(format!("{} is deactivated{how}", name_of(&self.model, phone)));
        }
        Ok(word)
    }

    pub(super) fn contact(&mut self, word: u64) -> Result<u64, Broken> {
        if let Some(phone) = self.pick_phone(&mut Random::new(word)) {
            let online = !self.model.phones[phone].online;
            self.set_contact(phone, online);
            let how = if online { "is back in contact" } else { "goes out of contact" };
            self.tell(format!("{} {how}", name_of(&self.model, phone)));
            if online {
                // The worker reads a key that waits for its phone at least once a minute.
                self.advance(crate::world::later(self.world.now, jiff::SignedDuration::from_secs(65)))?;
            }
        }
        Ok(word)
    }

    pub(super) fn set_contact(&mut self, phone: PhoneIndex, online: bool) {
        self.world.hotel.set_phone_online(&self.model.phones[phone].endpoint, online);
        self.model.phones[phone].online = online;
    }

    /// Somebody holds a phone to a door, for real: the lock remembers.
    pub(super) fn open_a_door(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        if self.model.phones.is_empty() {
            return Ok(word);
        }
        let phone = random.below(self.model.phones.len());
        let mut doors: Vec<&'static str> = self
            .model
            .grants
            .iter()
            .filter(|grant| grant.guest == self.model.phones[phone].guest && grant.ends_at > self.world.now)
            .flat_map(|grant| grant.rooms.keys().copied())
            .collect();
        doors.extend([ROOMS[random.below(ROOMS.len())], COMMONS[random.below(COMMONS.len())]]);
        let door = doors[random.below(doors.len())];
        let endpoint = self.model.phones[phone].endpoint.clone();
        let held: Vec<Held> = crate::promises::held(&self.world, &self.model);
        let verdict = self.world.hotel.present(self.world.now, door, Presented::Endpoint(&endpoint));
        let Ok(verdict) = verdict else { return Ok(word) };
        self.tell(format!("{} is held to {door}: {}", name_of(&self.model, phone), verdict.reason()));
        let key = held.iter().find(|key| key.phone == phone && Some(key.image.card_id) == verdict.card_id);
        if let Some(key) = key.filter(|_| verdict.opened())
            && let Some((room, _)) = self.model.grants[key.grant].rooms.get_key_value(door)
        {
            let room = *room;
            let grant = &self.model.grants[key.grant];
            // Nor has anybody a right to times that were changed.
            let is_former = key.window != grant.window() && !grant.lock_may_accept(self.world.now, &self.world.zone);
            if !self.model.belongs(phone, key.grant) || is_former {
                let stamp = self.world.hotel.lock(door).map_or(0, Lock::last_stamp);
                self.model.tainted.insert(room, stamp);
            } else if !stale_at(&self.world, &self.model, &held, key, room) {
                let rank = self.model.rank(room, self.model.grants[key.grant].rooms[room]);
                self.model.used.push((room, key.grant, self.world.now, rank));
            }
        }
        Ok(word)
    }
}
