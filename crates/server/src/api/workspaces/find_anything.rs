//! `/workspaces/find_anything`

use domain::Id;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{
    client_sessions,
    user_identities::{self, By},
};

use crate::{
    adapter::{Call, Error, field::Reference},
    api::{
        acs::{
            credentials::resource::AcsCredential,
            encoders::resource::{self as encoder, AcsEncoder},
            entrances::resource::{self as entrance, AcsEntrance},
            systems::resource::{self as system, AcsSystem},
            users::resource::{self as user, AcsUser},
        },
        action_attempts::resource::ActionAttempt,
        client_sessions::resource::ClientSession,
        phones::resource::Phone,
        spaces::resource::{self as space, Space},
        user_identities::resource::{self as person, UserIdentity},
    },
    app::App,
};

/// Finds what has an ID, whatever kind of thing it is.
#[derive(Deserialize, JsonSchema)]
pub struct Find {
    /// The ID.
    search: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    batch: Batch,
}

/// What was found, of each kind.
#[derive(Default, Serialize, JsonSchema)]
struct Batch {
    /// Access systems.
    acs_systems: Vec<AcsSystem>,
    /// Users.
    acs_users: Vec<AcsUser>,
    /// Doors.
    acs_entrances: Vec<AcsEntrance>,
    /// Credentials.
    acs_credentials: Vec<AcsCredential>,
    /// Encoders.
    acs_encoders: Vec<AcsEncoder>,
    /// Action attempts.
    action_attempts: Vec<ActionAttempt>,
    /// Client sessions.
    client_sessions: Vec<ClientSession>,
    /// Phones.
    devices: Vec<Phone>,
    /// Spaces.
    spaces: Vec<Space>,
    /// Persons.
    user_identities: Vec<UserIdentity>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Find) -> Result<Answer, Error> {
    // Nothing has an id of another form.
    let Ok(any) = request.search.as_str().parse::<Id<Anything>>() else {
        return Ok(Answer { batch: Batch::default() });
    };
    let uuid = any.uuid();
    let batch = App::look(call, "workspace.find_anything", |tx, caller| {
        let workspace = caller.workspace_id;
        let mut batch = Batch::default();
        if let Some(found) = store::systems::find(tx, workspace, Id::from_uuid(uuid))? {
            batch.acs_systems.push(system::shown(tx, found)?);
        }
        let found = store::users::find(tx, workspace, Id::from_uuid(uuid))?;
        batch.acs_users = user::shown(tx, caller, found.into_iter().collect(), call.now)?;
        let found = store::entrances::find(tx, workspace, Id::from_uuid(uuid))?;
        batch.acs_entrances = entrance::shown(tx, caller, found.into_iter().collect())?;
        match engine::credentials::find(tx, caller, Id::from_uuid(uuid), call.now) {
            Ok(view) => batch.acs_credentials.push(view.into()),
            Err(engine::Error::NotFound { noun: Noun::AcsCredential, .. }) => {}
            Err(error) => return Err(error),
        }
        let found = store::encoders::find(tx, workspace, Id::from_uuid(uuid))?;
        batch.acs_encoders = encoder::shown(tx, caller, found.into_iter().collect())?;
        let found = store::action_attempts::find(tx, workspace, Id::from_uuid(uuid))?;
        batch.action_attempts = found.into_iter().map(ActionAttempt::from).collect();
        let phones = engine::phones::list(tx, caller, None, Some(&[Id::from_uuid(uuid)]))?;
        batch.devices = phones.into_iter().map(Phone::from).collect();
        let found = store::spaces::find(tx, workspace, &store::spaces::By::Id(Id::from_uuid(uuid)))?;
        batch.spaces = space::shown(tx, caller, found.into_iter().collect())?;
        let found = user_identities::find(tx, workspace, &By::Id(Id::from_uuid(uuid)))?;
        batch.user_identities = person::shown(tx, found.into_iter().collect())?;
        let found = client_sessions::find(tx, workspace, Id::from_uuid(uuid))?;
        let views = engine::client_sessions::views(tx, found.into_iter().collect())?;
        batch.client_sessions = views.into_iter().map(|view| ClientSession::shown(call.state, view)).collect();
        Ok(batch)
    })?;
    Ok(Answer { batch })
}

/// A thing whose kind is not known yet.
enum Anything {}
