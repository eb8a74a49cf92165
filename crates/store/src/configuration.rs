//! What the operator's configuration says of workspaces, systems and API keys.

use diesel::prelude::*;
use domain::id::{ApiKeyId, WorkspaceId};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::microseconds,
    schema::{acs_systems, api_keys, connected_accounts, workspaces},
    systems::AcsSystem,
    workspaces::ApiKey,
};

/// Sets the name of a workspace.
///
/// # Errors
/// When the query fails.
pub fn set_workspace_name(tx: &mut Tx<'_>, id: WorkspaceId, name: &str) -> Result<(), Error> {
    diesel::update(workspaces::table.find(id.to_string()))
        .set(workspaces::name.eq(name))
        .execute(tx.connection)
        .map_err(Error::during("name a workspace"))?;
    Ok(())
}

/// Writes what is configured of a system, and its settings; the account gets the system's name.
///
/// # Errors
/// When the query fails.
pub fn set_system(tx: &mut Tx<'_>, system: &AcsSystem) -> Result<(), Error> {
    diesel::update(acs_systems::table.find(system.id.to_string()))
        .set((
            acs_systems::name.eq(&system.name),
            acs_systems::time_zone.eq(&system.time_zone),
            acs_systems::default_credential_manager_id
                .eq(system.default_credential_manager_id.map(|id| id.to_string())),
            acs_systems::lan_address.eq(&system.lan_address),
            acs_systems::mobile_access_uuid.eq(&system.mobile_access_uuid),
            acs_systems::system_id.eq(&system.system_id),
            acs_systems::settings.eq(system.settings.to_string()),
        ))
        .execute(tx.connection)
        .map_err(Error::during("configure a system"))?;
    diesel::update(connected_accounts::table.find(system.connected_account_id.to_string()))
        .set(connected_accounts::display_name.eq(&system.name))
        .execute(tx.connection)
        .map_err(Error::during("name a connected account"))?;
    Ok(())
}

/// Writes the errors, warnings and settings of a system, as they stand in `system`.
///
/// # Errors
/// When the query fails.
pub fn set_system_state(tx: &mut Tx<'_>, system: &AcsSystem) -> Result<(), Error> {
    diesel::update(acs_systems::table.find(system.id.to_string()))
        .set((
            acs_systems::errors.eq(system.errors.to_string()),
            acs_systems::warnings.eq(system.warnings.to_string()),
            acs_systems::settings.eq(system.settings.to_string()),
        ))
        .execute(tx.connection)
        .map_err(Error::during("note the state of a system"))?;
    Ok(())
}

/// The API keys of a workspace, revoked ones included, oldest first.
///
/// # Errors
/// When the query fails.
pub fn api_keys_of(tx: &mut Tx<'_>, workspace_id: WorkspaceId) -> Result<Vec<ApiKey>, Error> {
    api_keys::table
        .filter(api_keys::workspace_id.eq(workspace_id.to_string()))
        .order((api_keys::created_at, api_keys::id))
        .load(tx.connection)
        .map_err(Error::during("list API keys"))
}

/// Revokes an API key; the first time counts.
///
/// # Errors
/// When the query fails.
pub fn revoke_api_key(tx: &mut Tx<'_>, id: ApiKeyId, at: Timestamp) -> Result<(), Error> {
    diesel::update(api_keys::table.find(id.to_string()))
        .filter(api_keys::revoked_at.is_null())
        .set(api_keys::revoked_at.eq(microseconds(at)))
        .execute(tx.connection)
        .map_err(Error::during("revoke an API key"))?;
    Ok(())
}
