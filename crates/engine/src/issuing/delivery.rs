//! What follows when a key is made: it counts as issued when its phone has it, and earlier stays lose the doors.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Moment,
    id::{CarrierId, CredentialId, EntranceId, StayId},
    stay::{Claim, Rank},
    window::minute,
};
use jiff::Timestamp;
use serde_json::json;
use store::{Tx, carriers, credential_state, credentials, credentials::Credential, stays, systems::AcsSystem, tasks};

use crate::{Caller, Error, access_grants, credentials::double_bookings, event};

/// Records that the carrier is on its phone or card, with the events.
pub(super) fn delivered(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    carrier: &carriers::Carrier,
) -> Result<(), Error> {
    let Some(key) = credentials::by_ids(tx, &[carrier.credential_id])?.into_iter().next() else { return Ok(()) };
    if key.deleted_at.is_some() {
        return Ok(());
    }
    if key.issued_at.is_some() {
        event::credential(tx, moment, "acs_credential.reissued", system, &key)?;
    } else {
        credential_state::set_issued(tx, key.id, moment.now)?;
        let detail = json!({ "carrier_id": carrier.id });
        Caller::program(system.workspace_id).note(tx, moment, "acs_credential.issue", key.id, detail)?;
        let double_booked = double_bookings::since_asked(tx, &key, moment.now)?;
        event::issued(tx, moment, system, &key, &double_booked)?;
    }
    if let Some(parent_id) = key.parent_id
        && let Some(parent) = credentials::by_ids(tx, &[parent_id])?.into_iter().next()
        && parent.issued_at.is_none()
    {
        credential_state::set_issued(tx, parent.id, moment.now)?;
        let detail = json!({ "child_acs_credential_id": key.id });
        Caller::program(system.workspace_id).note(tx, moment, "acs_credential.issue", parent.id, detail)?;
        let double_booked = double_bookings::since_asked(tx, &parent, moment.now)?;
        event::issued(tx, moment, system, &parent, &double_booked)?;
    }
    access_grants::settle(tx, moment, &[key.parent_id.unwrap_or(key.id)])
}

/// A carrier the minute of whose start is reached takes its doors from every earlier stay, whether or not its phone has fetched it:
/// the lock server calls the earlier cards overridden from then on, and lets nobody join them (`spec/visionline.md`
/// 4.3). To be done for all that is looked at before anything is planned: a key that was issued anew with a door it
/// has just lost would take the door back (P4).
pub(crate) fn settle_losses(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    holders: &[CredentialId],
) -> Result<(), Error> {
    let children = credentials::children_of(tx, holders)?;
    let mut asked_at: BTreeMap<CredentialId, Timestamp> =
        credentials::by_ids(tx, holders)?.into_iter().map(|holder| (holder.id, holder.created_at)).collect();
    for child in &children {
        if let Some(asked) = child.parent_id.and_then(|parent| asked_at.get(&parent).copied()) {
            asked_at.insert(child.id, asked);
        }
    }
    // Also those that are over by now: a key of which we hear late has been in force all the same.
    let begun: BTreeMap<CarrierId, Timestamp> =
        carriers::of_credentials(tx, &asked_at.keys().copied().collect::<Vec<_>>())?
            .into_iter()
            .filter(|carrier| carrier.stage().is_live() && minute(carrier.starts_at) <= moment.now)
            .filter_map(|carrier| Some((carrier.id, asked_at.get(&carrier.credential_id).copied()?)))
            .collect();
    let held = carriers::doors_of(tx, &begun.keys().copied().collect::<Vec<_>>())?;
    let doors: BTreeSet<EntranceId> = held.iter().map(|held| held.entrance_id).collect();
    let there = stays::tenancies_at(tx, &doors.iter().copied().collect::<Vec<_>>(), moment.now)?;
    // A stay whose members are gone holds nothing any more, but its key may still be the one that was used.
    let stay_ids: BTreeSet<StayId> = held.iter().map(|held| held.stay_id).collect();
    let own = stays::tenancies_of(tx, &stay_ids.into_iter().collect::<Vec<_>>())?;
    let holding: BTreeMap<(StayId, EntranceId), Rank> = own
        .iter()
        .filter(|tenancy| tenancy.lost_at.is_none())
        .map(|tenancy| ((tenancy.stay_id, tenancy.entrance_id), tenancy.rank()))
        .collect();
    let mut losers: Vec<StayId> = Vec::new();
    for door in doors {
        let claims: Vec<Claim> = held
            .iter()
            .filter(|held| held.entrance_id == door)
            .filter_map(|held| {
                let asked_at = begun.get(&held.carrier_id).copied()?;
                Some(Claim { rank: *holding.get(&(held.stay_id, door))?, asked_at, opening: held.opening })
            })
            .collect();
        let of_door = there.iter().filter(|other| other.entrance_id == door && other.lost_at.is_none());
        let lost: Vec<StayId> = of_door
            .filter(|other| claims.iter().any(|claim| claim.takes_from(other.rank(), other.opening, moment.now)))
            .map(|other| other.stay_id)
            .collect();
        stays::lose(tx, door, &lost, moment.now)?;
        losers.extend(lost);
    }
    if losers.is_empty() { Ok(()) } else { invalidate(tx, moment, system, &losers) }
}

/// Marks the credentials of these stays that have no guest door left, each once (`spec/api.md 4.12`).
pub(super) fn invalidate(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    losers: &[StayId],
) -> Result<(), Error> {
    for stay in losers.iter().collect::<BTreeSet<_>>() {
        Caller::program(system.workspace_id).note(tx, moment, "stay.lose_doors", stay, json!({}))?;
    }
    for holder in credentials::in_stays(tx, losers)? {
        // The plan of everybody who lost a door changes.
        tasks::add(tx, moment, system.id, holder.id, moment.now)?;
        if holder.invalidated_at.is_some() || holder.deleting_at.is_some() || holds_a_door(tx, holder.id)? {
            continue;
        }
        let mut lost: Vec<Credential> = credentials::children_of(tx, &[holder.id])?;
        lost.push(holder);
        for credential in lost {
            credential_state::set_invalidated(tx, credential.id, moment.now)?;
            let program = Caller::program(system.workspace_id);
            program.note(tx, moment, "acs_credential.invalidate", credential.id, json!({}))?;
            event::credential(tx, moment, "acs_credential.invalidated", system, &credential)?;
        }
    }
    Ok(())
}

fn holds_a_door(tx: &mut Tx<'_>, holder: CredentialId) -> Result<bool, Error> {
    let doors = credentials::doors_of(tx, &[holder])?;
    let stay_ids: Vec<StayId> = doors.iter().filter_map(|door| door.stay_id).collect();
    let tenancies = stays::tenancies_of(tx, &stay_ids)?;
    Ok(tenancies.iter().any(|tenancy| {
        tenancy.lost_at.is_none()
            && doors.iter().any(|door| door.entrance_id == tenancy.entrance_id && door.stay_id == Some(tenancy.stay_id))
    }))
}
