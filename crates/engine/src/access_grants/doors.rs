//! Changing what a grant opens. Its rooms are fixed (`spec/api.md` open question 20): other rooms are another stay. The
//! gym, the garage and whatever else is nobody's room come and go with the guest's wishes.

use std::collections::BTreeSet;

use domain::{
    Moment,
    id::{AcsSystemId, EntranceId, SpaceId},
    reservation::Refusal,
};
use serde_json::json;
use store::{
    Tx,
    access_grants::{self, AccessGrant},
    access_methods::{self, AccessMethod},
    credentials::{self, CARD},
    entrances::Entrance,
};

use super::{
    create::{doors, doors_of},
    event, methods, reservation,
    settle::{is_dead, settle_grant},
    update::Update,
};
use crate::{Caller, Error, credentials::set_common_doors};

/// What a grant is to open instead.
pub(super) struct Other {
    added: Vec<Entrance>,
    removed: Vec<EntranceId>,
    /// The spaces that are named now, if any were.
    spaces: Option<Vec<SpaceId>>,
}

/// What the request makes of the doors; none when it says nothing of them.
pub(super) fn other(
    tx: &mut Tx<'_>,
    caller: &Caller,
    grant: &AccessGrant,
    asked: &Update,
) -> Result<Option<Other>, Error> {
    let names_spaces = asked.space_ids.is_some() || asked.space_keys.is_some();
    if asked.entrance_ids.is_none() && !names_spaces {
        return Ok(None);
    }
    let (ids, keys) = (asked.space_ids.as_deref(), asked.space_keys.as_deref());
    let spaces = crate::spaces::expand(tx, caller, ids.unwrap_or_default(), keys.unwrap_or_default())?;
    let present = doors_of(tx, grant)?;
    let named: Vec<EntranceId> = asked.entrance_ids.iter().flatten().chain(&spaces.entrances).copied().collect();
    if named.is_empty() && grant.reservation_key.is_some() {
        return Err(Refusal::EntrancesDiffer.into());
    }
    let wanted = doors(tx, caller, named)?;
    if reservation::rooms(&wanted) != reservation::rooms(&present) {
        let has_key = grant.reservation_key.is_some();
        return Err(if has_key { Refusal::EntrancesDiffer } else { Refusal::KeyRequired }.into());
    }
    let systems = |doors: &[Entrance]| doors.iter().map(|door| door.acs_system_id).collect::<BTreeSet<AcsSystemId>>();
    if systems(&wanted) != systems(&present) {
        let message = "an access grant keeps the access systems that it was made for; create one of its own for the \
                       entrances of another";
        return Err(Error::invalid("acs_entrance_ids", message));
    }
    let ids = |doors: &[Entrance]| doors.iter().map(|door| door.id).collect::<BTreeSet<EntranceId>>();
    let (before, after) = (ids(&present), ids(&wanted));
    Ok(Some(Other {
        added: wanted.into_iter().filter(|door| !before.contains(&door.id)).collect(),
        removed: present.iter().map(|door| door.id).filter(|id| !after.contains(id)).collect(),
        spaces: names_spaces.then_some(spaces.spaces),
    }))
}

/// Gives a grant and its keys these doors.
pub(super) fn change(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    grant: &AccessGrant,
    other: &Other,
) -> Result<(), Error> {
    if let Some(spaces) = &other.spaces {
        access_grants::remove_spaces(tx, grant.id)?;
        for space in spaces {
            access_grants::insert_space(tx, grant.id, *space)?;
        }
    }
    if other.added.is_empty() && other.removed.is_empty() {
        return Ok(());
    }
    let there = access_grants::doors_of(tx, &[grant.id])?;
    let next = there.iter().map(|door| door.position).max().map_or(0, |last| last + 1);
    for (position, door) in (next..).zip(&other.added) {
        access_grants::insert_door(tx, grant.id, door.id, position)?;
    }
    for door in there.iter().filter(|door| other.removed.contains(&door.entrance_id)) {
        access_grants::remove_door(tx, grant.id, door.entrance_id)?;
        if door.granted_at.is_some() {
            event::door(tx, moment, "access_grant.access_to_door_lost", grant, door.entrance_id)?;
        }
    }
    let detail = json!({
        "added_acs_entrance_ids": other.added.iter().map(|door| door.id).collect::<Vec<_>>(),
        "removed_acs_entrance_ids": other.removed,
    });
    caller.note(tx, moment, "access_grant.change_doors", grant.id, detail)?;
    for method in access_methods::of_grants(tx, &[grant.id])? {
        if method.deleting_at.is_none() {
            change_method(tx, moment, grant, method, other)?;
        }
    }
    settle_grant(tx, moment, grant.id)
}

/// Gives the keys of a method the doors of their site. What was issued is revoked until it is issued anew.
fn change_method(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    grant: &AccessGrant,
    method: AccessMethod,
    other: &Other,
) -> Result<(), Error> {
    // When a key is late counts from now on.
    let asked_at = if method.mode == CARD { method.asked_at } else { moment.now };
    let mut next = AccessMethod { asked_at, delayed_at: None, failed_at: None, ..method.clone() };
    let mut is_changed = false;
    let ids: Vec<_> =
        access_methods::credentials_of(tx, &[method.id])?.into_iter().map(|(_, credential)| credential).collect();
    for credential in credentials::by_ids(tx, &ids)? {
        let own = other.added.iter().filter(|door| door.acs_system_id == credential.acs_system_id);
        let added: Vec<EntranceId> = own.map(|door| door.id).collect();
        let held = credentials::doors_of(tx, &[credential.id])?;
        let has = |door: &EntranceId| held.iter().any(|held| held.entrance_id == *door);
        let removed: Vec<EntranceId> = other.removed.iter().copied().filter(has).collect();
        // Doors are taken also from a key that has lost its rooms: it opens them until it is over.
        let nothing_comes_of_it = is_dead(&credential) && removed.is_empty();
        let ended = credential.deleted_at.or(credential.deleting_at).or(credential.revoked_at).is_some();
        if ended || nothing_comes_of_it || (added.is_empty() && removed.is_empty()) {
            continue;
        }
        is_changed = true;
        set_common_doors(tx, moment, &credential, &added, &removed)?;
        if method.mode != CARD {
            methods::watch(tx, moment, credential.acs_system_id, credential.id, &next, credential.starts_at)?;
        }
    }
    if !is_changed {
        return Ok(());
    }
    if next.issued_at.take().is_some() {
        event::method(tx, moment, "access_method.revoked", grant, method.id, json!({}))?;
    }
    Ok(access_methods::update(tx, &next)?)
}
