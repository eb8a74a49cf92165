//! A simulated hotel on a virtual clock, the program behind it, and one session with the lock server.
//!
//! The operations here are those of the API. Carrying their consequences to the lock server is in [`crate::worker`].

use std::collections::BTreeMap;

use domain::{
    Moment,
    id::{AcsUserId, CredentialId, EndpointId, EntranceId, PhoneId, UserIdentityId},
};
use engine::{credentials, sites};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use visionline::{Answer, Operation, Options, Secret, Session};
use visionline_sim::{Hotel, Property};

use crate::{
    planner::Records,
    program::{Kind, Program},
    random::Random,
    weather::Crash,
    whole::Whole,
};

/// What stops a story besides a broken promise.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WorldError {
    /// The engine refused what it should do, or storage failed.
    #[error("the engine failed while it was asked to {doing}: {source}")]
    Engine {
        /// What was asked.
        doing: &'static str,
        /// Why it failed.
        source: engine::Error,
    },
    /// Storage could not be opened.
    #[error("no store could be opened")]
    Store(#[from] store::Error),
    /// The lock server did not list its doors, or the zone is unknown.
    #[error("the hotel could not be set up: {0}")]
    SetUp(String),
    /// Work was still left after the most exchanges that any step can need.
    #[error("the site does not settle: still busy after {0} rounds")]
    Unsettled(usize),
}

/// A hotel with its program.
pub struct World {
    /// What answers the API and works at the lock server.
    pub program: Box<dyn Program>,
    /// Locks, phones, lock server.
    pub hotel: Hotel,
    /// The driver's side of the conversation with the lock server.
    pub session: Session,
    /// Virtual time.
    pub now: Timestamp,
    /// The site's zone.
    pub zone: TimeZone,
    /// Doors as the program recorded them.
    pub entrances: BTreeMap<String, EntranceId>,
    /// When the program dies next.
    pub crash: Option<Crash>,
    /// The process has been started anew and has not looked yet at what the former one left.
    pub is_fresh: bool,
    /// Requests that reached for the lock server.
    pub exchanges: u64,
    /// For which credentials cards were made whose labels do not say so, by card id.
    pub made_for: BTreeMap<u32, CredentialId>,
    /// Entropy for ids.
    random: Random,
}

/// A person with a user at the site.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// The person.
    pub identity: UserIdentityId,
    /// The user.
    pub user: AcsUserId,
}

/// A phone with its registration.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// The phone.
    pub phone: PhoneId,
    /// Its endpoint.
    pub endpoint: EndpointId,
}

impl World {
    /// The built-in hotel with a program of this kind.
    ///
    /// # Errors
    /// When anything of it fails.
    pub fn new(seed: u64, now: Timestamp, kind: Kind) -> Result<Self, WorldError> {
        match kind {
            Kind::Whole => Self::whole(seed, now).map(|(world, _)| world),
            Kind::PlannerAlone => {
                let mut world = Self::with(seed, now, |_, _| Ok(Box::new(Records::default())))?;
                let property = world.hotel.property().clone();
                let seen = property.doors.iter().map(|door| seen(door.name.clone(), door.category.as_str()));
                let moment = world.moment();
                world.entrances = world.program.record_doors(&moment, &seen.collect::<Vec<_>>())?;
                Ok(world)
            }
        }
    }

    /// The built-in hotel with the whole program, which is also handed out to be looked into. Its doors are read from
    /// the lock server.
    ///
    /// # Errors
    /// When anything of it fails.
    pub fn whole(seed: u64, now: Timestamp) -> Result<(Self, Whole), WorldError> {
        let mut opened = None;
        let mut world = Self::with(seed, now, |property, moment| {
            let whole = Whole::open(property, moment)?;
            opened = Some(whole.clone());
            Ok(Box::new(whole))
        })?;
        let doors = match world.ask(Operation::ListDoors) {
            Ok(Answer::Doors(doors)) => doors,
            other => return Err(WorldError::SetUp(format!("asked for the doors, got {other:?}"))),
        };
        let seen = doors.into_iter().map(|door| {
            let category = door.category.as_ref().map_or_else(String::new, |category| category.as_str().to_owned());
            seen(door.id, &category)
        });
        let moment = world.moment();
        world.entrances = world.program.record_doors(&moment, &seen.collect::<Vec<_>>())?;
        let whole = opened.ok_or_else(|| WorldError::SetUp("no program".to_owned()))?;
        Ok((world, whole))
    }

    fn with(
        seed: u64,
        now: Timestamp,
        open: impl FnOnce(&Property, Moment) -> Result<Box<dyn Program>, WorldError>,
    ) -> Result<Self, WorldError> {
        let mut random = Random::new(seed ^ 0x0057_6f72_6c64);
        let hotel = Hotel::new(Property::meridian(), random.word());
        let program = open(hotel.property(), Moment::new(now, random.word()))?;
        Ok(Self {
            program,
            session: new_session(),
            now,
            zone: hotel.property().zone.clone(),
            hotel,
            entrances: BTreeMap::new(),
            crash: None,
            is_fresh: true,
            exchanges: 0,
            made_for: BTreeMap::new(),
            random,
        })
    }

    /// The present, with entropy of its own.
    pub fn moment(&mut self) -> Moment {
        Moment::new(self.now, self.random.word())
    }

    /// A person with a user at the site.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn create_person(&mut self, name: &str) -> Result<Person, WorldError> {
        let moment = self.moment();
        self.program.create_person(&moment, name)
    }

    /// A phone of the person, known to the program and to the hotel.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn enrol_phone(&mut self, identity: UserIdentityId) -> Result<Enrolled, WorldError> {
        let moment = self.moment();
        let enrolled = self.program.enrol_phone(&moment, identity)?;
        self.hotel.enrol_phone(&enrolled.endpoint.to_string());
        Ok(enrolled)
    }

    /// Deactivates a phone. With `remove` the credential manager ends its endpoint as well, keys and all.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn deactivate_phone(&mut self, phone: PhoneId, remove: bool) -> Result<(), WorldError> {
        let moment = self.moment();
        let endpoints = self.program.deactivate_phone(&moment, phone)?;
        if remove {
            for endpoint in endpoints {
                self.hotel.remove_phone(&endpoint.to_string());
            }
        }
        Ok(())
    }

    /// Asks for a credential; refusals are answers, not failures of the world.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn create_credential(&mut self, asked: credentials::Create) -> Result<CredentialId, engine::Error> {
        let moment = self.moment();
        self.program.create_credential(&moment, asked)
    }

    /// Deletes a parent or a child.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn delete_credential(&mut self, id: CredentialId) -> Result<(), engine::Error> {
        let moment = self.moment();
        self.program.delete_credential(&moment, id)
    }

    /// Finds out for whom new cards were made, as our marks on them tell. The labels on the keys of access grants are for
    /// guests.
    ///
    /// # Errors
    /// When storage fails.
    pub fn note_new_cards(&mut self) -> Result<(), WorldError> {
        let Some(desk) = self.program.desk() else { return Ok(()) };
        for card in self.hotel.cards().filter(|card| index_on(&card.label).is_none()) {
            if !self.made_for.contains_key(&card.id)
                && let Some(credential) = desk.made_for(&card.card_holder)?
            {
                self.made_for.insert(card.id, credential);
            }
        }
        Ok(())
    }

    /// Whether the API calls these credentials valid; none for one that is gone.
    ///
    /// # Errors
    /// When storage fails.
    pub fn validity(&self, ids: &[CredentialId]) -> Result<BTreeMap<CredentialId, bool>, WorldError> {
        self.program.validity(ids, self.now)
    }

    /// Lets a little time pass, so that no two operations share an instant.
    pub fn tick(&mut self) {
        self.now = later(self.now, SignedDuration::from_millis(1_700));
    }

    /// The server's process dies: what was under way is forgotten, the store stays.
    pub fn die(&mut self) {
        self.session = new_session();
        self.is_fresh = true;
    }
}

/// The number of a key in its story, where its label tells it.
pub fn index_on(label: &str) -> Option<usize> {
    label.strip_prefix('G')?.parse().ok()
}

fn seen(name: String, category: &str) -> sites::SeenDoor {
    sites::SeenDoor { name, category: category.to_owned(), profiles: Vec::new() }
}

/// `moment` plus `pause`, as far as time goes.
pub fn later(moment: Timestamp, pause: SignedDuration) -> Timestamp {
    moment.saturating_add(pause).unwrap_or(Timestamp::MAX)
}

fn new_session() -> Session {
    Session::new("sym", Secret::new("sym"), Options::default())
}
