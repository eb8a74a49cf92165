//! `/spaces/get_related`

use domain::id::{PhoneId, SpaceId};
use engine::{
    Caller,
    access_methods::{Filter, View},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{
    Tx,
    page::Page,
    space_members,
    spaces::{self, By},
};

use super::resource::{self, Space};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Text},
    },
    api::{
        access_methods::resource::{self as method, AccessMethod},
        acs::{
            entrances::resource::{self as entrance, AcsEntrance},
            systems::resource::AcsSystem,
        },
        connected_accounts::resource::ConnectedAccount,
        devices::resource::{self as device, Device},
        list,
        related::{self, Wanted},
    },
    app::App,
};

/// The most spaces that are named at once.
const MOST_SPACES: usize = 1000;

/// Gets spaces with what belongs to them, by exactly one of `space_ids` and `space_keys`.
#[derive(Deserialize, JsonSchema)]
pub struct GetRelated {
    /// IDs of the spaces.
    #[schemars(length(min = 1, max = MOST_SPACES))]
    space_ids: Option<Vec<Id>>,
    /// The caller's own keys for them.
    #[schemars(length(min = 1, max = MOST_SPACES))]
    space_keys: Option<Vec<Text>>,
    /// Only these kinds of things; all if absent.
    include: Option<Vec<Kind>>,
    /// None of these kinds of things, whatever is included.
    #[serde(default)]
    exclude: Vec<Kind>,
}

/// A kind of thing that belongs to spaces.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// The spaces themselves.
    Spaces,
    /// Phones.
    Devices,
    /// Doors.
    AcsEntrances,
    /// Connected accounts.
    ConnectedAccounts,
    /// The access systems of the doors.
    AcsSystems,
    /// Access methods.
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
    /// Their phones.
    #[serde(skip_serializing_if = "Option::is_none")]
    devices: Option<Vec<Device>>,
    /// Their doors.
    #[serde(skip_serializing_if = "Option::is_none")]
    acs_entrances: Option<Vec<AcsEntrance>>,
    /// The access systems of their doors.
    #[serde(skip_serializing_if = "Option::is_none")]
    acs_systems: Option<Vec<AcsSystem>>,
    /// The connected accounts that belong to them, and those of these systems.
    #[serde(skip_serializing_if = "Option::is_none")]
    connected_accounts: Option<Vec<ConnectedAccount>>,
    /// The access methods of the grants that named them.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_methods: Option<Vec<AccessMethod>>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: GetRelated) -> Result<Answer, Error> {
    let named: Vec<By> = match (request.space_ids, request.space_keys) {
        (Some(ids), None) => list::ids(&ids)?.into_iter().map(By::Id).collect(),
        (None, Some(keys)) => keys.into_iter().map(|key| By::Key(key.into_string())).collect(),
        _ => return Err(Error::invalid_input("Provide exactly one of space_ids or space_keys")),
    };
    let wanted = Wanted { include: request.include, exclude: request.exclude };
    let batch = App::look(call, "space.get_related", |tx, caller| batch(call, tx, caller, &named, &wanted))?;
    Ok(Answer { batch })
}

fn batch(
    call: &Call<'_, App>,
    tx: &mut Tx<'_>,
    caller: &Caller,
    named: &[By],
    wanted: &Wanted<Kind>,
) -> Result<Batch, engine::Error> {
    let mut rows: Vec<spaces::Space> = Vec::new();
    for by in named {
        let space = engine::spaces::find(tx, caller, by)?;
        if rows.iter().all(|row| row.id != space.id) {
            rows.push(space);
        }
    }
    let ids: Vec<SpaceId> = rows.iter().map(|space| space.id).collect();
    let doors = space_members::entrances(tx, &ids)?;
    let doors = related::doors(tx, doors.into_iter().map(|(_, door)| door))?;
    let accounts = space_members::accounts(tx, &ids)?.into_iter().map(|(_, account)| account);
    Ok(Batch {
        acs_systems: wanted.then(&Kind::AcsSystems, || related::systems_of(tx, caller, &doors))?,
        connected_accounts: wanted
            .then(&Kind::ConnectedAccounts, || related::accounts_of(tx, caller, &doors, accounts))?,
        acs_entrances: wanted.then(&Kind::AcsEntrances, || entrance::shown(tx, caller, doors))?,
        devices: wanted.then(&Kind::Devices, || {
            let phones: Vec<PhoneId> = space_members::devices(tx, &ids)?.into_iter().map(|(_, phone)| phone).collect();
            let phones = engine::phones::list(tx, caller, None, Some(&phones))?;
            device::shown(tx, caller, phones)
        })?,
        access_methods: wanted.then(&Kind::AccessMethods, || {
            let mut found: Vec<View> = Vec::new();
            for id in &ids {
                let filter = Filter { space_id: Some(*id), ..Filter::default() };
                for view in engine::access_methods::list(tx, caller, &filter, Page::whole())? {
                    if found.iter().all(|known| known.method.id != view.method.id) {
                        found.push(view);
                    }
                }
            }
            Ok(found.into_iter().map(|view| method::shown(call, view)).collect())
        })?,
        spaces: wanted.then(&Kind::Spaces, || resource::shown(tx, caller, rows))?,
    })
}
