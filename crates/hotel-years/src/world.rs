//! One sandbox workspace, one simulated hotel and one session with its lock server, on a virtual clock.
//!
//! The operations here are those of the API, each one transaction. Carrying their consequences to the lock server is
//! in [`crate::worker`].

use std::collections::BTreeMap;

use domain::{
    Moment,
    id::{AcsUserId, CredentialId, EndpointId, EntranceId, PhoneId, UserIdentityId},
};
use engine::{Caller, credentials, phones, sites, sites::Sandbox, user_identities};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use store::{Location, Store, Tx};
use visionline::{Answer, Operation, Options, Secret, Session};
use visionline_sim::{Hotel, Property};

use crate::{random::Random, weather::Crash};

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

/// A hotel with its server.
pub struct World {
    /// Everything that the server keeps.
    pub store: Store,
    /// Locks, phones, lock server.
    pub hotel: Hotel,
    /// The driver's side of the conversation with the lock server.
    pub session: Session,
    /// Virtual time.
    pub now: Timestamp,
    /// The ids of the sandbox.
    pub site: Sandbox,
    /// The site's zone.
    pub zone: TimeZone,
    /// Doors as the engine recorded them.
    pub entrances: BTreeMap<String, EntranceId>,
    /// When the server dies next.
    pub crash: Option<Crash>,
    /// Requests that reached for the lock server.
    pub exchanges: u64,
    /// Entropy for ids.
    random: Random,
    caller: Caller,
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
    /// The built-in hotel with a sandbox workspace, its doors read from the lock server.
    ///
    /// # Errors
    /// When anything of it fails.
    pub fn new(seed: u64, now: Timestamp) -> Result<Self, WorldError> {
        let mut random = Random::new(seed ^ 0x0057_6f72_6c64);
        let hotel = Hotel::new(Property::meridian(), random.word());
        let store = Store::open(&Location::Memory)?;
        let zone = hotel.property().zone.clone();
        let new = sites::NewSandbox {
            workspace_name: "Sandbox".to_owned(),
            site_name: hotel.property().name.clone(),
            time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            api_key: sites::NewApiKey { short_token: "years".to_owned(), long_token_sha256: "00".repeat(32) },
        };
        let moment = Moment::new(now, random.word());
        let made = store.write("sandbox.create", move |tx| sites::create_sandbox(tx, &mut moment.clone(), &new));
        let site = made.map_err(|source| WorldError::Engine { doing: "make a sandbox", source })?;
        let caller = Caller { workspace_id: site.workspace_id, actor: "simulation".to_owned() };
        let mut world = Self {
            store,
            hotel,
            session: new_session(),
            now,
            site,
            zone,
            entrances: BTreeMap::new(),
            crash: None,
            exchanges: 0,
            random,
            caller,
        };
        world.record_doors()?;
        Ok(world)
    }

    fn record_doors(&mut self) -> Result<(), WorldError> {
        let doors = match self.ask(Operation::ListDoors) {
            Ok(Answer::Doors(doors)) => doors,
            other => return Err(WorldError::SetUp(format!("asked for the doors, got {other:?}"))),
        };
        let seen: Vec<sites::SeenDoor> = doors
            .into_iter()
            .map(|door| sites::SeenDoor {
                category: door.category.as_ref().map_or_else(String::new, |category| category.as_str().to_owned()),
                profiles: Vec::new(),
                name: door.id,
            })
            .collect();
        let system_id = self.site.acs_system_id;
        self.write("record the doors", move |tx, moment| sites::record_doors(tx, moment, system_id, &seen))?;
        let rows = self.store.read("entrances", move |tx| store::entrances::of_system(tx, system_id))?;
        self.entrances = rows.into_iter().map(|row| (row.door_name, row.id)).collect();
        Ok(())
    }

    /// Runs one transaction at the present moment.
    ///
    /// # Errors
    /// The operation's own, with what it was doing.
    pub fn write<T: Send + 'static>(
        &mut self,
        doing: &'static str,
        work: impl Fn(&mut Tx<'_>, &mut Moment) -> Result<T, engine::Error> + Send + 'static,
    ) -> Result<T, WorldError> {
        self.attempt(doing, work).map_err(|source| WorldError::Engine { doing, source })
    }

    fn attempt<T: Send + 'static>(
        &mut self,
        name: &'static str,
        work: impl Fn(&mut Tx<'_>, &mut Moment) -> Result<T, engine::Error> + Send + 'static,
    ) -> Result<T, engine::Error> {
        let moment = Moment::new(self.now, self.random.word());
        self.store.write(name, move |tx| work(tx, &mut moment.clone()))
    }

    /// A person with a user at the site.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn create_person(&mut self, name: &str) -> Result<Person, WorldError> {
        let (caller, system_id) = (self.caller.clone(), self.site.acs_system_id);
        let asked = user_identities::Create {
            full_name: Some(name.to_owned()),
            user_identity_key: Some(name.to_owned()),
            acs_system_ids: vec![system_id],
            ..user_identities::Create::default()
        };
        self.write("make a person", move |tx, moment| {
            let identity = user_identities::create(tx, moment, &caller, &asked)?.id;
            let user = engine::users::of_identity_at(tx, &caller, identity, system_id)?.id;
            Ok(Person { identity, user })
        })
    }

    /// A phone of the person, known to the engine and to the hotel.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn enrol_phone(&mut self, identity: UserIdentityId) -> Result<Enrolled, WorldError> {
        let caller = self.caller.clone();
        let asked = phones::CreateSandbox {
            user_identity_id: identity,
            device_type: "ios_phone".to_owned(),
            device_model: "Phone".to_owned(),
            detail: Default::default(),
        };
        let made =
            self.write("enrol a phone", move |tx, moment| phones::create_sandbox(tx, moment, &caller, &asked))?;
        let Some(endpoint) = made.endpoints.first().map(|endpoint| endpoint.id) else {
            return Err(WorldError::SetUp("a phone without endpoint".to_owned()));
        };
        self.hotel.enrol_phone(&endpoint.to_string());
        Ok(Enrolled { phone: made.phone.id, endpoint })
    }

    /// Deactivates a phone. With `remove` the credential manager ends its endpoint as well, keys and all.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn deactivate_phone(&mut self, phone: PhoneId, remove: bool) -> Result<(), WorldError> {
        let caller = self.caller.clone();
        let endpoints =
            self.write("deactivate a phone", move |tx, moment| phones::deactivate(tx, moment, &caller, phone))?;
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
    /// When the engine refuses.
    pub fn create_credential(&mut self, asked: credentials::Create) -> Result<CredentialId, engine::Error> {
        let caller = self.caller.clone();
        self.attempt("create a credential", move |tx, moment| {
            credentials::create(tx, moment, &caller, &asked).map(|view| view.credential.id)
        })
    }

    /// Deletes a parent or a child.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn delete_credential(&mut self, id: CredentialId) -> Result<(), engine::Error> {
        let caller = self.caller.clone();
        self.attempt("delete a credential", move |tx, moment| credentials::delete(tx, moment, &caller, id))
    }

    /// The ids of the children of a parent with their endpoints.
    ///
    /// # Errors
    /// When storage fails.
    pub fn children(&self, parent: CredentialId) -> Result<Vec<(CredentialId, Option<EndpointId>)>, WorldError> {
        let rows = self.store.read("children", move |tx| store::credentials::children_of(tx, &[parent]))?;
        Ok(rows.into_iter().map(|row| (row.id, row.endpoint_id)).collect())
    }

    /// How many parents and cards there are.
    ///
    /// # Errors
    /// When storage fails.
    pub fn credential_count(&self) -> Result<usize, WorldError> {
        let workspace_id = self.site.workspace_id;
        let page = store::page::Page::whole();
        let rows = self.store.read("count", move |tx| {
            store::credentials::list(tx, workspace_id, &store::credentials::Filter::default(), page)
        })?;
        Ok(rows.len())
    }

    /// Whether the API calls these credentials valid; none for one that is gone.
    ///
    /// # Errors
    /// When storage fails.
    pub fn validity(&self, ids: &[CredentialId]) -> Result<BTreeMap<CredentialId, bool>, WorldError> {
        let (ids, now) = (ids.to_vec(), self.now);
        let views = self.store.read("views", move |tx| {
            let mut rows = store::credentials::by_ids(tx, &ids)?;
            rows.retain(|row| row.deleted_at.is_none());
            credentials::views(tx, rows, now)
        });
        let views = views.map_err(|source: engine::Error| WorldError::Engine { doing: "view credentials", source })?;
        Ok(views.into_iter().map(|view| (view.credential.id, view.is_valid)).collect())
    }

    /// Lets a little time pass, so that no two operations share an instant.
    pub fn tick(&mut self) {
        self.now = later(self.now, SignedDuration::from_millis(1_700));
    }

    /// The server's process dies: what was under way is forgotten, the store stays.
    pub fn die(&mut self) {
        self.session = new_session();
    }
}

/// `moment` plus `pause`, as far as time goes.
pub fn later(moment: Timestamp, pause: SignedDuration) -> Timestamp {
    moment.saturating_add(pause).unwrap_or(Timestamp::MAX)
}

fn new_session() -> Session {
    Session::new("sym", Secret::new("sym"), Options::default())
}
