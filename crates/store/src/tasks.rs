//! The outbox: credentials that somebody must look at, written in the transaction of the change.

use diesel::{dsl::min, prelude::*};
use domain::{
    Moment,
    id::{AcsSystemId, CredentialId, kind},
};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, OptionalTimeColumn, microseconds},
    database::RunOn,
    schema::tasks,
};

/// Asks for a look at a credential at `due_at`. Asking twice is harmless: a look reads everything anew.
///
/// # Errors
/// When the query fails.
pub fn add(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    acs_system_id: AcsSystemId,
    credential_id: CredentialId,
    due_at: Timestamp,
) -> Result<(), Error> {
    diesel::insert_into(tasks::table)
        .values((
            tasks::id.eq(moment.id::<kind::Task>().to_string()),
            tasks::acs_system_id.eq(acs_system_id.to_string()),
            tasks::credential_id.eq(credential_id.to_string()),
            tasks::due_at.eq(microseconds(due_at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("add a task"))?;
    Ok(())
}

/// Takes the credentials that are due at the site, each once, out of the outbox: what follows must be in the same
/// transaction.
///
/// # Errors
/// When the query fails.
pub fn take_due(
    tx: &mut Tx<'_>,
    acs_system_id: AcsSystemId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<CredentialId>, Error> {
    let due: Vec<(String, IdColumn<kind::Credential>)> = tasks::table
        .filter(tasks::acs_system_id.eq(acs_system_id.to_string()))
        .filter(tasks::due_at.le(microseconds(now)))
        .order((tasks::due_at, tasks::id))
        .limit(limit)
        .select((tasks::id, tasks::credential_id))
        .load_on(tx)
        .map_err(Error::during("find due tasks"))?;
    let (rows, credentials): (Vec<String>, Vec<CredentialId>) =
        due.into_iter().map(|(row, credential)| (row, CredentialId::from(credential))).unzip();
    if !rows.is_empty() {
        diesel::delete(tasks::table.filter(among(tasks::id, &rows)))
            .execute_on(tx)
            .map_err(Error::during("take tasks"))?;
    }
    let mut taken: Vec<CredentialId> = Vec::with_capacity(credentials.len());
    for credential in credentials {
        if !taken.contains(&credential) {
            taken.push(credential);
        }
    }
    Ok(taken)
}

/// When the site's next task is due.
///
/// # Errors
/// When the query fails.
pub fn next_due(tx: &mut Tx<'_>, acs_system_id: AcsSystemId) -> Result<Option<Timestamp>, Error> {
    let next: OptionalTimeColumn = tasks::table
        .filter(tasks::acs_system_id.eq(acs_system_id.to_string()))
        .select(min(tasks::due_at))
        .get_on(tx)
        .map_err(Error::during("find the next task"))?;
    Ok(next.into())
}
