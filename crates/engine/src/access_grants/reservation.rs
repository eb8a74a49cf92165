//! One reservation, one party: which stays the credentials of a grant open or join.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Window,
    id::{AccessGrantId, AccessMethodId, AcsSystemId, CredentialId, EntranceId, StayId},
    reservation::{Member, Refusal},
};
use jiff::Timestamp;
use store::{
    Tx,
    access_grants::{self, AccessGrant},
    access_methods,
    credentials::{self, Credential},
    entrances::{self, Entrance},
    stays,
};

use crate::{Caller, Error};

/// The doors that can belong to a reservation.
pub(super) fn rooms(doors: &[Entrance]) -> BTreeSet<EntranceId> {
    doors.iter().filter(|door| door.category().is_guest()).map(|door| door.id).collect()
}

/// The live grants of a reservation as the rules see them, oldest first, but for one.
pub(super) fn members(
    tx: &mut Tx<'_>,
    caller: &Caller,
    key: Option<&str>,
    except: Option<AccessGrantId>,
) -> Result<Vec<Member>, Error> {
    let Some(key) = key else { return Ok(Vec::new()) };
    let mut grants = of_reservation(tx, caller, key)?;
    grants.retain(|grant| Some(grant.id) != except);
    let ids: Vec<AccessGrantId> = grants.iter().map(|grant| grant.id).collect();
    let doors = access_grants::doors_of(tx, &ids)?;
    let named: BTreeSet<EntranceId> = doors.iter().map(|door| door.entrance_id).collect();
    let rows = entrances::by_ids(tx, &named.into_iter().collect::<Vec<_>>())?;
    let rooms = rooms(&rows);
    let of = |grant: &AccessGrant| {
        let own = doors.iter().filter(|door| door.access_grant_id == grant.id).map(|door| door.entrance_id);
        Member { rooms: own.filter(|door| rooms.contains(door)).collect(), period: grant.period() }
    };
    Ok(grants.iter().map(of).collect())
}

/// The live grants of a reservation that the caller sees: what a customer's session calls a reservation says nothing of
/// those of others (P8).
pub(crate) fn of_reservation(tx: &mut Tx<'_>, caller: &Caller, key: &str) -> Result<Vec<AccessGrant>, Error> {
    let mut grants = access_grants::of_reservation(tx, caller.workspace_id, key)?;
    grants.retain(|grant| caller.sees_grant(grant));
    Ok(grants)
}

/// How a credential of a grant enters its rooms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// It has no rooms.
    Plain,
    /// It opens the reservation's stay.
    Open,
    /// It joins these credentials of the reservation.
    Join(Vec<CredentialId>),
}

/// Which way a new credential goes: it joins the reservation's credentials that are good for its time and opens a stay
/// where there are none, such as for the first grant of a key.
pub(super) fn way(
    tx: &mut Tx<'_>,
    caller: &Caller,
    grant: &AccessGrant,
    system: AcsSystemId,
    doors: &[Entrance],
    window: Window,
    now: Timestamp,
) -> Result<Way, Error> {
    let rooms = rooms(doors);
    let Some(key) = grant.reservation_key.as_deref().filter(|_| !rooms.is_empty()) else { return Ok(Way::Plain) };
    let mut party = party(tx, caller, key)?;
    party.retain(|credential| {
        credential.acs_system_id == system && credential.deleting_at.or(credential.deleted_at).is_none()
    });
    let ids: Vec<CredentialId> = party.iter().map(|credential| credential.id).collect();
    let held = credentials::doors_of(tx, &ids)?;
    let lost = lost_now(tx, &held, now)?;
    let stays_of = |credential: &Credential| -> BTreeMap<EntranceId, StayId> {
        let own = held.iter().filter(|door| door.credential_id == credential.id);
        own.filter_map(|door| Some((door.entrance_id, door.stay_id?)))
            .filter(|(door, stay)| rooms.contains(door) && !lost.contains(&(*door, *stay)))
            .collect()
    };

    let is_good = |credential: &&Credential| {
        let own = Window { starts_at: credential.starts_at, ends_at: credential.ends_at };
        let ended = credential.revoked_at.or(credential.invalidated_at).is_some();
        !ended && !own.is_over(now) && own.overlaps(&window)
    };
    // Newest first: if the party ever had to open a second stay, the later one is where it lives.
    let mut entered: BTreeMap<EntranceId, StayId> = BTreeMap::new();
    let mut joined = Vec::new();
    for credential in party.iter().rev().filter(is_good) {
        let stays = stays_of(credential);
        let agrees = stays.iter().all(|(door, stay)| entered.get(door).is_none_or(|other| other == stay));
        if agrees && !stays.is_empty() {
            entered.extend(stays);
            joined.push(credential.id);
        }
    }
    joined.reverse();
    let uncovered: BTreeSet<EntranceId> = rooms.iter().copied().filter(|room| !entered.contains_key(room)).collect();
    if uncovered.is_empty() {
        return Ok(Way::Join(joined));
    }
    if let Some(taken) =
        doors.iter().find(|door| lost.iter().any(|(lost, _)| *lost == door.id && uncovered.contains(lost)))
    {
        let message = format!(
            "another party has taken {} over; delete the access grants of this reservation and create them anew to take \
             it back",
            taken.door_name
        );
        return Err(Error::Conflict { message });
    }
    if joined.is_empty() { Ok(Way::Open) } else { Err(Refusal::TimesApart.into()) }
}

/// The cards and parents of the reservation's live grants, oldest first.
fn party(tx: &mut Tx<'_>, caller: &Caller, key: &str) -> Result<Vec<Credential>, Error> {
    let grants: Vec<AccessGrantId> = of_reservation(tx, caller, key)?.into_iter().map(|grant| grant.id).collect();
    let methods: Vec<AccessMethodId> = access_methods::of_grants(tx, &grants)?
        .into_iter()
        .filter(|method| method.deleting_at.is_none())
        .map(|method| method.id)
        .collect();
    let ids: Vec<CredentialId> =
        access_methods::credentials_of(tx, &methods)?.into_iter().map(|(_, credential)| credential).collect();
    Ok(credentials::by_ids(tx, &ids)?)
}

/// Which of these doors a stay has lost to another party and would still have had.
fn lost_now(
    tx: &mut Tx<'_>,
    held: &[credentials::CredentialDoor],
    now: Timestamp,
) -> Result<BTreeSet<(EntranceId, StayId)>, Error> {
    let stay_ids: BTreeSet<StayId> = held.iter().filter_map(|door| door.stay_id).collect();
    Ok(stays::tenancies_of(tx, &stay_ids.into_iter().collect::<Vec<_>>())?
        .into_iter()
        .filter(|tenancy| tenancy.lost_at.is_some() && tenancy.ends_at > now)
        .map(|tenancy| (tenancy.entrance_id, tenancy.stay_id))
        .collect())
}
