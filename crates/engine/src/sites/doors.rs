//! The doors of a site, as its lock server lists them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Moment,
    id::{AcsSystemId, EntranceId},
};
use serde_json::json;
use store::{Tx, entrances, systems};

use super::settings;
use crate::{Caller, Error, event};

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

/// Records the doors that the lock server lists now: new ones are added, vanished ones removed, returned ones restored
/// under their old id, each with its event; changed categories and profiles are taken over.
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
    let program = Caller::program(system.workspace_id);
    let mut listed = BTreeSet::new();
    for (position, door) in seen.iter().enumerate() {
        if !listed.insert(&door.name) {
            continue;
        }
        if let Some(entrance) = known.remove(&door.name) {
            // The door keeps its id, whatever happened to it meanwhile: credentials name it.
            if entrance.removed_at.is_some() {
                entrances::set_removed(tx, entrance.id, None)?;
                let (before, after) = (json!({ "is_removed": true }), json!({ "is_removed": false }));
                program.note_change(tx, moment, "acs_entrance.list", entrance.id, before, after)?;
                event::entrance(tx, moment, "acs_entrance.added", &system, entrance.id)?;
            }
            let profiles = profiles_of(door);
            if entrance.door_category != door.category || entrance.profiles != profiles {
                entrances::set_details(tx, entrance.id, &door.category, &profiles)?;
                let before = json!({ "category": entrance.door_category, "profiles": entrance.profiles });
                let after = json!({ "category": door.category, "profiles": profiles });
                program.note_change(tx, moment, "acs_entrance.list", entrance.id, before, after)?;
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
            profiles: profiles_of(door),
            created_at: moment.now,
            removed_at: None,
        };
        entrances::insert(tx, &entrance)?;
        let after = json!({ "door_name": door.name, "category": door.category, "profiles": entrance.profiles });
        program.note(tx, moment, "acs_entrance.list", id, json!({ "after": after }))?;
        event::entrance(tx, moment, "acs_entrance.added", &system, id)?;
    }
    for entrance in known.into_values().filter(|door| door.removed_at.is_none()) {
        entrances::set_removed(tx, entrance.id, Some(moment.now))?;
        let (before, after) = (json!({ "is_removed": false }), json!({ "is_removed": true }));
        program.note_change(tx, moment, "acs_entrance.list", entrance.id, before, after)?;
        event::entrance(tx, moment, "acs_entrance.removed", &system, entrance.id)?;
    }
    settings::first_sync_done(tx, moment, system)
}

fn profiles_of(door: &SeenDoor) -> serde_json::Value {
    let profiles = door.profiles.iter();
    profiles
        .map(|(id, kind)| json!({ "visionline_door_profile_id": id, "visionline_door_profile_type": kind }))
        .collect()
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
