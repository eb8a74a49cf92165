//! Access systems (sites and credential managers) and the connected accounts they belong to.

use diesel::prelude::*;
use domain::{
    id::{AcsSystemId, ConnectedAccountId, WorkspaceId, kind},
    stay::Opening,
};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, JsonColumn, OptionalIdColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::{acs_systems, acs_users, connected_accounts},
};

/// Text of [`AcsSystem::kind`] for a hotel's Visionline.
pub const VISIONLINE: &str = "visionline_system";
/// Text of [`AcsSystem::kind`] for the phone-key service.
pub const CREDENTIAL_MANAGER: &str = "assa_abloy_credential_service";

/// A connected account.
#[derive(Debug, Clone)]
pub struct ConnectedAccount {
    /// Id.
    pub id: ConnectedAccountId,
    /// Workspace.
    pub workspace_id: WorkspaceId,
    /// `visionline` or `assa_abloy_credential_service`.
    pub account_type: String,
    /// Name, for people.
    pub display_name: String,
    /// When it was connected.
    pub created_at: Timestamp,
}

/// A site or a credential manager.
#[derive(Debug, Clone, Queryable)]
pub struct AcsSystem {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::AcsSystem>)]
    pub id: AcsSystemId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// The account it came with.
    #[diesel(deserialize_as = IdColumn<kind::ConnectedAccount>)]
    pub connected_account_id: ConnectedAccountId,
    /// [`VISIONLINE`] or [`CREDENTIAL_MANAGER`].
    pub kind: String,
    /// The site's name.
    pub name: String,
    /// IANA name of the site's time zone.
    pub time_zone: Option<String>,
    /// The manager for mobile keys that name none.
    #[diesel(deserialize_as = OptionalIdColumn<kind::AcsSystem>)]
    pub default_credential_manager_id: Option<AcsSystemId>,
    /// Address of the lock server, for people.
    pub lan_address: Option<String>,
    /// BLE UUID of the site.
    pub mobile_access_uuid: Option<String>,
    /// The vendor's number of the system.
    pub system_id: Option<String>,
    /// Settings of ours, JSON.
    #[diesel(deserialize_as = JsonColumn)]
    pub settings: serde_json::Value,
    /// The newest opening that was given out.
    pub last_opening: Opening,
    /// Errors the API shows, a JSON array.
    #[diesel(deserialize_as = JsonColumn)]
    pub errors: serde_json::Value,
    /// Warnings the API shows, a JSON array.
    #[diesel(deserialize_as = JsonColumn)]
    pub warnings: serde_json::Value,
    /// When it was connected.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
}

/// Adds a connected account.
///
/// # Errors
/// When the query fails.
pub fn insert_account(tx: &mut Tx<'_>, account: &ConnectedAccount) -> Result<(), Error> {
    diesel::insert_into(connected_accounts::table)
        .values((
            connected_accounts::id.eq(account.id.to_string()),
            connected_accounts::workspace_id.eq(account.workspace_id.to_string()),
            connected_accounts::account_type.eq(&account.account_type),
            connected_accounts::display_name.eq(&account.display_name),
            connected_accounts::created_at.eq(microseconds(account.created_at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a connected account"))?;
    Ok(())
}

/// Adds a system.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, system: &AcsSystem) -> Result<(), Error> {
    diesel::insert_into(acs_systems::table)
        .values((
            acs_systems::id.eq(system.id.to_string()),
            acs_systems::workspace_id.eq(system.workspace_id.to_string()),
            acs_systems::connected_account_id.eq(system.connected_account_id.to_string()),
            acs_systems::kind.eq(&system.kind),
            acs_systems::name.eq(&system.name),
            acs_systems::time_zone.eq(&system.time_zone),
            acs_systems::default_credential_manager_id
                .eq(system.default_credential_manager_id.map(|id| id.to_string())),
            acs_systems::lan_address.eq(&system.lan_address),
            acs_systems::mobile_access_uuid.eq(&system.mobile_access_uuid),
            acs_systems::system_id.eq(&system.system_id),
            acs_systems::settings.eq(system.settings.to_string()),
            acs_systems::last_opening.eq(system.last_opening),
            acs_systems::errors.eq(system.errors.to_string()),
            acs_systems::warnings.eq(system.warnings.to_string()),
            acs_systems::created_at.eq(microseconds(system.created_at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a system"))?;
    Ok(())
}

/// Sets the settings of a system.
///
/// # Errors
/// When the query fails.
pub fn set_settings(tx: &mut Tx<'_>, id: AcsSystemId, settings: &serde_json::Value) -> Result<(), Error> {
    diesel::update(acs_systems::table.find(id.to_string()))
        .set(acs_systems::settings.eq(settings.to_string()))
        .execute_on(tx)
        .map_err(Error::during("set the settings of a system"))?;
    Ok(())
}

/// A system by id, whatever its workspace: for the workers. The API uses [`find`].
///
/// # Errors
/// When the query fails or there is no such system.
pub fn get(tx: &mut Tx<'_>, id: AcsSystemId) -> Result<AcsSystem, Error> {
    acs_systems::table.find(id.to_string()).get_on(tx).map_err(Error::during("get a system"))
}

/// A system of the workspace.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: AcsSystemId) -> Result<Option<AcsSystem>, Error> {
    acs_systems::table
        .find(id.to_string())
        .filter(acs_systems::workspace_id.eq(workspace_id.to_string()))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a system"))
}

/// All systems of the workspace, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(tx: &mut Tx<'_>, workspace_id: WorkspaceId) -> Result<Vec<AcsSystem>, Error> {
    acs_systems::table
        .filter(acs_systems::workspace_id.eq(workspace_id.to_string()))
        .order((acs_systems::created_at, acs_systems::id))
        .load_on(tx)
        .map_err(Error::during("list systems"))
}

/// Takes the next opening of the site: a number greater than all it gave out before.
///
/// # Errors
/// When the query fails.
pub fn take_opening(tx: &mut Tx<'_>, id: AcsSystemId) -> Result<Opening, Error> {
    diesel::update(acs_systems::table.find(id.to_string()))
        .set(acs_systems::last_opening.eq(acs_systems::last_opening + 1))
        .returning(acs_systems::last_opening)
        .get_on(tx)
        .map_err(Error::during("take an opening"))
}

/// The accounts of these systems.
///
/// # Errors
/// When the query fails.
pub fn accounts_of(tx: &mut Tx<'_>, ids: &[AcsSystemId]) -> Result<Vec<(AcsSystemId, ConnectedAccountId)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let pairs: Vec<(IdColumn<kind::AcsSystem>, IdColumn<kind::ConnectedAccount>)> = acs_systems::table
        .filter(among(acs_systems::id, ids))
        .select((acs_systems::id, acs_systems::connected_account_id))
        .load_on(tx)
        .map_err(Error::during("load the accounts of systems"))?;
    Ok(pairs.into_iter().map(|(system, account)| (system.into(), account.into())).collect())
}

/// How many live users a system has.
///
/// # Errors
/// When the query fails.
pub fn user_count(tx: &mut Tx<'_>, id: AcsSystemId) -> Result<i64, Error> {
    acs_users::table
        .filter(acs_users::acs_system_id.eq(id.to_string()))
        .filter(acs_users::deleted_at.is_null())
        .count()
        .get_on(tx)
        .map_err(Error::during("count users"))
}
