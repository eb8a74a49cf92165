//! `/workspaces/find_anything`

use domain::Id;
use engine::connecting;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{
    access_grants, client_sessions, events,
    user_identities::{self, By},
    workspaces,
};

use crate::{
    adapter::{Call, Error, field::Reference},
    api::{
        access_grants::resource::{self as grant, AccessGrant},
        access_methods::resource::{self as method, AccessMethod},
        acs::{
            credentials::resource::AcsCredential,
            encoders::resource::{self as encoder, AcsEncoder},
            entrances::resource::{self as entrance, AcsEntrance},
            systems::resource::{self as system, AcsSystem},
            users::resource::{self as user, AcsUser},
        },
        action_attempts::resource::ActionAttempt,
        client_sessions::resource::ClientSession,
        connect_webviews::resource::{self as webview, ConnectWebview},
        connected_accounts::resource::{self as account, ConnectedAccount},
        devices::resource::{self as device, Device},
        events::resource::Event,
        instant_keys::resource::{self as instant_key, InstantKey},
        spaces::resource::{self as space, Space},
        user_identities::resource::{self as person, UserIdentity},
        workspaces::resource::Workspace,
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
    /// Access grants.
    access_grants: Vec<AccessGrant>,
    /// Access methods.
    access_methods: Vec<AccessMethod>,
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
    /// Connect webviews.
    connect_webviews: Vec<ConnectWebview>,
    /// Connected accounts.
    connected_accounts: Vec<ConnectedAccount>,
    /// Phones.
    devices: Vec<Device>,
    /// Events.
    events: Vec<Event>,
    /// Instant keys.
    instant_keys: Vec<InstantKey>,
    /// Spaces.
    spaces: Vec<Space>,
    /// Persons.
    user_identities: Vec<UserIdentity>,
    /// The workspace itself.
    workspaces: Vec<Workspace>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Find) -> Result<Answer, Error> {
    // Nothing has an id of another form.
    let Ok(any) = request.search.as_str().parse::<Id<Anything>>() else {
        return Ok(Answer { batch: Batch::default() });
    };
    let uuid = any.uuid();
    let links = webview::links(call);
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
        let found = engine::credentials::find(tx, caller, Id::from_uuid(uuid), call.now);
        batch.acs_credentials.extend(if_there(found)?.map(AcsCredential::from));
        let found = store::encoders::find(tx, workspace, Id::from_uuid(uuid))?;
        batch.acs_encoders = encoder::shown(tx, caller, found.into_iter().collect())?;
        let found = store::action_attempts::find(tx, workspace, Id::from_uuid(uuid))?;
        batch.action_attempts = found.into_iter().map(ActionAttempt::from).collect();
        let phones = engine::phones::list(tx, caller, None, Some(&[Id::from_uuid(uuid)]))?;
        batch.devices = device::shown(tx, caller, phones)?;
        let found = store::spaces::find(tx, workspace, &store::spaces::By::Id(Id::from_uuid(uuid)))?;
        batch.spaces = space::shown(tx, caller, found.into_iter().collect())?;
        let found = user_identities::find(tx, workspace, &By::Id(Id::from_uuid(uuid)))?;
        batch.user_identities = person::shown(tx, found.into_iter().collect())?;
        let found = client_sessions::find(tx, workspace, Id::from_uuid(uuid))?;
        let views = engine::client_sessions::views(tx, found.into_iter().collect())?;
        batch.client_sessions = views.into_iter().map(|view| ClientSession::shown(call.state, view)).collect();
        let found = engine::access_grants::find(tx, caller, &access_grants::By::Id(Id::from_uuid(uuid)));
        batch.access_grants.extend(if_there(found)?.map(|view| grant::shown(call, view)));
        let found = engine::access_methods::find(tx, caller, Id::from_uuid(uuid));
        batch.access_methods.extend(if_there(found)?.map(|view| method::shown(call, view)));
        let found = engine::instant_keys::find(tx, caller, Id::from_uuid(uuid));
        batch.instant_keys.extend(if_there(found)?.map(|view| instant_key::shown(call, view)));
        let found = if_there(connecting::find(tx, caller, Id::from_uuid(uuid)))?;
        batch.connect_webviews = webview::shown(tx, &links, found.into_iter().collect())?;
        let found = if_there(connecting::find_account(tx, caller, Id::from_uuid(uuid)))?;
        batch.connected_accounts = account::shown(tx, found.into_iter().collect())?;
        let by_id = events::Filter { event_ids: Some(vec![Id::from_uuid(uuid)]), ..events::Filter::default() };
        batch.events.extend(events::newest(tx, workspace, &by_id)?.map(Event::from));
        let found = workspaces::find(tx, workspace)?.filter(|workspace| workspace.id == Id::from_uuid(uuid));
        batch.workspaces.extend(found.map(Workspace::from));
        Ok(batch)
    })?;
    Ok(Answer { batch })
}

/// What was found; nothing where it is not there.
fn if_there<T>(found: Result<T, engine::Error>) -> Result<Option<T>, engine::Error> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(engine::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A thing whose kind is not known yet.
enum Anything {}
