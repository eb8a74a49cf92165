//! What follows when a key reaches its phone: it counts as issued, and earlier stays lose the doors.

use domain::{
    Moment,
    id::{CarrierId, CredentialId, StayId},
    plan::CarrierState,
};
use store::{
    Tx, carriers, credential_state, credentials, credentials::Credential, stays, stays::StoredTenancy,
    systems::AcsSystem, tasks,
};

use super::scene::Surroundings;
use crate::{Error, event};

/// Records that the carrier is on its phone or card: events, and the doors that earlier stays lose by it (P4).
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
    let first = key.issued_at.is_none();
    if first {
        credential_state::set_issued(tx, key.id, moment.now)?;
    }
    event::credential(
        tx,
        moment,
        if first { "acs_credential.issued" } else { "acs_credential.reissued" },
        system,
        &key,
    )?;
    if let Some(parent_id) = key.parent_id
        && let Some(parent) = credentials::by_ids(tx, &[parent_id])?.into_iter().next()
        && parent.issued_at.is_none()
    {
        credential_state::set_issued(tx, parent.id, moment.now)?;
        event::credential(tx, moment, "acs_credential.issued", system, &parent)?;
    }
    if carrier.starts_at > moment.now {
        tasks::add(tx, moment, system.id, key.parent_id.unwrap_or(key.id), carrier.starts_at)?;
    }
    Ok(())
}

/// A carrier whose start is reached takes its doors from every earlier stay. Answers whether any lost one.
pub(super) fn settle_losses(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    around: &Surroundings,
) -> Result<bool, Error> {
    let in_force = around
        .scene
        .carriers
        .iter()
        .filter(|carrier| carrier.state == CarrierState::Live && carrier.delivered)
        .filter(|carrier| carrier.window.starts_at <= moment.now);
    let mut losers: Vec<StayId> = Vec::new();
    for carrier in in_force {
        losers.extend(take_doors(tx, moment, around, carrier.id)?);
    }
    if losers.is_empty() {
        return Ok(false);
    }
    invalidate(tx, moment, system, &losers)?;
    Ok(true)
}

fn take_doors(
    tx: &mut Tx<'_>,
    moment: &Moment,
    around: &Surroundings,
    carrier: CarrierId,
) -> Result<Vec<StayId>, Error> {
    let Some(carrier) = around.scene.carriers.iter().find(|other| other.id == carrier) else { return Ok(Vec::new()) };
    let mut losers = Vec::new();
    for (door, (stay, _)) in &carrier.guest {
        let held = |tenancy: &&StoredTenancy| tenancy.stay_id == *stay && tenancy.entrance_id == *door;
        let Some(tenancy) = around.tenancies.iter().find(held) else { continue };
        if tenancy.lost_at.is_none() {
            losers.extend(stays::lose_before(tx, *door, &tenancy.rank(), moment.now)?);
        }
    }
    Ok(losers)
}

/// Marks the credentials of these stays that have no guest door left, each once (`spec/api.md 4.12`).
fn invalidate(tx: &mut Tx<'_>, moment: &mut Moment, system: &AcsSystem, losers: &[StayId]) -> Result<(), Error> {
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
