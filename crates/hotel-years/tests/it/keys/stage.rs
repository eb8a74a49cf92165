//! A small stage for stories about keys: people by name, doors by name, verdicts in the lock's own words.

use std::collections::BTreeMap;

use domain::{
    Moment,
    card_format::CardFormat,
    id::{CredentialId, PhoneId},
};
use engine::{
    When,
    acs_systems::{self, DoubleBookings},
    credentials::{Create, Joiner, Owner},
    user_identities,
};
use hotel_years::{
    whole::Whole,
    world::{Enrolled, Person, World, later},
};
use jiff::{SignedDuration, Timestamp};
use store::Tx;
use visionline_sim::Presented;

/// A hotel on a virtual clock, its guests and their phones.
pub struct Stage {
    pub world: World,
    pub program: Whole,
    people: BTreeMap<&'static str, Person>,
    phones: BTreeMap<&'static str, Enrolled>,
    start: Timestamp,
}

/// How a key is asked for.
#[derive(Clone, Default)]
pub struct Ask {
    doors: Vec<&'static str>,
    overrides: Option<bool>,
    auto_join: Option<bool>,
    joins: Vec<CredentialId>,
    /// Hours from the beginning of the story.
    from_h: i64,
    to_h: i64,
}

/// A new stay on these doors, for three days from now.
pub fn new_stay(doors: &[&'static str]) -> Ask {
    Ask { doors: doors.to_vec(), overrides: Some(true), to_h: 72, ..Ask::default() }
}

/// A share of what these credentials hold, for three days from now.
pub fn joining(joins: &[CredentialId], doors: &[&'static str]) -> Ask {
    Ask { doors: doors.to_vec(), joins: joins.to_vec(), to_h: 72, ..Ask::default() }
}

/// Whatever the present stay is.
pub fn auto_joining(doors: &[&'static str]) -> Ask {
    Ask { doors: doors.to_vec(), auto_join: Some(true), to_h: 72, ..Ask::default() }
}

impl Ask {
    pub fn between(mut self, from_h: i64, to_h: i64) -> Self {
        (self.from_h, self.to_h) = (from_h, to_h);
        self
    }
}

impl Stage {
    pub fn new() -> Self {
        let start: Timestamp = "2030-06-03T12:00:00Z".parse().unwrap();
        let (world, program) = World::whole(1, start).unwrap();
        Self { world, program, people: BTreeMap::new(), phones: BTreeMap::new(), start }
    }

    pub fn guest(&mut self, name: &'static str) {
        let person = self.world.create_person(name).unwrap();
        self.people.insert(name, person);
    }

    /// A guest with a phone of the same name.
    pub fn guest_with_phone(&mut self, name: &'static str) {
        self.guest(name);
        self.phone(name, name);
    }

    pub fn phone(&mut self, guest: &'static str, phone: &'static str) {
        let enrolled = self.world.enrol_phone(self.people[guest].identity).unwrap();
        self.phones.insert(phone, enrolled);
    }

    pub fn lose_phone(&mut self, phone: &'static str) {
        let id: PhoneId = self.phones[phone].phone;
        self.world.deactivate_phone(id, true).unwrap();
    }

    /// Sets for the hotel that a room is never booked twice.
    pub fn refuse_double_bookings(&mut self) {
        let (caller, system) = (self.program.caller.clone(), self.program.site.acs_system_id);
        let asked = acs_systems::Update { double_bookings: Some(Some(DoubleBookings::Refuse)), ..Default::default() };
        let change = move |tx: &mut Tx<'_>, moment: &mut Moment| {
            acs_systems::update(tx, moment, &caller, system, &asked).map(|_| ())
        };
        let moment = self.world.moment();
        self.program.write(&moment, "refuse double bookings", change).unwrap();
    }

    /// Takes the user from the person, or gives it back.
    pub fn link(&mut self, guest: &'static str, is_linked: bool) {
        let person = self.people[guest];
        let caller = self.program.caller.clone();
        let change = move |tx: &mut Tx<'_>, moment: &mut Moment| {
            if is_linked {
                let whose = user_identities::Person::Id(person.identity);
                user_identities::add_acs_user(tx, moment, &caller, person.user, &whose)
            } else {
                user_identities::remove_acs_user(tx, moment, &caller, person.identity, person.user)
            }
        };
        let moment = self.world.moment();
        self.program.write(&moment, "change the link", change).unwrap();
        self.settle();
    }

    pub fn set_online(&mut self, phone: &'static str, online: bool) {
        let endpoint = self.phones[phone].endpoint.to_string();
        assert!(self.world.hotel.set_phone_online(&endpoint, online));
    }

    /// Asks for a key and answers its credential; nothing is issued yet.
    pub fn ask(&mut self, guest: &'static str, ask: &Ask) -> CredentialId {
        self.try_ask(guest, ask).unwrap()
    }

    pub fn try_ask(&mut self, guest: &'static str, ask: &Ask) -> Result<CredentialId, engine::Error> {
        self.try_ask_with(guest, ask, |_| {})
    }

    /// Asks for a key with something changed in the request.
    pub fn try_ask_with(
        &mut self,
        guest: &'static str,
        ask: &Ask,
        change: impl FnOnce(&mut Create),
    ) -> Result<CredentialId, engine::Error> {
        self.world.tick();
        let at = |hours: i64| later(self.start, SignedDuration::from_hours(hours));
        let entrance_ids = ask.doors.iter().map(|door| self.world.entrances[*door]).collect();
        let mut asked = Create {
            owner: Owner::User(self.people[guest].user),
            access_method: "mobile_key".to_owned(),
            credential_manager_id: None,
            entrance_ids,
            is_multi_phone: true,
            starts_at: Some(When::Instant(at(ask.from_h))),
            ends_at: Some(When::Instant(at(ask.to_h))),
            card_format: CardFormat::Rfid48,
            is_staff: false,
            overrides: ask.overrides,
            auto_join: ask.auto_join,
            joiners: ask.joins.iter().copied().map(Joiner::Credential).collect(),
            label: None,
        };
        change(&mut asked);
        self.world.create_credential(asked)
    }

    /// Asks for a key and lets the worker finish.
    pub fn issue(&mut self, guest: &'static str, ask: &Ask) -> CredentialId {
        let credential = self.ask(guest, ask);
        self.settle();
        credential
    }

    /// Moves the end of a key to this many hours after the beginning.
    pub fn change_end(&mut self, credential: CredentialId, hour: i64) {
        let caller = self.program.caller.clone();
        let end = When::Instant(later(self.start, SignedDuration::from_hours(hour)));
        let change = move |tx: &mut Tx<'_>, moment: &mut Moment| {
            engine::credentials::set_end(tx, moment, &caller, credential, end)
        };
        let moment = self.world.moment();
        self.program.write(&moment, "change an end", change).unwrap();
        self.settle();
    }

    pub fn revoke(&mut self, credential: CredentialId) {
        self.world.delete_credential(credential).unwrap();
        self.settle();
    }

    pub fn settle(&mut self) {
        self.world.settle(&mut |_| Ok(())).unwrap();
    }

    /// Lets time pass until this many hours after the beginning.
    pub fn go_to_hour(&mut self, hour: i64) {
        let target = later(self.start, SignedDuration::from_hours(hour));
        self.world.advance(target, &mut |_| Ok(())).unwrap();
        self.settle();
    }

    /// Holds a phone to a door; the lock's reason.
    pub fn hold(&mut self, phone: &'static str, door: &str) -> String {
        let endpoint = self.phones[phone].endpoint.to_string();
        let now = self.world.now;
        let verdict = self.world.hotel.present(now, door, Presented::Endpoint(&endpoint)).unwrap();
        verdict.reason().to_owned()
    }

    /// How many keys a phone holds.
    pub fn keys_on(&self, phone: &'static str) -> usize {
        self.world.hotel.phone_keys(&self.phones[phone].endpoint.to_string()).map_or(0, |keys| keys.len())
    }

    pub fn is_valid(&self, credential: CredentialId) -> Option<bool> {
        self.world.validity(&[credential]).unwrap().get(&credential).copied()
    }

    pub fn children(&self, parent: CredentialId) -> Vec<CredentialId> {
        self.world.program.children(parent).unwrap().into_iter().map(|(child, _)| child).collect()
    }
}
