//! Double bookings: two parties at one door at the same time. Allowed, because the API that we copy allows it, but
//! reported (design 6); a hotel can choose to refuse them.

use std::collections::BTreeSet;

use domain::id::{CredentialId, EntranceId, StayId};
use jiff::Timestamp;
use store::{
    Tx,
    credentials::{self, Credential},
    double_bookings, entrances,
    systems::AcsSystem,
};

use crate::{
    Error,
    acs_systems::{DoubleBookings, Settings},
};

/// The guest doors at which the credential's stay and another party's are both booked for the same time.
///
/// # Errors
/// When storage fails.
pub fn now(tx: &mut Tx<'_>, credential: &Credential, now: Timestamp) -> Result<Vec<EntranceId>, Error> {
    // Nothing is lost as late as this.
    of(tx, credential, now, Timestamp::MAX)
}

/// [`now`], and the doors that the other party has lost since the credential was asked for: a key that was issued may
/// have ended the double booking by taking the door.
pub(crate) fn since_asked(tx: &mut Tx<'_>, credential: &Credential, now: Timestamp) -> Result<Vec<EntranceId>, Error> {
    of(tx, credential, now, credential.created_at)
}

/// Refuses a stay that would book these doors twice, where the hotel has chosen so. The doors are those at which the
/// stay is opened or made longer: who joins a stay has the right of those who are in it.
///
/// # Errors
/// When there is such a door and the hotel refuses.
pub(crate) fn refuse(tx: &mut Tx<'_>, system: &AcsSystem, booked_twice: &[EntranceId]) -> Result<(), Error> {
    if booked_twice.is_empty() || !is_refusing(system) {
        return Ok(());
    }
    let rows = entrances::by_ids(tx, booked_twice)?;
    let name = |id: &EntranceId| rows.iter().find(|door| door.id == *id).map(|door| door.door_name.as_str());
    let names: Vec<&str> = booked_twice.iter().filter_map(name).collect();
    let message = format!(
        "another party has {} for some of this time, and this hotel refuses double bookings; choose other doors or \
         times, join the other party's credential, or delete it first",
        names.join(", ")
    );
    Err(Error::Conflict { message })
}

/// Whether the hotel refuses double bookings.
pub(crate) fn is_refusing(system: &AcsSystem) -> bool {
    Settings::of(system).double_bookings == DoubleBookings::Refuse
}

fn of(
    tx: &mut Tx<'_>,
    credential: &Credential,
    now: Timestamp,
    lost_since: Timestamp,
) -> Result<Vec<EntranceId>, Error> {
    let holder = credential.parent_id.unwrap_or(credential.id);
    let mut rivals = double_bookings::rivals(tx, holder, now, lost_since)?;
    if rivals.is_empty() {
        return Ok(Vec::new());
    }
    // A stay whose last keys are being replaced is about to be left, such as a returning guest's own former one.
    let stays: BTreeSet<StayId> = rivals.iter().map(|(_, stay)| *stay).collect();
    let mut members = credentials::in_stays(tx, &stays.into_iter().collect::<Vec<_>>())?;
    members.retain(|member| member.deleting_at.or(member.revoked_at).is_none() && member.replaced_by.is_none());
    let held = credentials::doors_of(tx, &members.iter().map(|member| member.id).collect::<Vec<CredentialId>>())?;
    rivals.retain(|(door, stay)| held.iter().any(|held| held.entrance_id == *door && held.stay_id == Some(*stay)));
    let mut doors: Vec<EntranceId> = rivals.into_iter().map(|(door, _)| door).collect();
    doors.dedup();
    Ok(doors)
}
