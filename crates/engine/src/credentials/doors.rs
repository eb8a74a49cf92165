//! Which doors a new credential opens: the order of `spec/api.md 4.14`.

use std::collections::BTreeSet;

use domain::id::{CredentialId, EntranceId, StayId};
use store::{
    Tx,
    credentials::{self, Credential, CredentialDoor},
    entrances::{self, Entrance},
    stays,
    systems::AcsSystem,
    users::{self, AcsUser},
};

use super::Create;
use crate::{Caller, Error, Noun};

const FIELD: &str = "allowed_acs_entrance_ids";

/// The most doors that one credential can name. More is a mistake: no card holds as many.
pub(crate) const MOST_DOORS: usize = 2_000;

/// The doors named; else those granted to the user; else those of the credential that is replaced; else those of the
/// joined ones.
pub(super) fn resolve(
    tx: &mut Tx<'_>,
    caller: &Caller,
    system: &AcsSystem,
    asked: &Create,
    user: &AcsUser,
    former: Option<&Credential>,
    joiners: &[Credential],
) -> Result<Vec<Entrance>, Error> {
    let ids = unique(wanted(tx, asked, user, former, joiners)?);
    if ids.is_empty() {
        let message = "name the doors, or grant the user access to some with /acs/entrances/grant_access";
        return Err(Error::invalid(FIELD, message));
    }
    if ids.len() > MOST_DOORS {
        return Err(Error::invalid(FIELD, format!("Array must contain at most {MOST_DOORS} element(s)")));
    }
    let mut found = entrances::by_ids(tx, &ids)?;
    let mut resolved = Vec::with_capacity(ids.len());
    for id in ids {
        let position = found
            .iter()
            .position(|door| door.id == id && door.workspace_id == caller.workspace_id && door.removed_at.is_none());
        let door = found.swap_remove(position.ok_or_else(|| Error::not_found(Noun::AcsEntrance, id))?);
        if door.acs_system_id != system.id {
            let message = format!("entrance {id} belongs to another system; name doors of the user's system only");
            return Err(Error::invalid(FIELD, message));
        }
        resolved.push(door);
    }
    Ok(resolved)
}

fn wanted(
    tx: &mut Tx<'_>,
    asked: &Create,
    user: &AcsUser,
    former: Option<&Credential>,
    joiners: &[Credential],
) -> Result<Vec<EntranceId>, Error> {
    if !asked.entrance_ids.is_empty() {
        return Ok(asked.entrance_ids.clone());
    }
    let granted = users::standing_grants(tx, user.id)?;
    if !granted.is_empty() {
        return Ok(granted);
    }
    if let Some(former) = former {
        return of_credentials(tx, &[former.id]);
    }
    let holders: Vec<CredentialId> = joiners.iter().map(|joiner| joiner.parent_id.unwrap_or(joiner.id)).collect();
    of_credentials(tx, &holders)
}

/// The doors that the credentials still open: those that a newer stay has taken are nobody's to pass on (P4).
fn of_credentials(tx: &mut Tx<'_>, ids: &[CredentialId]) -> Result<Vec<EntranceId>, Error> {
    let doors = credentials::doors_of(tx, ids)?;
    let lost = lost(tx, &doors)?;
    let held = |door: &CredentialDoor| door.stay_id.is_none_or(|stay| !lost.contains(&(door.entrance_id, stay)));
    Ok(doors.iter().filter(|door| held(door)).map(|door| door.entrance_id).collect())
}

/// Which of the stays of these doors have lost which of the doors.
pub(crate) fn lost(tx: &mut Tx<'_>, doors: &[CredentialDoor]) -> Result<BTreeSet<(EntranceId, StayId)>, Error> {
    let stay_ids: BTreeSet<StayId> = doors.iter().filter_map(|door| door.stay_id).collect();
    Ok(stays::tenancies_of(tx, &stay_ids.into_iter().collect::<Vec<_>>())?
        .into_iter()
        .filter(|tenancy| tenancy.lost_at.is_some())
        .map(|tenancy| (tenancy.entrance_id, tenancy.stay_id))
        .collect())
}

/// Each id once, in the order in which they were named.
pub(crate) fn unique(ids: Vec<EntranceId>) -> Vec<EntranceId> {
    let mut seen = BTreeSet::new();
    ids.into_iter().filter(|id| seen.insert(*id)).collect()
}
