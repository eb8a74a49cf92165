//! Workspaces and sites: made, configured, and what their lock servers say of themselves.

mod condition;
mod configure;
mod doors;
mod encoders;
mod settings;

use domain::{
    Moment,
    id::{AcsSystemId, ApiKeyId, ConnectedAccountId, WorkspaceId},
};
use serde_json::json;
use store::{
    Tx,
    connected_accounts::{self, ConnectedAccount},
    systems::{self, AcsSystem, CREDENTIAL_MANAGER, VISIONLINE},
    workspaces::{self, ApiKey, Workspace},
};

pub(crate) use self::settings::note_connected;
pub use self::{
    condition::{Condition, account_errors, note_condition, note_sync},
    configure::{Configuration, Configured, ConfiguredSite, SiteConfiguration, configure},
    doors::{SeenDoor, record_doors},
    encoders::{SeenEncoder, record_encoders},
    settings::{begin_sync, discard_dialect, is_configured, remember_discard_dialect},
};
use crate::{Caller, Error, event};

/// Name of the credential manager of a sandbox.
const MANAGER_NAME: &str = "ASSA ABLOY Credential Services";

/// A sandbox workspace to be made: one hotel and one credential manager.
#[derive(Debug, Clone)]
pub struct NewSandbox {
    /// Name of the workspace.
    pub workspace_name: String,
    /// Name of the site; `%SITENAME%` on labels.
    pub site_name: String,
    /// IANA name of the site's time zone.
    pub time_zone: String,
    /// The API key that opens the workspace.
    pub api_key: NewApiKey,
}

/// An API key to be stored: the secret part only as a hash.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// The part by which it is found.
    pub short_token: String,
    /// SHA-256 of the secret part, hexadecimal.
    pub long_token_sha256: String,
}

/// What a sandbox consists of.
#[derive(Debug, Clone, Copy)]
pub struct Sandbox {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The site.
    pub acs_system_id: AcsSystemId,
    /// The credential manager.
    pub credential_manager_id: AcsSystemId,
}

/// Makes a sandbox workspace.
///
/// # Errors
/// When storage fails.
pub fn create_sandbox(tx: &mut Tx<'_>, moment: &mut Moment, new: &NewSandbox) -> Result<Sandbox, Error> {
    let workspace_id: WorkspaceId = moment.id();
    let created_at = moment.now;
    let name = new.workspace_name.clone();
    workspaces::insert(tx, &Workspace::new(workspace_id, name, true, created_at))?;
    let after = json!({ "name": new.workspace_name, "is_sandbox": true });
    Caller::operator(workspace_id).note(tx, moment, "workspace.create", workspace_id, json!({ "after": after }))?;
    set_api_key(tx, moment, workspace_id, &new.api_key)?;
    let manager = add_system(tx, moment, workspace_id, CREDENTIAL_MANAGER, MANAGER_NAME, None, None)?;
    let zone = Some(new.time_zone.clone());
    let site = add_system(tx, moment, workspace_id, VISIONLINE, &new.site_name, zone, Some(manager.id))?;
    Ok(Sandbox { workspace_id, acs_system_id: site.id, credential_manager_id: manager.id })
}

/// The one sandbox of this database, when there is one. What was removed of it through the API is made anew.
///
/// # Errors
/// When storage fails.
pub fn reopen_sandbox(tx: &mut Tx<'_>, moment: &mut Moment, new: &NewSandbox) -> Result<Option<Sandbox>, Error> {
    let Some(workspace) = workspaces::list(tx)?.into_iter().find(|workspace| workspace.is_sandbox) else {
        return Ok(None);
    };
    set_api_key(tx, moment, workspace.id, &new.api_key)?;
    let all = systems::list(tx, workspace.id)?;
    let of_kind = |kind| all.iter().find(|system| system.kind == kind).map(|system| system.id);
    let manager = match of_kind(CREDENTIAL_MANAGER) {
        Some(there) => there,
        None => add_system(tx, moment, workspace.id, CREDENTIAL_MANAGER, MANAGER_NAME, None, None)?.id,
    };
    let site = match of_kind(VISIONLINE) {
        Some(there) => there,
        None => {
            let zone = Some(new.time_zone.clone());
            add_system(tx, moment, workspace.id, VISIONLINE, &new.site_name, zone, Some(manager))?.id
        }
    };
    Ok(Some(Sandbox { workspace_id: workspace.id, acs_system_id: site, credential_manager_id: manager }))
}

/// Stores an API key, unless it is there already.
///
/// # Errors
/// When storage fails.
pub fn set_api_key(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    workspace_id: WorkspaceId,
    key: &NewApiKey,
) -> Result<(), Error> {
    if workspaces::find_api_key(tx, &key.short_token)?
        .is_some_and(|known| known.long_token_sha256 == key.long_token_sha256)
    {
        return Ok(());
    }
    let id: ApiKeyId = moment.id();
    let key = ApiKey {
        id,
        workspace_id,
        name: "first key".to_owned(),
        short_token: key.short_token.clone(),
        long_token_sha256: key.long_token_sha256.clone(),
        created_at: moment.now,
        revoked_at: None,
    };
    workspaces::insert_api_key(tx, &key)?;
    crate::keys::note_created(tx, moment, &key)
}

fn add_system(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    workspace_id: WorkspaceId,
    kind: &str,
    name: &str,
    time_zone: Option<String>,
    manager: Option<AcsSystemId>,
) -> Result<AcsSystem, Error> {
    let account_id = new_account(tx, moment, workspace_id, kind, name)?;
    let is_site = kind == VISIONLINE;
    let system = AcsSystem {
        id: moment.id(),
        workspace_id,
        connected_account_id: account_id,
        kind: kind.to_owned(),
        name: name.to_owned(),
        time_zone,
        default_credential_manager_id: manager,
        lan_address: None,
        mobile_access_uuid: is_site.then(|| "1".to_owned()),
        system_id: is_site.then(|| "1".to_owned()),
        settings: json!({}),
        last_opening: 0,
        errors: json!([]),
        warnings: json!([]),
        created_at: moment.now,
        sync_asked_at: None,
        is_disconnected: false,
        deleted_at: None,
    };
    systems::insert(tx, &system)?;
    let after = json!({ "name": name, "kind": kind });
    Caller::operator(workspace_id).note(tx, moment, "acs_system.configure", system.id, json!({ "after": after }))?;
    event::system(tx, moment, "acs_system.added", &system)?;
    event::system(tx, moment, "acs_system.connected", &system)?;
    Ok(system)
}

/// The account that a system comes with.
fn new_account(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    workspace_id: WorkspaceId,
    kind: &str,
    name: &str,
) -> Result<ConnectedAccountId, Error> {
    let account_type = if kind == VISIONLINE { "visionline" } else { CREDENTIAL_MANAGER };
    let account = ConnectedAccount::new(moment.id(), workspace_id, account_type, name, moment.now);
    connected_accounts::insert(tx, &account)?;
    Ok(account.id)
}
