//! Who can open a door: `spec/api.md 4.13`, judged per door as design 6 says.

use std::collections::BTreeSet;

use domain::id::{CredentialId, EntranceId, StayId};
use jiff::Timestamp;
use store::{
    Tx,
    credentials::{self, Credential},
    entrances, stays,
};

use super::{View, views};
use crate::{Caller, Error, Noun};

/// Cards and parents that are looked at together. Databases bind a limited number of values per query, and a door that
/// everybody passes is held by very many.
const BATCH: usize = 1_000;

/// The credentials that hold a door, oldest first: cards, parents and children. `valid_only` leaves out those that are
/// invalid, and those whose stay has lost this very door though it may hold others. A fixed number of queries for
/// every thousand cards and parents.
///
/// # Errors
/// When there is no such door, or storage fails.
pub fn with_access(
    tx: &mut Tx<'_>,
    caller: &Caller,
    door: EntranceId,
    valid_only: bool,
    now: Timestamp,
) -> Result<Vec<View>, Error> {
    entrances::find(tx, caller.workspace_id, door)?
        .filter(|door| caller.sees_entrance(door))
        .ok_or_else(|| Error::not_found(Noun::AcsEntrance, door))?;
    let mut holders = credentials::holding(tx, caller.workspace_id, door, valid_only.then_some(now))?;
    holders.retain(|(credential, _)| caller.sees_credential(credential));
    let mut found: Vec<View> = Vec::with_capacity(holders.len());
    for batch in holders.chunks(BATCH) {
        let lost = if valid_only { lost_by(tx, door, batch)? } else { BTreeSet::new() };
        let kept = batch.iter().filter(|(_, stay)| stay.is_none_or(|stay| !lost.contains(&stay)));
        let mut rows: Vec<Credential> = kept.map(|(credential, _)| credential.clone()).collect();
        let parents: Vec<CredentialId> = rows.iter().filter(|row| row.is_multi_phone).map(|row| row.id).collect();
        rows.extend(credentials::children_of(tx, &parents)?);
        found.extend(views(tx, rows, now)?);
    }
    found.retain(|view| !valid_only || view.is_valid);
    found.sort_by_key(|view| (view.credential.created_at, view.credential.id));
    Ok(found)
}

/// Those of the holders' stays that have lost the door.
fn lost_by(
    tx: &mut Tx<'_>,
    door: EntranceId,
    holders: &[(Credential, Option<StayId>)],
) -> Result<BTreeSet<StayId>, Error> {
    let stay_ids: BTreeSet<StayId> = holders.iter().filter_map(|(_, stay)| *stay).collect();
    let tenancies = stays::tenancies_of(tx, &stay_ids.into_iter().collect::<Vec<_>>())?;
    let lost = tenancies.into_iter().filter(|tenancy| tenancy.entrance_id == door && tenancy.lost_at.is_some());
    Ok(lost.map(|tenancy| tenancy.stay_id).collect())
}
