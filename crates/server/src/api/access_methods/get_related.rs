//! `/access_methods/get_related`

use std::collections::BTreeSet;

use domain::id::{AccessMethodId, CredentialId};
use engine::{Caller, access_grants::By};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Tx, credentials};

use super::resource::{self, AccessMethod};
use crate::{
    adapter::{Call, Error, field::Id},
    api::{
        access_grants::resource::{self as grant, AccessGrant},
        acs::{
            credentials::resource::AcsCredential,
            entrances::resource::{self as entrance, AcsEntrance},
        },
        client_sessions::resource::ClientSession,
        devices::resource::Device,
        instant_keys::resource::{self as instant_key, InstantKey},
        list,
        related::{self, Wanted},
        spaces::resource::Space,
    },
    app::App,
};

/// The most access methods that are named at once.
const MOST_METHODS: usize = 1000;

/// Gets what belongs to access methods, such as the doors that a card opens.
#[derive(Deserialize, JsonSchema)]
pub struct GetRelated {
    /// IDs of the access methods.
    #[schemars(length(min = 1, max = MOST_METHODS))]
    access_method_ids: Vec<Id>,
    /// Only these kinds of things; all if absent.
    include: Option<Vec<Kind>>,
    /// None of these kinds of things, whatever is included.
    #[serde(default)]
    exclude: Vec<Kind>,
}

/// A kind of thing that belongs to access methods.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// The spaces that were named for their grants.
    Spaces,
    /// Devices: none.
    Devices,
    /// The doors.
    AcsEntrances,
    /// The grants.
    AccessGrants,
    /// The access methods themselves.
    AccessMethods,
    /// The instant keys.
    InstantKeys,
    /// The client sessions.
    ClientSessions,
    /// The credentials: cards, parents and their children.
    AcsCredentials,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    batch: Batch,
}

/// Everything of each kind, each once.
#[derive(Default, Serialize, JsonSchema)]
struct Batch {
    /// The spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    spaces: Option<Vec<Space>>,
    /// The devices.
    #[serde(skip_serializing_if = "Option::is_none")]
    devices: Option<Vec<Device>>,
    /// The doors.
    #[serde(skip_serializing_if = "Option::is_none")]
    acs_entrances: Option<Vec<AcsEntrance>>,
    /// The grants.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_grants: Option<Vec<AccessGrant>>,
    /// The access methods.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_methods: Option<Vec<AccessMethod>>,
    /// The instant keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    instant_keys: Option<Vec<InstantKey>>,
    /// The client sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_sessions: Option<Vec<ClientSession>>,
    /// The credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    acs_credentials: Option<Vec<AcsCredential>>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: GetRelated) -> Result<Answer, Error> {
    let ids: Vec<AccessMethodId> = list::ids(&request.access_method_ids)?;
    let wanted = Wanted { include: request.include, exclude: request.exclude };
    let batch = App::look(call, "access_method.get_related", |tx, caller| batch(call, tx, caller, &ids, &wanted))?;
    Ok(Answer { batch })
}

fn batch(
    call: &Call<'_, App>,
    tx: &mut Tx<'_>,
    caller: &Caller,
    ids: &[AccessMethodId],
    wanted: &Wanted<Kind>,
) -> Result<Batch, engine::Error> {
    let mut methods = Vec::new();
    let mut grants: Vec<engine::access_grants::View> = Vec::new();
    for id in ids.iter().collect::<BTreeSet<_>>() {
        let method = engine::access_methods::find(tx, caller, *id)?;
        if grants.iter().all(|view| view.grant.id != method.grant.id) {
            grants.push(engine::access_grants::find(tx, caller, &By::Id(method.grant.id))?);
        }
        methods.push(method);
    }
    let doors = related::doors(tx, grants.iter().flat_map(|view| &view.doors).map(|door| door.entrance_id))?;
    let space_ids = grants.iter().flat_map(|view| view.space_ids.iter().copied());
    let links: Vec<_> = methods.iter().filter_map(|view| view.link.clone()).collect();
    Ok(Batch {
        spaces: wanted.then(&Kind::Spaces, || related::spaces(tx, caller, space_ids))?,
        devices: wanted.then(&Kind::Devices, || Ok(Vec::new()))?,
        acs_entrances: wanted.then(&Kind::AcsEntrances, || entrance::shown(tx, caller, doors))?,
        acs_credentials: wanted.then(&Kind::AcsCredentials, || {
            let mut rows: Vec<_> = methods.iter().flat_map(|view| view.credentials.iter().cloned()).collect();
            let holders: Vec<CredentialId> = rows.iter().map(|row| row.id).collect();
            rows.extend(credentials::children_of(tx, &holders)?);
            let shown = engine::credentials::views(tx, rows, call.now)?;
            Ok(shown.into_iter().map(AcsCredential::from).collect())
        })?,
        instant_keys: wanted.then(&Kind::InstantKeys, || {
            let keys = engine::instant_keys::views(tx, links.iter().map(|(key, _)| key.clone()).collect())?;
            Ok(keys.into_iter().map(|key| instant_key::shown(call, key)).collect())
        })?,
        client_sessions: wanted.then(&Kind::ClientSessions, || {
            let sessions = links.iter().map(|(_, session)| session.clone()).collect();
            let views = engine::client_sessions::views(tx, sessions)?;
            Ok(views.into_iter().map(|view| ClientSession::shown(call.state, view)).collect())
        })?,
        access_methods: wanted.then(&Kind::AccessMethods, || {
            Ok(methods.iter().cloned().map(|view| resource::shown(call, view)).collect())
        })?,
        access_grants: wanted
            .then(&Kind::AccessGrants, || Ok(grants.iter().cloned().map(|view| grant::shown(call, view)).collect()))?,
    })
}
