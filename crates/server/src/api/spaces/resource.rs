//! A space on the wire (`spec/api.md 3.11`).

use std::collections::BTreeMap;

use domain::id::{SpaceId, WorkspaceId};
use engine::{Caller, spaces::CustomerData as Change};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Tx, space_members, spaces};

use crate::adapter::field::{Id, Nullable, Text, Utc};

/// Rooms, suites, floors and the like, under a name of the caller's own.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Space {
    /// ID of the space.
    #[schemars(with = "Id")]
    space_id: SpaceId,
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// Name.
    name: String,
    /// What to call it.
    display_name: String,
    /// The caller's own key, unique in the workspace.
    #[serde(skip_serializing_if = "Option::is_none")]
    space_key: Option<String>,
    /// The customer it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_key: Option<String>,
    /// The space that it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    parent_space_id: Option<SpaceId>,
    /// Key of the space that it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_space_key: Option<String>,
    /// Address, usual times and zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<CustomerData>")]
    customer_data: Option<Value>,
    /// When it was made.
    created_at: Utc,
    /// How many doors belong to it.
    acs_entrance_count: usize,
    /// How many phones belong to it.
    device_count: usize,
}

/// What a customer says of a space.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CustomerData {
    /// Postal address.
    address: Nullable<Text>,
    /// When guests usually arrive, `HH:mm` or `HH:mm:ss`.
    default_checkin_time: Nullable<Text>,
    /// When guests usually leave, `HH:mm` or `HH:mm:ss`.
    default_checkout_time: Nullable<Text>,
    /// IANA name of the time zone.
    time_zone: Nullable<Text>,
}

impl From<CustomerData> for Change {
    fn from(given: CustomerData) -> Self {
        let change = |given: Nullable<Text>| given.map(Text::into_string).into_change();
        Self {
            address: change(given.address),
            default_checkin_time: change(given.default_checkin_time),
            default_checkout_time: change(given.default_checkout_time),
            time_zone: change(given.time_zone),
        }
    }
}

/// Spaces with what the API shows of them, in the same order, with a fixed number of queries.
///
/// # Errors
/// When storage fails.
pub fn shown(tx: &mut Tx<'_>, caller: &Caller, rows: Vec<spaces::Space>) -> Result<Vec<Space>, engine::Error> {
    let ids: Vec<SpaceId> = rows.iter().map(|space| space.id).collect();
    let parents: Vec<SpaceId> = rows.iter().filter_map(|space| space.parent_id).collect();
    let mut doors: BTreeMap<SpaceId, usize> = BTreeMap::new();
    for (space, _) in space_members::entrances(tx, &ids)? {
        *doors.entry(space).or_default() += 1;
    }
    let mut phones: BTreeMap<SpaceId, usize> = BTreeMap::new();
    for (space, _) in space_members::devices(tx, &ids)? {
        *phones.entry(space).or_default() += 1;
    }
    let keys: BTreeMap<SpaceId, Option<String>> = spaces::by_ids(tx, caller.workspace_id, &parents)?
        .into_iter()
        .map(|parent| (parent.id, parent.space_key))
        .collect();
    let one = |space: spaces::Space| Space {
        space_id: space.id,
        workspace_id: space.workspace_id,
        display_name: space.name.clone(),
        name: space.name,
        space_key: space.space_key,
        customer_key: space.customer_key,
        parent_space_id: space.parent_id,
        parent_space_key: space.parent_id.and_then(|id| keys.get(&id).cloned().flatten()),
        customer_data: space
            .customer_data
            .as_object()
            .is_some_and(|known| !known.is_empty())
            .then_some(space.customer_data),
        created_at: Utc(space.created_at),
        acs_entrance_count: doors.get(&space.id).copied().unwrap_or_default(),
        device_count: phones.get(&space.id).copied().unwrap_or_default(),
    };
    Ok(rows.into_iter().map(one).collect())
}

/// [`shown`] for a single space.
///
/// # Errors
/// When storage fails.
pub fn shown_one(tx: &mut Tx<'_>, caller: &Caller, row: spaces::Space) -> Result<Space, engine::Error> {
    let id = row.id;
    shown(tx, caller, vec![row])?.pop().ok_or_else(|| crate::api::error::missing(engine::Noun::Space, id))
}
