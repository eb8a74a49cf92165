//! The whole program but for its sockets: the engine's operations, each one transaction, on a database in memory.

mod granting;

use std::collections::BTreeMap;

use domain::{
    Moment,
    id::{AcsSystemId, CredentialId, EndpointId, EntranceId, PhoneId, UserIdentityId},
};
use engine::{
    Caller, credentials,
    issuing::{self, Capacity, Outcome, Step, Survey},
    phones,
    sites::{self, Sandbox, SeenDoor},
    user_identities,
};
use jiff::Timestamp;
use store::{Location, Store, Tx};
use visionline_sim::Property;

pub use self::granting::mobile_key;
use crate::{
    granting::Granting,
    program::Program,
    world::{Enrolled, Person, WorldError},
};

/// One sandbox workspace with one hotel. Clones share the database.
#[derive(Clone)]
pub struct Whole {
    /// Everything that is kept.
    pub store: Store,
    /// The ids of the sandbox.
    pub site: Sandbox,
    /// On whose behalf the API is called.
    pub caller: Caller,
}

impl Whole {
    /// A new database with a sandbox for the property.
    ///
    /// # Errors
    /// When storage fails.
    pub fn open(property: &Property, moment: Moment) -> Result<Self, WorldError> {
        let store = Store::open(&Location::Memory)?;
        let new = sites::NewSandbox {
            workspace_name: "Sandbox".to_owned(),
            site_name: property.name.clone(),
            time_zone: property.zone.iana_name().unwrap_or("UTC").to_owned(),
            api_key: sites::NewApiKey { short_token: "years".to_owned(), long_token_sha256: "00".repeat(32) },
        };
        let made = store.write("sandbox.create", move |tx| sites::create_sandbox(tx, &mut moment.clone(), &new));
        let site = made.map_err(|source| WorldError::Engine { doing: "make a sandbox", source })?;
        let caller = Caller::of_workspace(site.workspace_id, "simulation".to_owned());
        Ok(Self { store, site, caller })
    }

    /// Runs one transaction.
    ///
    /// # Errors
    /// The operation's own, with what it was doing.
    pub fn write<T: Send + 'static>(
        &self,
        moment: &Moment,
        doing: &'static str,
        work: impl Fn(&mut Tx<'_>, &mut Moment) -> Result<T, engine::Error> + Send + 'static,
    ) -> Result<T, WorldError> {
        self.attempt(moment, doing, work).map_err(|source| WorldError::Engine { doing, source })
    }

    fn attempt<T: Send + 'static>(
        &self,
        moment: &Moment,
        name: &'static str,
        work: impl Fn(&mut Tx<'_>, &mut Moment) -> Result<T, engine::Error> + Send + 'static,
    ) -> Result<T, engine::Error> {
        let moment = moment.clone();
        self.store.write(name, move |tx| work(tx, &mut moment.clone()))
    }
}

impl Program for Whole {
    fn record_doors(&mut self, moment: &Moment, seen: &[SeenDoor]) -> Result<BTreeMap<String, EntranceId>, WorldError> {
        let (system_id, seen) = (self.site.acs_system_id, seen.to_vec());
        self.write(moment, "record the doors", move |tx, moment| sites::record_doors(tx, moment, system_id, &seen))?;
        let rows = self.store.read("entrances", move |tx| store::entrances::of_system(tx, system_id))?;
        Ok(rows.into_iter().map(|row| (row.door_name, row.id)).collect())
    }

    fn create_person(&mut self, moment: &Moment, name: &str) -> Result<Person, WorldError> {
        let (caller, system_id) = (self.caller.clone(), self.site.acs_system_id);
        let asked = user_identities::Create {
            full_name: Some(name.to_owned()),
            user_identity_key: Some(name.to_owned()),
            acs_system_ids: vec![system_id],
            ..user_identities::Create::default()
        };
        self.write(moment, "make a person", move |tx, moment| {
            let identity = user_identities::create(tx, moment, &caller, &asked)?.id;
            let user = engine::users::of_identity_at(tx, &caller, identity, system_id)?.id;
            Ok(Person { identity, user })
        })
    }

    fn enrol_phone(&mut self, moment: &Moment, identity: UserIdentityId) -> Result<Enrolled, WorldError> {
        let caller = self.caller.clone();
        let asked = phones::CreateSandbox {
            user_identity_id: identity,
            device_type: "ios_phone".to_owned(),
            device_model: "Phone".to_owned(),
            detail: Default::default(),
        };
        let made =
            self.write(moment, "enrol a phone", move |tx, moment| phones::create_sandbox(tx, moment, &caller, &asked))?;
        match made.endpoints.first() {
            Some(endpoint) => Ok(Enrolled { phone: made.phone.id, endpoint: endpoint.id }),
            None => Err(WorldError::SetUp("a phone without endpoint".to_owned())),
        }
    }

    fn deactivate_phone(&mut self, moment: &Moment, phone: PhoneId) -> Result<Vec<EndpointId>, WorldError> {
        let caller = self.caller.clone();
        self.write(moment, "deactivate a phone", move |tx, moment| phones::deactivate(tx, moment, &caller, phone))
    }

    fn create_credential(
        &mut self,
        moment: &Moment,
        asked: credentials::Create,
    ) -> Result<CredentialId, engine::Error> {
        let caller = self.caller.clone();
        self.attempt(moment, "create a credential", move |tx, moment| {
            credentials::create(tx, moment, &caller, &asked).map(|view| view.credential.id)
        })
    }

    fn delete_credential(&mut self, moment: &Moment, id: CredentialId) -> Result<(), engine::Error> {
        let caller = self.caller.clone();
        self.attempt(moment, "delete a credential", move |tx, moment| credentials::delete(tx, moment, &caller, id))
    }

    fn desk(&self) -> Option<&dyn Granting> {
        Some(self)
    }

    fn desk_mut(&mut self) -> Option<&mut dyn Granting> {
        Some(self)
    }

    fn children(&self, parent: CredentialId) -> Result<Vec<(CredentialId, Option<EndpointId>)>, WorldError> {
        let rows = self.store.read("children", move |tx| store::credentials::children_of(tx, &[parent]))?;
        Ok(rows.into_iter().map(|row| (row.id, row.endpoint_id)).collect())
    }

    fn credential_count(&self) -> Result<usize, WorldError> {
        let workspace_id = self.site.workspace_id;
        let page = store::page::Page::whole();
        let rows = self.store.read("count", move |tx| {
            store::credentials::list(tx, workspace_id, &store::credentials::Filter::default(), page)
        })?;
        Ok(rows.len())
    }

    fn validity(&self, ids: &[CredentialId], now: Timestamp) -> Result<BTreeMap<CredentialId, bool>, WorldError> {
        let ids = ids.to_vec();
        let views = self.store.read("views", move |tx| {
            let mut rows = store::credentials::by_ids(tx, &ids)?;
            rows.retain(|row| row.deleted_at.is_none());
            credentials::views(tx, rows, now)
        });
        let views = views.map_err(|source: engine::Error| WorldError::Engine { doing: "view credentials", source })?;
        Ok(views.into_iter().map(|view| (view.credential.id, view.is_valid)).collect())
    }

    fn resume(&mut self, moment: &Moment) -> Result<(), WorldError> {
        let system_id = self.site.acs_system_id;
        self.write(moment, "resume", move |tx, moment| issuing::resume(tx, moment, system_id))
    }

    fn look(&mut self, moment: &Moment) -> Result<bool, WorldError> {
        let system_id = self.site.acs_system_id;
        self.write(moment, "look", move |tx, moment| issuing::look(tx, moment, system_id))
    }

    fn next(&mut self, moment: &Moment) -> Result<Option<Step>, WorldError> {
        let system_id = self.site.acs_system_id;
        self.write(moment, "next", move |tx, moment| next(tx, moment, system_id))
    }

    fn look_and_next(&mut self, moment: &Moment) -> Result<(bool, Option<Step>), WorldError> {
        let system_id = self.site.acs_system_id;
        self.write(moment, "look and next", move |tx, moment| {
            let looked = issuing::look(tx, moment, system_id)?;
            Ok((looked, next(tx, moment, system_id)?))
        })
    }

    fn next_due(&mut self, _: &Moment) -> Result<Option<Timestamp>, WorldError> {
        let system_id = self.site.acs_system_id;
        let due = self.store.read("next_due", move |tx| issuing::next_due(tx, system_id));
        due.map_err(|source| WorldError::Engine { doing: "ask what is due", source })
    }

    fn surveys(&self) -> bool {
        true
    }

    fn surveyed(&mut self, moment: &Moment, survey: Survey) -> Result<(), WorldError> {
        let system_id = self.site.acs_system_id;
        self.write(moment, "take in a survey", move |tx, moment| issuing::surveyed(tx, moment, system_id, &survey))
    }

    fn came_back(&mut self, moment: &Moment, step: Step, outcome: Outcome) -> Result<(), WorldError> {
        self.write(moment, "came_back", move |tx, moment| issuing::came_back(tx, moment, &step, &outcome))
    }
}

/// One request at a time, so that a story is the same each time it is played.
fn next(tx: &mut Tx<'_>, moment: &mut Moment, system_id: AcsSystemId) -> Result<Option<Step>, engine::Error> {
    let handed = issuing::next(tx, moment, system_id, &Capacity::default())?;
    Ok(handed.into_iter().next().map(|handed| handed.step))
}
