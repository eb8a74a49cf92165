//! A door on the wire (`spec/api.md 3.3`).

use std::collections::BTreeMap;

use domain::id::{AcsSystemId, ConnectedAccountId, EntranceId, SpaceId, WorkspaceId};
use engine::Caller;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use store::{Tx, entrances::Entrance, space_members, systems};

use crate::{
    adapter::field::{Id, Utc},
    api::problem::{Problem, Warning},
};

/// A door of a hotel.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AcsEntrance {
    /// ID of the entrance.
    #[schemars(with = "Id")]
    acs_entrance_id: EntranceId,
    /// ID of the access system.
    #[schemars(with = "Id")]
    acs_system_id: AcsSystemId,
    /// ID of the connected account.
    #[schemars(with = "Id")]
    connected_account_id: ConnectedAccountId,
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// Name of the door.
    display_name: String,
    /// When it was first seen.
    created_at: Utc,
    /// The spaces it belongs to.
    #[schemars(with = "Vec<Id>")]
    space_ids: Vec<SpaceId>,
    /// Whether guests can be booked into it.
    can_belong_to_reservation: bool,
    /// Whether plastic cards open it.
    can_unlock_with_card: bool,
    /// Whether keys in phones open it.
    can_unlock_with_mobile_key: bool,
    /// Whether codes open it: never.
    can_unlock_with_code: bool,
    /// Whether it can be opened from afar: never.
    can_unlock_with_cloud_key: bool,
    /// What only Visionline has.
    visionline_metadata: DoorMetadata,
    /// What keeps it from working.
    errors: [Problem; 0],
    /// What people should know.
    warnings: [Warning; 0],
}

/// What only Visionline has.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DoorMetadata {
    /// Name of the door at the lock server.
    door_name: String,
    /// `guest`, `entrance`, `elevator reader`, `common` or `common (PMS)`.
    door_category: &'static str,
    /// Profiles of the door.
    #[schemars(with = "Vec<DoorProfile>")]
    profiles: Value,
}

/// A profile of a door.
#[derive(Debug, JsonSchema)]
#[expect(dead_code, reason = "describes stored JSON in the published document")]
pub struct DoorProfile {
    /// The lock server's id of it.
    visionline_door_profile_id: String,
    /// `BLE`, `commonDoor` or `touch`.
    visionline_door_profile_type: String,
}

/// Doors with what the API shows of them, in the same order.
///
/// # Errors
/// When storage fails.
pub fn shown(tx: &mut Tx<'_>, caller: &Caller, doors: Vec<Entrance>) -> Result<Vec<AcsEntrance>, engine::Error> {
    let systems: BTreeMap<AcsSystemId, systems::AcsSystem> =
        systems::list(tx, caller.workspace_id)?.into_iter().map(|system| (system.id, system)).collect();
    let ids: Vec<EntranceId> = doors.iter().map(|door| door.id).collect();
    let mut spaces: BTreeMap<EntranceId, Vec<SpaceId>> = BTreeMap::new();
    for (door, space) in space_members::spaces_of_entrances(tx, &ids)? {
        spaces.entry(door).or_default().push(space);
    }
    let shown = doors.into_iter().filter_map(|door| {
        // A door's system is in its workspace (a foreign key), so none is left out.
        let system = systems.get(&door.acs_system_id)?;
        let space_ids = spaces.remove(&door.id).unwrap_or_default();
        Some(one(system, space_ids, door))
    });
    Ok(shown.collect())
}

fn one(system: &systems::AcsSystem, space_ids: Vec<SpaceId>, door: Entrance) -> AcsEntrance {
    let category = door.category();
    let profiles = if door.profiles.is_array() { door.profiles } else { Value::Array(Vec::new()) };
    let has_radio =
        profiles.as_array().into_iter().flatten().any(|profile| profile["visionline_door_profile_type"] == "BLE");
    AcsEntrance {
        acs_entrance_id: door.id,
        acs_system_id: door.acs_system_id,
        connected_account_id: system.connected_account_id,
        workspace_id: door.workspace_id,
        display_name: door.door_name.clone(),
        created_at: Utc(door.created_at),
        space_ids,
        can_belong_to_reservation: category.is_guest(),
        can_unlock_with_card: true,
        can_unlock_with_mobile_key: has_radio && system.default_credential_manager_id.is_some(),
        can_unlock_with_code: false,
        can_unlock_with_cloud_key: false,
        visionline_metadata: DoorMetadata { door_name: door.door_name, door_category: category.as_str(), profiles },
        errors: [],
        warnings: [],
    }
}
