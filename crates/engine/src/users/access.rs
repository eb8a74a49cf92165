//! What a user may open: grants made beforehand, the end of all access, suspension.

use std::collections::BTreeSet;

use domain::{
    Moment,
    id::{AcsUserId, EntranceId},
};
use jiff::Timestamp;
use serde_json::json;
use store::{
    Tx, credential_state,
    credentials::{self, CARD, Credential},
    entrances::{self, Entrance},
    stays, systems, tasks,
    users::{self, AcsUser},
};

use super::{find, look_at_credentials_of};
use crate::{Caller, Error, Noun, credentials::refit, event};

/// Grants a door to a user beforehand. It moves no key by itself: the next credential without doors takes it
/// (`spec/api.md 4.14`).
///
/// # Errors
/// When either is unknown, or they belong to different systems.
pub fn grant(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    user: AcsUserId,
    entrance: EntranceId,
) -> Result<(), Error> {
    let user = find(tx, caller, user)?;
    let door = entrances::find(tx, caller.workspace_id, entrance)?
        .ok_or_else(|| Error::not_found(Noun::AcsEntrance, entrance))?;
    if door.acs_system_id != user.acs_system_id {
        let message = "the entrance belongs to another system than the user; name a door of the user's system";
        return Err(Error::invalid("acs_entrance_id", message));
    }
    users::grant(tx, user.id, door.id, moment.now)?;
    caller.note(tx, moment, "acs_entrance.grant_access", door.id, json!({ "acs_user_id": user.id }))
}

/// Ends all access of a user: grants made beforehand are forgotten, and every key is taken back. The credentials stay
/// as records that are not valid any more (`spec/api.md 4.14`). Doing so again changes nothing.
///
/// # Errors
/// When there is no such user.
pub fn revoke_all(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, user: AcsUserId) -> Result<(), Error> {
    let user = find(tx, caller, user)?;
    let system = systems::get(tx, user.acs_system_id)?;
    let before = json!({ "granted_acs_entrance_ids": users::standing_grants(tx, user.id)? });
    users::revoke_grants(tx, user.id)?;
    let mut revoked_ids = Vec::new();
    for holder in credentials::of_user(tx, user.id)? {
        if holder.deleting_at.is_some() || holder.revoked_at.is_some() {
            continue;
        }
        let mut revoked: Vec<Credential> = credentials::children_of(tx, &[holder.id])?;
        revoked.push(holder.clone());
        for credential in &revoked {
            credential_state::set_revoked(tx, credential.id, moment.now)?;
            if credential.invalidated_at.is_none() {
                credential_state::set_invalidated(tx, credential.id, moment.now)?;
                event::credential(tx, moment, "acs_credential.invalidated", &system, credential)?;
            }
        }
        tasks::add(tx, moment, system.id, holder.id, moment.now)?;
        revoked_ids.push(holder.id);
    }
    // After all of them: a stay that moved to a later place, because one of two was left, would not come back.
    for holder in &revoked_ids {
        refit(tx, *holder, moment.now)?;
    }
    let after = json!({ "granted_acs_entrance_ids": [], "revoked_acs_credential_ids": revoked_ids });
    caller.note_change(tx, moment, "acs_user.revoke_access_to_all_entrances", user.id, before, after)
}

/// The doors a user may open: those granted beforehand, and those of the user's valid credentials, by name.
///
/// # Errors
/// When storage fails.
pub fn accessible_entrances(tx: &mut Tx<'_>, users: &[AcsUser], now: Timestamp) -> Result<Vec<Entrance>, Error> {
    let mut ids: BTreeSet<EntranceId> = BTreeSet::new();
    for user in users {
        ids.extend(users::standing_grants(tx, user.id)?);
        for holder in credentials::of_user(tx, user.id)? {
            let ended = holder.deleting_at.or(holder.revoked_at).or(holder.invalidated_at).is_some();
            if !ended && holder.ends_at > now && !user.is_suspended {
                ids.extend(doors_not_lost(tx, &holder)?);
            }
        }
    }
    let mut doors = entrances::by_ids(tx, &ids.into_iter().collect::<Vec<_>>())?;
    doors.retain(|door| door.removed_at.is_none());
    doors.sort_by_key(|door| (door.created_at, door.id));
    Ok(doors)
}

fn doors_not_lost(tx: &mut Tx<'_>, holder: &Credential) -> Result<Vec<EntranceId>, Error> {
    let doors = credentials::doors_of(tx, &[holder.id])?;
    let stay_ids: Vec<_> = doors.iter().filter_map(|door| door.stay_id).collect();
    let lost: BTreeSet<_> = stays::tenancies_of(tx, &stay_ids)?
        .into_iter()
        .filter(|tenancy| tenancy.lost_at.is_some())
        .map(|tenancy| (tenancy.stay_id, tenancy.entrance_id))
        .collect();
    Ok(doors
        .into_iter()
        .filter(|door| door.stay_id.is_none_or(|stay| !lost.contains(&(stay, door.entrance_id))))
        .map(|door| door.entrance_id)
        .collect())
}

/// Takes a user's keys back for a time, or gives them again. Plastic cards cannot be called back; when the user
/// returns they must be encoded again (`spec/api.md 4.21`).
///
/// # Errors
/// When there is no such user.
pub fn set_suspended(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    user: AcsUserId,
    is_suspended: bool,
) -> Result<(), Error> {
    let mut user = find(tx, caller, user)?;
    if user.is_suspended == is_suspended {
        return Ok(());
    }
    user.is_suspended = is_suspended;
    users::update(tx, &user)?;
    if !is_suspended {
        for card in credentials::of_user(tx, user.id)? {
            if card.access_method == CARD && card.issued_at.is_some() && card.needs_reissue_at.is_none() {
                credential_state::set_needs_reissue(tx, card.id, Some(moment.now))?;
            }
        }
    }
    look_at_credentials_of(tx, moment, user.id)?;
    let action = if is_suspended { "acs_user.suspend" } else { "acs_user.unsuspend" };
    let (before, after) = (json!({ "is_suspended": !is_suspended }), json!({ "is_suspended": is_suspended }));
    caller.note_change(tx, moment, action, user.id, before, after)
}
