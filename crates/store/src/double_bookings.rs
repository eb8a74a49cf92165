//! Stays of different parties that overlap in time at one door.

use diesel::prelude::*;
use domain::id::{CredentialId, EntranceId, StayId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::{IdColumn, microseconds},
    database::RunOn,
    schema::{credential_doors, tenancies},
};

/// The other stays that overlap the credential's own at its guest doors, each with the door: those that still hold it,
/// and those that lost it at `lost_since` or later. One query; `credential` is a card or a parent.
///
/// # Errors
/// When the query fails.
pub fn rivals(
    tx: &mut Tx<'_>,
    credential: CredentialId,
    now: Timestamp,
    lost_since: Timestamp,
) -> Result<Vec<(EntranceId, StayId)>, Error> {
    let others = diesel::alias!(tenancies as others);
    let own = tenancies::entrance_id
        .eq(credential_doors::entrance_id)
        .and(tenancies::stay_id.nullable().eq(credential_doors::stay_id));
    let (stay, door) = (others.field(tenancies::stay_id), others.field(tenancies::entrance_id));
    let (starts_at, ends_at) = (others.field(tenancies::starts_at), others.field(tenancies::ends_at));
    let lost_at = others.field(tenancies::lost_at);
    let pairs: Vec<(IdColumn<kind::Entrance>, IdColumn<kind::Stay>)> = credential_doors::table
        .inner_join(tenancies::table.on(own))
        .inner_join(others.on(door.eq(credential_doors::entrance_id)))
        .filter(credential_doors::credential_id.eq(credential.to_string()))
        .filter(tenancies::lost_at.is_null())
        .filter(stay.ne(tenancies::stay_id))
        .filter(lost_at.is_null().or(lost_at.ge(microseconds(lost_since)).assume_not_null()))
        .filter(ends_at.gt(microseconds(now)))
        .filter(starts_at.lt(tenancies::ends_at))
        .filter(ends_at.gt(tenancies::starts_at))
        .order((credential_doors::position, stay))
        .select((door, stay))
        .load_on(tx)
        .map_err(Error::during("find double bookings"))?;
    Ok(pairs.into_iter().map(|(door, stay)| (door.into(), stay.into())).collect())
}
