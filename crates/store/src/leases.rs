//! Leases: which process works at a site.
//!
//! A lease saves effort; that nothing is done twice rests on the carriers' own stages. It carries an epoch, which rises
//! with each new holder: whoever was silent for too long finds its writes refused ([`is_held`]).

use diesel::prelude::*;
use domain::id::AcsSystemId;
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::{TimeColumn, microseconds},
    schema::leases,
};

/// A lease that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Rises with each new holder.
    pub epoch: i64,
    /// Whether the holder has just taken it over, from nobody or from another.
    pub is_new: bool,
}

#[derive(Queryable)]
struct Row {
    holder: String,
    epoch: i64,
    #[diesel(deserialize_as = TimeColumn)]
    expires_at: Timestamp,
}

/// Takes or renews the lease of a site until `until`; none when somebody else holds it. Who knows that nobody else is
/// there (`is_alone`) need not wait for the end of a lease that a killed process left.
///
/// # Errors
/// When the query fails.
pub fn take(
    tx: &mut Tx<'_>,
    acs_system_id: AcsSystemId,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
    is_alone: bool,
) -> Result<Option<Lease>, Error> {
    let Some(row) = find(tx, acs_system_id)? else {
        diesel::insert_into(leases::table)
            .values((
                leases::acs_system_id.eq(acs_system_id.to_string()),
                leases::holder.eq(holder),
                leases::epoch.eq(1),
                leases::expires_at.eq(microseconds(until)),
            ))
            .execute(tx.connection)
            .map_err(Error::during("make a lease"))?;
        return Ok(Some(Lease { epoch: 1, is_new: true }));
    };
    let is_new = row.holder != holder;
    if is_new && row.expires_at > now && !is_alone {
        return Ok(None);
    }
    let epoch = if is_new { row.epoch + 1 } else { row.epoch };
    diesel::update(leases::table.find(acs_system_id.to_string()))
        .set((leases::holder.eq(holder), leases::epoch.eq(epoch), leases::expires_at.eq(microseconds(until))))
        .execute(tx.connection)
        .map_err(Error::during("take a lease"))?;
    Ok(Some(Lease { epoch, is_new }))
}

/// Whether the holder of this epoch is still the last one. Its lease may have run out; as long as nobody else took it,
/// nobody else acts.
///
/// # Errors
/// When the query fails.
pub fn is_held(tx: &mut Tx<'_>, acs_system_id: AcsSystemId, holder: &str, epoch: i64) -> Result<bool, Error> {
    Ok(find(tx, acs_system_id)?.is_some_and(|row| row.holder == holder && row.epoch == epoch))
}

/// Gives the lease back, so that another process need not wait for its end.
///
/// # Errors
/// When the query fails.
pub fn release(tx: &mut Tx<'_>, acs_system_id: AcsSystemId, holder: &str, now: Timestamp) -> Result<(), Error> {
    diesel::update(leases::table.find(acs_system_id.to_string()))
        .filter(leases::holder.eq(holder))
        .set(leases::expires_at.eq(microseconds(now)))
        .execute(tx.connection)
        .map_err(Error::during("give a lease back"))?;
    Ok(())
}

fn find(tx: &mut Tx<'_>, acs_system_id: AcsSystemId) -> Result<Option<Row>, Error> {
    leases::table
        .find(acs_system_id.to_string())
        .select((leases::holder, leases::epoch, leases::expires_at))
        .get_result(tx.connection)
        .optional()
        .map_err(Error::during("find a lease"))
}
