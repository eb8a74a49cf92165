//! Figures for those who watch the program: counted when they are asked for.

use diesel::{dsl::count_star, prelude::*};
use domain::id::AcsSystemId;
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::microseconds,
    database::RunOn,
    schema::{audit, carriers, tasks, tenancies},
};

/// How many carriers of the site the worker has still to look at, by stage.
///
/// # Errors
/// When the query fails.
pub fn waiting_carriers(tx: &mut Tx<'_>, system_id: AcsSystemId) -> Result<Vec<(String, i64)>, Error> {
    carriers::table
        .filter(carriers::acs_system_id.eq(system_id.to_string()))
        .filter(carriers::due_at.is_not_null())
        .group_by(carriers::stage)
        .select((carriers::stage, count_star()))
        .load_on(tx)
        .map_err(Error::during("count waiting carriers"))
}

/// How many entries of the outbox are due at the site.
///
/// # Errors
/// When the query fails.
pub fn due_tasks(tx: &mut Tx<'_>, system_id: AcsSystemId, now: Timestamp) -> Result<i64, Error> {
    tasks::table
        .filter(tasks::acs_system_id.eq(system_id.to_string()))
        .filter(tasks::due_at.le(microseconds(now)))
        .count()
        .get_on(tx)
        .map_err(Error::during("count due tasks"))
}

/// How often a guest door was taken from a party during its own time, since this instant.
///
/// # Errors
/// When the query fails.
pub fn taken_doors(tx: &mut Tx<'_>, since: Timestamp) -> Result<i64, Error> {
    tenancies::table
        .filter(tenancies::lost_at.is_not_null())
        .filter(tenancies::lost_at.ge(microseconds(since)))
        .filter(tenancies::lost_at.ge(tenancies::starts_at.nullable()))
        .filter(tenancies::lost_at.lt(tenancies::ends_at.nullable()))
        .count()
        .get_on(tx)
        .map_err(Error::during("count doors that were taken"))
}

/// How many lines of the audit log are not sealed yet.
///
/// # Errors
/// When the query fails.
pub fn unsealed_lines(tx: &mut Tx<'_>) -> Result<i64, Error> {
    audit::table
        .filter(audit::sequence.is_null())
        .count()
        .get_on(tx)
        .map_err(Error::during("count what is to be sealed"))
}
