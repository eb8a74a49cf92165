//! `/access_grants/get_related`

use std::collections::BTreeSet;

use engine::{
    Caller,
    access_grants::{By, View},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Tx, user_identities};

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Id, Text},
    },
    api::{
        access_methods::resource::{self as method, AccessMethod},
        acs::{
            entrances::resource::{self as entrance, AcsEntrance},
            systems::resource::AcsSystem,
        },
        connected_accounts::resource::ConnectedAccount,
        devices::resource::Device,
        list,
        related::{self, Wanted},
        spaces::resource::Space,
        user_identities::resource::{self as person, UserIdentity},
    },
    app::App,
};

/// The most grants that are named at once.
const MOST_GRANTS: usize = 1000;

/// Gets what belongs to grants, which exactly one of `access_grant_ids` and `access_grant_keys` names.
#[derive(Deserialize, JsonSchema)]
pub struct GetRelated {
    /// IDs of the grants.
    #[schemars(length(min = 1, max = MOST_GRANTS))]
    access_grant_ids: Option<Vec<Id>>,
    /// The caller's own keys of them.
    #[schemars(length(min = 1, max = MOST_GRANTS))]
    access_grant_keys: Option<Vec<Text>>,
    /// Only these kinds of things; all if absent.
    include: Option<Vec<Kind>>,
    /// None of these kinds of things, whatever is included.
    #[serde(default)]
    exclude: Vec<Kind>,
}

/// A kind of thing that belongs to grants.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// The spaces that were named.
    Spaces,
    /// Devices: none.
    Devices,
    /// The doors.
    AcsEntrances,
    /// Connected accounts.
    ConnectedAccounts,
    /// The access systems of the doors.
    AcsSystems,
    /// The guests.
    UserIdentities,
    /// Access groups: Visionline has none.
    AcsAccessGroups,
    /// The access methods.
    AccessMethods,
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
    /// The connected accounts of these systems.
    #[serde(skip_serializing_if = "Option::is_none")]
    connected_accounts: Option<Vec<ConnectedAccount>>,
    /// The access systems.
    #[serde(skip_serializing_if = "Option::is_none")]
    acs_systems: Option<Vec<AcsSystem>>,
    /// The guests.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_identities: Option<Vec<UserIdentity>>,
    /// The access groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    acs_access_groups: Option<[Nothing; 0]>,
    /// The access methods.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_methods: Option<Vec<AccessMethod>>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: GetRelated) -> Result<Answer, Error> {
    let named: Vec<By> = match (request.access_grant_ids, request.access_grant_keys) {
        (Some(ids), None) => list::ids(&ids)?.into_iter().map(By::Id).collect(),
        (None, Some(keys)) => keys.into_iter().map(|key| By::Key(key.into_string())).collect(),
        _ => return Err(Error::invalid_input("Provide exactly one of access_grant_ids or access_grant_keys")),
    };
    let wanted = Wanted { include: request.include, exclude: request.exclude };
    let batch = App::look(call, "access_grant.get_related", |tx, caller| batch(call, tx, caller, &named, &wanted))?;
    Ok(Answer { batch })
}

fn batch(
    call: &Call<'_, App>,
    tx: &mut Tx<'_>,
    caller: &Caller,
    named: &[By],
    wanted: &Wanted<Kind>,
) -> Result<Batch, engine::Error> {
    let mut grants: Vec<View> = Vec::new();
    for by in named {
        let view = engine::access_grants::find(tx, caller, by)?;
        if grants.iter().all(|other| other.grant.id != view.grant.id) {
            grants.push(view);
        }
    }
    let doors = related::doors(tx, grants.iter().flat_map(|view| &view.doors).map(|door| door.entrance_id))?;
    let space_ids = grants.iter().flat_map(|view| view.space_ids.iter().copied());
    let guests: BTreeSet<_> = grants.iter().map(|view| view.grant.user_identity_id).collect();
    Ok(Batch {
        spaces: wanted.then(&Kind::Spaces, || related::spaces(tx, caller, space_ids))?,
        devices: wanted.then(&Kind::Devices, || Ok(Vec::new()))?,
        connected_accounts: wanted.then(&Kind::ConnectedAccounts, || related::accounts_of(tx, caller, &doors, []))?,
        acs_systems: wanted.then(&Kind::AcsSystems, || related::systems_of(tx, caller, &doors))?,
        acs_entrances: wanted.then(&Kind::AcsEntrances, || entrance::shown(tx, caller, doors))?,
        user_identities: wanted.then(&Kind::UserIdentities, || {
            let mut rows = Vec::new();
            for id in guests {
                rows.extend(user_identities::find(tx, caller.workspace_id, &user_identities::By::Id(id))?);
            }
            person::shown(tx, rows)
        })?,
        acs_access_groups: wanted.then(&Kind::AcsAccessGroups, || Ok([]))?,
        access_methods: wanted.then(&Kind::AccessMethods, || {
            Ok(grants
                .iter()
                .flat_map(|view| view.methods.iter().cloned())
                .map(|view| method::shown(call, view))
                .collect())
        })?,
    })
}
