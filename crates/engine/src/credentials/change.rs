//! Changing a credential that is there: its end, and its owner.

use domain::{
    Moment, Window,
    card_format::CardFormat,
    id::{AcsUserId, CredentialId, EntranceId},
};
use serde_json::json;
use store::{
    Tx, credential_state,
    credentials::{self, CARD, Credential, CredentialDoor},
    entrances,
    systems::{self, AcsSystem},
    tasks,
};

use super::{
    double_bookings,
    hull::{refit, rerank, revive},
};
use crate::{Caller, Error, Noun, When};

/// Changes the end of the window. A mobile key is issued anew under the same ids; an issued card keeps its old end
/// until it is encoded again (`spec/api.md 4.10`).
///
/// # Errors
/// When there is no such credential, it is ending, or the new end cannot be used.
pub fn set_end(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: CredentialId,
    ends_at: When,
) -> Result<(), Error> {
    let credential = find(tx, caller, id)?;
    refuse_ending(&credential)?;
    if credential.parent_id.is_some() {
        return Err(Error::invalid("acs_credential_id", "change the parent: its children follow"));
    }
    let system = systems::get(tx, credential.acs_system_id)?;
    let ends_at = ends_at.as_end(&system, "ends_at")?;
    if ends_at <= credential.starts_at {
        return Err(Error::invalid("ends_at", "ends_at must be after starts_at"));
    }
    if ends_at <= moment.now {
        return Err(Error::invalid("ends_at", "ends_at must be in the future"));
    }
    if ends_at == credential.ends_at {
        return Ok(());
    }
    set_window(tx, moment, &credential, Window { starts_at: credential.starts_at, ends_at })?;
    let (before, after) = (json!({ "ends_at": credential.ends_at }), json!({ "ends_at": ends_at }));
    caller.note_change(tx, moment, "acs_credential.update", id, before, after)
}

/// Gives a card or a parent another window. Keys in phones are issued anew; an issued card keeps its old window until it
/// is encoded again.
///
/// # Errors
/// When the hotel refuses double bookings, and this would make one.
pub(crate) fn set_window(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    credential: &Credential,
    window: Window,
) -> Result<(), Error> {
    let system = systems::get(tx, credential.acs_system_id)?;
    let was_booked_twice = booked_twice(tx, &system, credential, moment)?;
    credential_state::set_window(tx, credential.id, window)?;
    for child in credentials::children_of(tx, &[credential.id])? {
        credential_state::set_window(tx, child.id, window)?;
    }
    if credential.access_method == CARD && credential.issued_at.is_some() && credential.needs_reissue_at.is_none() {
        credential_state::set_needs_reissue(tx, credential.id, Some(moment.now))?;
    }
    refit(tx, credential.id, moment.now)?;
    let mut booked_twice = booked_twice(tx, &system, credential, moment)?;
    booked_twice.retain(|door| !was_booked_twice.contains(door));
    double_bookings::refuse(tx, &system, &booked_twice)?;
    if window.starts_at != credential.starts_at {
        rerank(tx, moment, credential.id)?;
    }
    if credential.ends_at <= moment.now {
        revive(tx, moment, credential.id)?;
    }
    tasks::add(tx, moment, credential.acs_system_id, credential.id, moment.now)?;
    Ok(())
}

/// Adds and takes away doors that are nobody's room. Keys in phones are issued anew; an issued card opens what is on it
/// until it is encoded again.
///
/// # Errors
/// When a card of its format cannot hold so many doors.
pub(crate) fn set_common_doors(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    credential: &Credential,
    added: &[EntranceId],
    removed: &[EntranceId],
) -> Result<(), Error> {
    let present = credentials::doors_of(tx, &[credential.id])?;
    credentials::remove_doors(tx, credential.id, removed)?;
    let next = present.iter().map(|door| door.position).max().map_or(0, |last| last + 1);
    for (position, door) in (next..).zip(added) {
        let door = CredentialDoor { credential_id: credential.id, entrance_id: *door, position, stay_id: None };
        credentials::insert_door(tx, &door)?;
    }
    let ids: Vec<EntranceId> =
        credentials::doors_of(tx, &[credential.id])?.into_iter().map(|door| door.entrance_id).collect();
    let rows = entrances::by_ids(tx, &ids)?;
    let orders: Vec<i32> = rows.iter().filter(|door| door.category().is_guest()).map(|door| door.room_order).collect();
    let format = CardFormat::parse(&credential.card_format).unwrap_or(CardFormat::TlCode);
    format
        .check(&orders, rows.len() - orders.len())
        .map_err(|error| Error::invalid("acs_entrance_ids", error.to_string()))?;
    credential_state::set_revised(tx, credential.id)?;
    if credential.access_method == CARD && credential.issued_at.is_some() && credential.needs_reissue_at.is_none() {
        credential_state::set_needs_reissue(tx, credential.id, Some(moment.now))?;
    }
    Ok(tasks::add(tx, moment, credential.acs_system_id, credential.id, moment.now)?)
}

/// Links a credential that has no owner to a user. Only the link changes (`spec/api.md` open question 29).
///
/// # Errors
/// When either is unknown, they belong to different systems, or the credential has another owner.
pub fn assign(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: CredentialId,
    owner: AcsUserId,
) -> Result<(), Error> {
    let credential = find(tx, caller, id)?;
    refuse_ending(&credential)?;
    let user = crate::users::find(tx, caller, owner)?;
    if user.acs_system_id != credential.acs_system_id {
        return Err(Error::invalid(
            "acs_user_id",
            "the user belongs to another system; name a user of the credential's",
        ));
    }
    match credential.acs_user_id {
        Some(present) if present == owner => return Ok(()),
        Some(present) => {
            let message = format!("the credential belongs to ACS user {present}; unassign it first");
            return Err(Error::Conflict { message });
        }
        None => {}
    }
    credential_state::set_owner(tx, id, Some(owner))?;
    tasks::add(tx, moment, credential.acs_system_id, id, moment.now)?;
    let (before, after) = (json!({ "acs_user_id": null }), json!({ "acs_user_id": owner }));
    caller.note_change(tx, moment, "acs_credential.assign", id, before, after)
}

/// Takes the owner from a credential. The card goes on opening its doors.
///
/// # Errors
/// When either is unknown, the credential has another owner, or it is a mobile key.
pub fn unassign(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: CredentialId,
    owner: AcsUserId,
) -> Result<(), Error> {
    let credential = find(tx, caller, id)?;
    if credential.is_multi_phone || credential.parent_id.is_some() {
        let message = "a mobile key lives on its owner's phones and cannot be unassigned; delete it instead";
        return Err(Error::invalid("acs_credential_id", message));
    }
    crate::users::find(tx, caller, owner)?;
    if credential.acs_user_id != Some(owner) {
        return Err(Error::invalid("acs_user_id", "the credential does not belong to this user"));
    }
    credential_state::set_owner(tx, id, None)?;
    let (before, after) = (json!({ "acs_user_id": owner }), json!({ "acs_user_id": null }));
    caller.note_change(tx, moment, "acs_credential.unassign", id, before, after)
}

/// The doors that are booked twice, where the hotel refuses that.
fn booked_twice(
    tx: &mut Tx<'_>,
    system: &AcsSystem,
    credential: &Credential,
    moment: &Moment,
) -> Result<Vec<EntranceId>, Error> {
    if !double_bookings::is_refusing(system) {
        return Ok(Vec::new());
    }
    double_bookings::now(tx, credential, moment.now)
}

fn find(tx: &mut Tx<'_>, caller: &Caller, id: CredentialId) -> Result<Credential, Error> {
    credentials::find(tx, caller.workspace_id, id)?.ok_or_else(|| Error::not_found(Noun::AcsCredential, id))
}

fn refuse_ending(credential: &Credential) -> Result<(), Error> {
    if credential.deleting_at.is_some() || credential.revoked_at.is_some() || credential.replaced_by.is_some() {
        let message = "the credential is being deleted or replaced; create a new one instead";
        return Err(Error::invalid("acs_credential_id", message));
    }
    Ok(())
}
