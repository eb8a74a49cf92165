//! The windows of tenancies, and the place of stays: the hull and the first of their members (design 6).

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Moment, Window,
    id::{CredentialId, EntranceId, StayId},
    window::minute,
};
use jiff::Timestamp;
use store::{Tx, credentials, credentials::Credential, stays, tasks};

use crate::Error;

/// Fits the tenancies of a credential's stays to the members that are left. A tenancy without any ends now: nobody
/// can auto-join it, and it is no double booking. A stay that only later members are left in comes later in the
/// sequence of its doors, or a booking in between would take the room from them.
pub(crate) fn refit(tx: &mut Tx<'_>, holder: CredentialId, now: Timestamp) -> Result<(), Error> {
    let doors = credentials::doors_of(tx, &[holder])?;
    let stay_ids: Vec<StayId> = doors.iter().filter_map(|door| door.stay_id).collect();
    let mut members = credentials::in_stays(tx, &stay_ids)?;
    members.retain(|member| member.deleting_at.is_none() && member.revoked_at.is_none());
    let replaced = superseded(tx, &members, now)?;
    let ids: Vec<CredentialId> = members.iter().map(|member| member.id).collect();
    let mut hulls: BTreeMap<(StayId, EntranceId), Window> = BTreeMap::new();
    let mut starts: BTreeMap<StayId, Timestamp> = BTreeMap::new();
    for door in credentials::doors_of(tx, &ids)? {
        let member = members.iter().find(|member| member.id == door.credential_id);
        let (Some(stay), Some(member)) = (door.stay_id, member) else { continue };
        let window = Window { starts_at: member.starts_at, ends_at: member.ends_at };
        hulls.entry((stay, door.entrance_id)).and_modify(|hull| *hull = hull.hull(&window)).or_insert(window);
        if !replaced.contains(&member.id) {
            let start = minute(window.starts_at);
            starts.entry(stay).and_modify(|first| *first = start.min(*first)).or_insert(start);
        }
    }
    for tenancy in stays::tenancies_of(tx, &stay_ids)? {
        let start = starts.get(&tenancy.stay_id).copied().filter(|start| *start > tenancy.rank_starts_at);
        if let Some(start) = start.filter(|_| tenancy.lost_at.is_none()) {
            stays::move_to(tx, tenancy.stay_id, start)?;
            // Once for all doors of the stay.
            starts.remove(&tenancy.stay_id);
        }
        let present = tenancy.tenancy().window;
        let over = Window { starts_at: present.starts_at.min(now), ends_at: present.ends_at.min(now) };
        let hull = hulls.get(&(tenancy.stay_id, tenancy.entrance_id)).copied().unwrap_or(over);
        if hull != present {
            stays::set_window(tx, tenancy.stay_id, tenancy.entrance_id, hull)?;
        }
    }
    Ok(())
}

/// Keeps the rank of a credential's stays among the starts of their members, after one of these has changed: a booking
/// that was moved to next week comes after whoever has the room until then, and a party that arrives earlier comes
/// before whoever follows it. A stay of which some members come before the start it is ranked by and some after stays
/// where it is (`docs/decisions/0003`). Everybody at its doors is looked at, for the order of stamps may have changed.
pub(super) fn rerank(tx: &mut Tx<'_>, moment: &mut Moment, holder: CredentialId) -> Result<(), Error> {
    let doors = credentials::doors_of(tx, &[holder])?;
    let stay_ids: BTreeSet<StayId> = doors.iter().filter_map(|door| door.stay_id).collect();
    for stay in stay_ids {
        let mut members = credentials::in_stays(tx, &[stay])?;
        members.retain(|member| member.deleting_at.or(member.revoked_at).is_none());
        let starts = || members.iter().map(|member| minute(member.starts_at));
        let tenancies = stays::tenancies_of(tx, &[stay])?;
        let (Some(first), Some(last), Some(tenancy)) = (starts().min(), starts().max(), tenancies.first()) else {
            continue;
        };
        let start = tenancy.rank_starts_at.clamp(first, last);
        if start == tenancy.rank_starts_at {
            continue;
        }
        stays::set_rank_start(tx, stay, start)?;
        let there: Vec<EntranceId> = tenancies.iter().map(|tenancy| tenancy.entrance_id).collect();
        look_at_all(tx, moment, &there)?;
    }
    Ok(())
}

/// A credential was over and is not any more: whoever has taken its rooms meanwhile keeps them, and so must be looked at
/// before a key is made for it (P4).
pub(super) fn revive(tx: &mut Tx<'_>, moment: &mut Moment, holder: CredentialId) -> Result<(), Error> {
    let doors = credentials::doors_of(tx, &[holder])?;
    let rooms: Vec<EntranceId> =
        doors.iter().filter(|door| door.stay_id.is_some()).map(|door| door.entrance_id).collect();
    look_at_all(tx, moment, &rooms)
}

/// Has everybody looked at who holds one of these doors.
fn look_at_all(tx: &mut Tx<'_>, moment: &mut Moment, doors: &[EntranceId]) -> Result<(), Error> {
    let there: BTreeSet<StayId> =
        stays::tenancies_at(tx, doors, moment.now)?.into_iter().map(|tenancy| tenancy.stay_id).collect();
    for other in credentials::in_stays(tx, &there.into_iter().collect::<Vec<_>>())? {
        tasks::add(tx, moment, other.acs_system_id, other.id, moment.now)?;
    }
    Ok(())
}

/// Those of the members whose successor has begun: they may still be on a phone, but the guest has another key.
fn superseded(tx: &mut Tx<'_>, members: &[Credential], now: Timestamp) -> Result<BTreeSet<CredentialId>, Error> {
    let successors: Vec<CredentialId> = members.iter().filter_map(|member| member.replaced_by).collect();
    if successors.is_empty() {
        return Ok(BTreeSet::new());
    }
    let ahead: BTreeSet<CredentialId> = credentials::by_ids(tx, &successors)?
        .into_iter()
        .filter(|successor| minute(successor.starts_at) > now && successor.deleted_at.is_none())
        .map(|successor| successor.id)
        .collect();
    let has_begun = |member: &&Credential| member.replaced_by.is_some_and(|successor| !ahead.contains(&successor));
    Ok(members.iter().filter(has_begun).map(|member| member.id).collect())
}
