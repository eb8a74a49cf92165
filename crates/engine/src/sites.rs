//! Workspaces, sites, and what a lock server says of its doors.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Moment,
    id::{AcsSystemId, ApiKeyId, ConnectedAccountId, EntranceId, WorkspaceId},
};
use serde_json::json;
use store::{
    Tx, entrances,
    systems::{self, AcsSystem, CREDENTIAL_MANAGER, ConnectedAccount, VISIONLINE},
    workspaces::{self, ApiKey, Workspace},
};

use crate::{Error, event};

/// A sandbox workspace to be made: one hotel and one credential manager.
#[derive(Debug, Clone)]
pub struct NewSandbox {
    /// Name of the workspace.
    pub workspace_name: String,
    /// Name of the site; `%SITENAME%` on labels.
    pub site_name: String,
    /// IANA name of the site's time zone.
    pub time_zone: String,
    /// The API key that opens the workspace.
    pub api_key: NewApiKey,
}

/// An API key to be stored: the secret part only as a hash.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// The part by which it is found.
    pub short_token: String,
    /// SHA-256 of the secret part, hexadecimal.
    pub long_token_sha256: String,
}

/// What a sandbox consists of.
#[derive(Debug, Clone, Copy)]
pub struct Sandbox {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The site.
    pub acs_system_id: AcsSystemId,
    /// The credential manager.
    pub credential_manager_id: AcsSystemId,
}

/// A door as the lock server lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenDoor {
    /// Name, the key by which it is addressed.
    pub name: String,
    /// Category, in the lock server's words.
    pub category: String,
    /// Profiles: id and type.
    pub profiles: Vec<(String, String)>,
}

/// Makes a sandbox workspace.
///
/// # Errors
/// When storage fails.
pub fn create_sandbox(tx: &mut Tx<'_>, moment: &mut Moment, new: &NewSandbox) -> Result<Sandbox, Error> {
    let workspace_id: WorkspaceId = moment.id();
    let created_at = moment.now;
    let name = new.workspace_name.clone();
    workspaces::insert(tx, &Workspace { id: workspace_id, name, is_sandbox: true, created_at })?;
    set_api_key(tx, moment, workspace_id, &new.api_key)?;
    let manager =
        add_system(tx, moment, workspace_id, CREDENTIAL_MANAGER, "ASSA ABLOY Credential Services", None, None)?;
    let zone = Some(new.time_zone.clone());
    let site = add_system(tx, moment, workspace_id, VISIONLINE, &new.site_name, zone, Some(manager.id))?;
    Ok(Sandbox { workspace_id, acs_system_id: site.id, credential_manager_id: manager.id })
}

/// The one sandbox of this database, when there is one.
///
/// # Errors
/// When storage fails.
pub fn find_sandbox(tx: &mut Tx<'_>) -> Result<Option<Sandbox>, Error> {
    let Some(workspace) = workspaces::list(tx)?.into_iter().find(|workspace| workspace.is_sandbox) else {
        return Ok(None);
    };
    let all = systems::list(tx, workspace.id)?;
    let of_kind = |kind| all.iter().find(|system| system.kind == kind).map(|system| system.id);
    Ok(of_kind(VISIONLINE).zip(of_kind(CREDENTIAL_MANAGER)).map(|(acs_system_id, credential_manager_id)| Sandbox {
        workspace_id: workspace.id,
        acs_system_id,
        credential_manager_id,
    }))
}

/// Stores an API key, unless it is there already.
///
/// # Errors
/// When storage fails.
pub fn set_api_key(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    workspace_id: WorkspaceId,
    key: &NewApiKey,
) -> Result<(), Error> {
    if workspaces::find_api_key(tx, &key.short_token)?
        .is_some_and(|known| known.long_token_sha256 == key.long_token_sha256)
    {
        return Ok(());
    }
    let id: ApiKeyId = moment.id();
    let key = ApiKey {
        id,
        workspace_id,
        name: "first key".to_owned(),
        short_token: key.short_token.clone(),
        long_token_sha256: key.long_token_sha256.clone(),
        created_at: moment.now,
        revoked_at: None,
    };
    Ok(workspaces::insert_api_key(tx, &key)?)
}

fn add_system(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    workspace_id: WorkspaceId,
    kind: &str,
    name: &str,
    time_zone: Option<String>,
    manager: Option<AcsSystemId>,
) -> Result<AcsSystem, Error> {
    let account_id: ConnectedAccountId = moment.id();
    let is_site = kind == VISIONLINE;
    let account = ConnectedAccount {
        id: account_id,
        workspace_id,
        account_type: if is_site { "visionline" } else { CREDENTIAL_MANAGER }.to_owned(),
        display_name: name.to_owned(),
        created_at: moment.now,
    };
    systems::insert_account(tx, &account)?;
    let system = AcsSystem {
        id: moment.id(),
        workspace_id,
        connected_account_id: account_id,
        kind: kind.to_owned(),
        name: name.to_owned(),
        time_zone,
        default_credential_manager_id: manager,
        lan_address: None,
        mobile_access_uuid: is_site.then(|| "1".to_owned()),
        system_id: is_site.then(|| "1".to_owned()),
        settings: json!({}),
        last_opening: 0,
        errors: json!([]),
        warnings: json!([]),
        created_at: moment.now,
    };
    systems::insert(tx, &system)?;
    event::system(tx, moment, "acs_system.added", &system)?;
    event::system(tx, moment, "acs_system.connected", &system)?;
    Ok(system)
}

/// Records the doors that the lock server lists now: new ones are added, vanished ones removed, returned ones restored,
/// each with its event.
///
/// # Errors
/// When storage fails.
pub fn record_doors(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system_id: AcsSystemId,
    seen: &[SeenDoor],
) -> Result<(), Error> {
    let system = systems::get(tx, system_id)?;
    let mut known: BTreeMap<String, entrances::Entrance> =
        entrances::of_system(tx, system_id)?.into_iter().map(|door| (door.door_name.clone(), door)).collect();
    let mut listed = BTreeSet::new();
    for (position, door) in seen.iter().enumerate() {
        if !listed.insert(&door.name) {
            continue;
        }
        if let Some(entrance) = known.remove(&door.name) {
            if entrance.removed_at.is_some() {
                entrances::set_removed(tx, entrance.id, None)?;
                event::entrance(tx, moment, "acs_entrance.added", &system, entrance.id)?;
            }
            continue;
        }
        let id: EntranceId = moment.id();
        let entrance = entrances::Entrance {
            id,
            workspace_id: system.workspace_id,
            acs_system_id: system_id,
            door_name: door.name.clone(),
            door_category: door.category.clone(),
            room_order: room_order(&door.name, position),
            profiles: door
                .profiles
                .iter()
                .map(|(id, kind)| json!({ "visionline_door_profile_id": id, "visionline_door_profile_type": kind }))
                .collect(),
            created_at: moment.now,
            removed_at: None,
        };
        entrances::insert(tx, &entrance)?;
        event::entrance(tx, moment, "acs_entrance.added", &system, id)?;
    }
    for entrance in known.into_values().filter(|door| door.removed_at.is_none()) {
        entrances::set_removed(tx, entrance.id, Some(moment.now))?;
        event::entrance(tx, moment, "acs_entrance.removed", &system, entrance.id)?;
    }
    Ok(())
}

/// A door's place in the room order. Visionline numbers its doors, so a numeric name is its own place; other doors
/// follow in the order of the list, behind all numbers.
fn room_order(name: &str, position: usize) -> i32 {
    const BEHIND_ALL_NUMBERS: i32 = 1_000_000_000;
    match name.parse::<i32>() {
        Ok(number) if (0..BEHIND_ALL_NUMBERS).contains(&number) => number,
        _ => BEHIND_ALL_NUMBERS.saturating_add(i32::try_from(position).unwrap_or(0).saturating_mul(2)),
    }
}
