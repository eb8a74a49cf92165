//! Access systems: sites and credential managers.

use diesel::prelude::*;
use domain::{
    id::{AcsSystemId, ConnectedAccountId, WorkspaceId, kind},
    stay::Opening,
};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, JsonColumn, OptionalIdColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::{acs_systems, acs_users, connected_accounts},
};

/// Text of [`AcsSystem::kind`] for a hotel's Visionline.
pub const VISIONLINE: &str = "visionline_system";
/// Text of [`AcsSystem::kind`] for the phone-key service.
pub const CREDENTIAL_MANAGER: &str = "assa_abloy_credential_service";

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
    /// Since when its worker is to read everything anew.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub sync_asked_at: Option<Timestamp>,
    /// Whether it was disconnected for a trial; nothing is done there until it is connected again.
    pub is_disconnected: bool,
    /// When it was removed with its account.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub deleted_at: Option<Timestamp>,
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
            acs_systems::sync_asked_at.eq(system.sync_asked_at.map(microseconds)),
            acs_systems::is_disconnected.eq(system.is_disconnected),
            acs_systems::deleted_at.eq(system.deleted_at.map(microseconds)),
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

/// A live system of the workspace.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: AcsSystemId) -> Result<Option<AcsSystem>, Error> {
    acs_systems::table
        .find(id.to_string())
        .filter(acs_systems::workspace_id.eq(workspace_id.to_string()))
        .filter(acs_systems::deleted_at.is_null())
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a system"))
}

/// All live systems of the workspace, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(tx: &mut Tx<'_>, workspace_id: WorkspaceId) -> Result<Vec<AcsSystem>, Error> {
    acs_systems::table
        .filter(acs_systems::workspace_id.eq(workspace_id.to_string()))
        .filter(acs_systems::deleted_at.is_null())
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

/// The live systems of these accounts, oldest first.
///
/// # Errors
/// When the query fails.
pub fn of_accounts(tx: &mut Tx<'_>, accounts: &[ConnectedAccountId]) -> Result<Vec<AcsSystem>, Error> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    acs_systems::table
        .filter(among(acs_systems::connected_account_id, accounts))
        .filter(acs_systems::deleted_at.is_null())
        .order((acs_systems::created_at, acs_systems::id))
        .load_on(tx)
        .map_err(Error::during("load the systems of accounts"))
}

/// The systems of this customer's accounts.
#[diesel::dsl::auto_type]
pub(crate) fn systems_of_customer(customer_key: String) -> _ {
    acs_systems::table
        .inner_join(connected_accounts::table.on(connected_accounts::id.eq(acs_systems::connected_account_id)))
        .filter(connected_accounts::customer_key.assume_not_null().eq(customer_key))
        .select(acs_systems::id)
}

/// The ids of the systems of this customer's accounts in the workspace.
///
/// # Errors
/// When the query fails.
pub fn of_customer(tx: &mut Tx<'_>, workspace_id: WorkspaceId, customer_key: &str) -> Result<Vec<AcsSystemId>, Error> {
    let found: Vec<IdColumn<kind::AcsSystem>> = systems_of_customer(customer_key.to_owned())
        .filter(acs_systems::workspace_id.eq(workspace_id.to_string()))
        .load_on(tx)
        .map_err(Error::during("find the systems of a customer"))?;
    Ok(found.into_iter().map(AcsSystemId::from).collect())
}

/// The live systems of this kind in all workspaces, oldest first: for the workers.
///
/// # Errors
/// When the query fails.
pub fn of_kind(tx: &mut Tx<'_>, kind: &str) -> Result<Vec<AcsSystem>, Error> {
    acs_systems::table
        .filter(acs_systems::kind.eq(kind))
        .filter(acs_systems::deleted_at.is_null())
        .order((acs_systems::created_at, acs_systems::id))
        .load_on(tx)
        .map_err(Error::during("load all systems of a kind"))
}

/// What the worker of a site is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Orders {
    /// Read everything anew; asked for at this instant.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub sync_asked_at: Option<Timestamp>,
    /// Do nothing.
    pub is_disconnected: bool,
}

/// What the worker of a site is told now.
///
/// # Errors
/// When the query fails.
pub fn orders(tx: &mut Tx<'_>, id: AcsSystemId) -> Result<Orders, Error> {
    acs_systems::table
        .find(id.to_string())
        .select((acs_systems::sync_asked_at, acs_systems::is_disconnected))
        .get_on(tx)
        .map_err(Error::during("look for orders to a site"))
}

/// Asks for everything to be read anew, or notes that it is being done.
///
/// # Errors
/// When the query fails.
pub fn set_sync_asked(tx: &mut Tx<'_>, id: AcsSystemId, at: Option<Timestamp>) -> Result<(), Error> {
    diesel::update(acs_systems::table.find(id.to_string()))
        .set(acs_systems::sync_asked_at.eq(at.map(microseconds)))
        .execute_on(tx)
        .map_err(Error::during("ask for a system to be read"))?;
    Ok(())
}

/// Notes whether a system is disconnected for a trial.
///
/// # Errors
/// When the query fails.
pub fn set_disconnected(tx: &mut Tx<'_>, id: AcsSystemId, is_disconnected: bool) -> Result<(), Error> {
    diesel::update(acs_systems::table.find(id.to_string()))
        .set(acs_systems::is_disconnected.eq(is_disconnected))
        .execute_on(tx)
        .map_err(Error::during("disconnect a system"))?;
    Ok(())
}

/// Names the manager for mobile keys of every live hotel of the workspace that has none.
///
/// # Errors
/// When the query fails.
pub fn set_missing_manager(tx: &mut Tx<'_>, workspace_id: WorkspaceId, manager: AcsSystemId) -> Result<(), Error> {
    diesel::update(acs_systems::table)
        .filter(acs_systems::workspace_id.eq(workspace_id.to_string()))
        .filter(acs_systems::kind.eq(VISIONLINE))
        .filter(acs_systems::deleted_at.is_null())
        .filter(acs_systems::default_credential_manager_id.is_null())
        .set(acs_systems::default_credential_manager_id.eq(Some(manager.to_string())))
        .execute_on(tx)
        .map_err(Error::during("name a credential manager"))?;
    Ok(())
}
