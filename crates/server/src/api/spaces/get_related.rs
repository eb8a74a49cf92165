//! `/spaces/get_related`

use std::collections::BTreeSet;

use domain::id::{AcsSystemId, EntranceId, PhoneId, SpaceId};
use engine::Caller;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{
    Tx, entrances, space_members,
    spaces::{self, By},
    systems,
};

use super::resource::{self, Space};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Text},
    },
    api::{
        acs::{
            entrances::resource::{self as entrance, AcsEntrance},
            systems::resource::{self as system, AcsSystem},
        },
        devices::resource::{self as device, Device},
        list,
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
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: GetRelated) -> Result<Answer, Error> {
    let named: Vec<By> = match (request.space_ids, request.space_keys) {
        (Some(ids), None) => list::ids(&ids)?.into_iter().map(By::Id).collect(),
        (None, Some(keys)) => keys.into_iter().map(|key| By::Key(key.into_string())).collect(),
        _ => return Err(Error::invalid_input("Provide exactly one of space_ids or space_keys")),
    };
    let (include, exclude) = (request.include, request.exclude);
    let wants = |kind: Kind| include.as_ref().is_none_or(|kinds| kinds.contains(&kind)) && !exclude.contains(&kind);
    let batch = App::look(call, "space.get_related", |tx, caller| batch(tx, caller, &named, wants))?;
    Ok(Answer { batch })
}

fn batch(tx: &mut Tx<'_>, caller: &Caller, named: &[By], wants: impl Fn(Kind) -> bool) -> Result<Batch, engine::Error> {
    let mut rows: Vec<spaces::Space> = Vec::new();
    for by in named {
        let space = engine::spaces::find(tx, caller, by)?;
        if rows.iter().all(|row| row.id != space.id) {
            rows.push(space);
        }
    }
    let ids: Vec<SpaceId> = rows.iter().map(|space| space.id).collect();
    let mut batch = Batch::default();
    let doors: BTreeSet<EntranceId> = space_members::entrances(tx, &ids)?.into_iter().map(|(_, door)| door).collect();
    let doors = entrances::by_ids(tx, &doors.into_iter().collect::<Vec<_>>())?;
    if wants(Kind::AcsSystems) {
        let named: BTreeSet<AcsSystemId> = doors.iter().map(|door| door.acs_system_id).collect();
        let mut shown = Vec::new();
        for row in systems::list(tx, caller.workspace_id)?.into_iter().filter(|row| named.contains(&row.id)) {
            shown.push(system::shown(tx, row)?);
        }
        batch.acs_systems = Some(shown);
    }
    if wants(Kind::AcsEntrances) {
        batch.acs_entrances = Some(entrance::shown(tx, caller, doors)?);
    }
    if wants(Kind::Devices) {
        let phones: Vec<PhoneId> = space_members::devices(tx, &ids)?.into_iter().map(|(_, phone)| phone).collect();
        let phones = engine::phones::list(tx, caller, None, Some(&phones))?;
        batch.devices = Some(device::shown(tx, caller, phones)?);
    }
    if wants(Kind::Spaces) {
        batch.spaces = Some(resource::shown(tx, caller, rows)?);
    }
    Ok(batch)
}
