//! Removing what was read from a lock server, when its account is removed. Rows stay, marked: events and the audit log
//! name them.

use diesel::prelude::*;
use domain::id::{AcsSystemId, EncoderId, EntranceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::{IdColumn, microseconds},
    credentials::Credential,
    database::RunOn,
    schema::{
        acs_systems, acs_users, carriers, credentials, encoders, endpoints, entrances, leases, standing_grants, tasks,
    },
    users::AcsUser,
};

/// Removes the live credentials of a site; answers them as they were, children first.
///
/// # Errors
/// When the query fails.
pub fn credentials(tx: &mut Tx<'_>, system: AcsSystemId, at: Timestamp) -> Result<Vec<Credential>, Error> {
    let mut found: Vec<Credential> = credentials::table
        .filter(credentials::acs_system_id.eq(system.to_string()))
        .filter(credentials::deleted_at.is_null())
        .order((credentials::created_at, credentials::id))
        .load_on(tx)
        .map_err(Error::during("find the credentials of a site"))?;
    found.sort_by_key(|credential| credential.parent_id.is_none());
    diesel::update(credentials::table)
        .filter(credentials::acs_system_id.eq(system.to_string()))
        .filter(credentials::deleted_at.is_null())
        .set(credentials::deleted_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("remove the credentials of a site"))?;
    Ok(found)
}

/// Removes the live users of a site with their standing grants; answers them as they were.
///
/// # Errors
/// When the query fails.
pub fn users(tx: &mut Tx<'_>, system: AcsSystemId, at: Timestamp) -> Result<Vec<AcsUser>, Error> {
    let found: Vec<AcsUser> = acs_users::table
        .filter(acs_users::acs_system_id.eq(system.to_string()))
        .filter(acs_users::deleted_at.is_null())
        .order((acs_users::created_at, acs_users::id))
        .load_on(tx)
        .map_err(Error::during("find the users of a site"))?;
    let all = acs_users::table.filter(acs_users::acs_system_id.eq(system.to_string())).select(acs_users::id);
    diesel::delete(standing_grants::table.filter(standing_grants::acs_user_id.eq_any(all)))
        .execute_on(tx)
        .map_err(Error::during("remove the standing grants of a site"))?;
    diesel::update(acs_users::table)
        .filter(acs_users::acs_system_id.eq(system.to_string()))
        .filter(acs_users::deleted_at.is_null())
        .set(acs_users::deleted_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("remove the users of a site"))?;
    Ok(found)
}

/// Removes the doors of a site that are there; answers their ids.
///
/// # Errors
/// When the query fails.
pub fn entrances(tx: &mut Tx<'_>, system: AcsSystemId, at: Timestamp) -> Result<Vec<EntranceId>, Error> {
    let found: Vec<IdColumn<kind::Entrance>> = entrances::table
        .filter(entrances::acs_system_id.eq(system.to_string()))
        .filter(entrances::removed_at.is_null())
        .order((entrances::created_at, entrances::id))
        .select(entrances::id)
        .load_on(tx)
        .map_err(Error::during("find the doors of a site"))?;
    diesel::update(entrances::table)
        .filter(entrances::acs_system_id.eq(system.to_string()))
        .filter(entrances::removed_at.is_null())
        .set(entrances::removed_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("remove the doors of a site"))?;
    Ok(found.into_iter().map(EntranceId::from).collect())
}

/// Removes the encoders of a site that are there; answers their ids.
///
/// # Errors
/// When the query fails.
pub fn encoders(tx: &mut Tx<'_>, system: AcsSystemId, at: Timestamp) -> Result<Vec<EncoderId>, Error> {
    let found: Vec<IdColumn<kind::Encoder>> = encoders::table
        .filter(encoders::acs_system_id.eq(system.to_string()))
        .filter(encoders::removed_at.is_null())
        .order((encoders::created_at, encoders::id))
        .select(encoders::id)
        .load_on(tx)
        .map_err(Error::during("find the encoders of a site"))?;
    diesel::update(encoders::table)
        .filter(encoders::acs_system_id.eq(system.to_string()))
        .filter(encoders::removed_at.is_null())
        .set(encoders::removed_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("remove the encoders of a site"))?;
    Ok(found.into_iter().map(EncoderId::from).collect())
}

/// Removes a system: nothing of its work is due any more, whoever works there has lost its lease, no hotel delivers its
/// mobile keys through it, and no phone is registered there.
///
/// # Errors
/// When the query fails.
pub fn system(tx: &mut Tx<'_>, id: AcsSystemId, at: Timestamp) -> Result<(), Error> {
    diesel::delete(tasks::table.filter(tasks::acs_system_id.eq(id.to_string())))
        .execute_on(tx)
        .map_err(Error::during("remove the tasks of a system"))?;
    diesel::update(carriers::table)
        .filter(carriers::acs_system_id.eq(id.to_string()))
        .set(carriers::due_at.eq(None::<i64>))
        .execute_on(tx)
        .map_err(Error::during("lay the work at a system aside"))?;
    diesel::update(leases::table.find(id.to_string()))
        .set((leases::holder.eq(""), leases::epoch.eq(leases::epoch + 1), leases::expires_at.eq(microseconds(at))))
        .execute_on(tx)
        .map_err(Error::during("take the lease of a system away"))?;
    diesel::update(acs_systems::table)
        .filter(acs_systems::default_credential_manager_id.eq(id.to_string()))
        .set(acs_systems::default_credential_manager_id.eq(None::<String>))
        .execute_on(tx)
        .map_err(Error::during("take a credential manager from its hotels"))?;
    diesel::update(endpoints::table)
        .filter(endpoints::credential_manager_id.eq(id.to_string()))
        .set(endpoints::is_active.eq(false))
        .execute_on(tx)
        .map_err(Error::during("end the registrations of phones"))?;
    diesel::update(acs_systems::table.find(id.to_string()))
        .set((acs_systems::deleted_at.eq(microseconds(at)), acs_systems::is_disconnected.eq(false)))
        .execute_on(tx)
        .map_err(Error::during("mark a system removed"))?;
    Ok(())
}
