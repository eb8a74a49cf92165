//! Bringing the stored sites in line with the operator's configuration.

use domain::{
    Moment,
    id::{AcsSystemId, WorkspaceId},
};
use serde_json::{Value, json};
use store::{
    Tx, configuration,
    systems::{self, AcsSystem, CREDENTIAL_MANAGER, VISIONLINE},
    workspaces::{self, Workspace},
};

use super::{new_account, settings};
use crate::{
    Caller, Error,
    acs_systems::{DOUBLE_BOOKINGS, DoubleBookings},
    event,
};

/// What is configured: one workspace with its sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// Name of the workspace.
    pub workspace_name: String,
    /// Whether it is for trials: phones may then be made up through the API.
    pub is_sandbox: bool,
    /// Name of the credential manager, where mobile keys are issued.
    pub credential_manager: Option<String>,
    /// The sites, each with a key of its own.
    pub sites: Vec<SiteConfiguration>,
}

/// One configured site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteConfiguration {
    /// By which the site is known again, whatever else changes.
    pub key: String,
    /// Name, for people; `%SITENAME%` on labels.
    pub name: String,
    /// IANA name of the time zone.
    pub time_zone: String,
    /// Address of the lock server, for people.
    pub lan_address: String,
    /// BLE UUID of the site, where mobile keys are issued.
    pub mobile_access_uuid: Option<String>,
    /// The vendor's number of the system.
    pub system_id: Option<String>,
    /// Whether timestamps without a zone are the site's own time instead of UTC; none to leave it as it was set through
    /// the API.
    pub reads_local_time: Option<bool>,
    /// Whether double bookings are refused; none to leave it as it was set through the API.
    pub refuses_double_bookings: Option<bool>,
}

/// What the configuration became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configured {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The credential manager, where there is one.
    pub credential_manager_id: Option<AcsSystemId>,
    /// The sites, in the order of the configuration.
    pub sites: Vec<ConfiguredSite>,
}

/// A site that is to be worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredSite {
    /// Its key.
    pub key: String,
    /// The site.
    pub acs_system_id: AcsSystemId,
    /// How its lock server was seen to discard cards.
    pub discard_dialect: Option<String>,
}

/// The key under which the credential manager is stored.
const MANAGER_KEY: &str = "credential manager";

/// Makes what is missing, updates what changed, and lays aside sites that are no longer configured: their data stays,
/// and they are taken up again when they come back.
///
/// # Errors
/// When the database belongs to a workspace of the other sort, or storage fails.
pub fn configure(tx: &mut Tx<'_>, moment: &mut Moment, wanted: &Configuration) -> Result<Configured, Error> {
    let workspace_id = workspace(tx, moment, wanted)?;
    let known = systems::list(tx, workspace_id)?;
    let find = |kind: &str, key: &str| {
        known.iter().find(|system| system.kind == kind && settings::text(system, "key") == Some(key)).cloned()
    };

    let manager = match &wanted.credential_manager {
        None => None,
        Some(name) => Some(match find(CREDENTIAL_MANAGER, MANAGER_KEY) {
            Some(there) => {
                let wished = AcsSystem { name: name.clone(), ..there.clone() };
                update(tx, moment, &there, wished)?
            }
            None => add(tx, moment, workspace_id, CREDENTIAL_MANAGER, MANAGER_KEY, name)?,
        }),
    };
    let manager_id = manager.map(|manager| manager.id);

    let mut sites = Vec::with_capacity(wanted.sites.len());
    for site in &wanted.sites {
        let there = match find(VISIONLINE, &site.key) {
            Some(there) => there,
            None => add(tx, moment, workspace_id, VISIONLINE, &site.key, &site.name)?,
        };
        let stored = update(tx, moment, &there, wished(&there, site, manager_id))?;
        let discard_dialect = settings::text(&stored, "discard_dialect").map(str::to_owned);
        sites.push(ConfiguredSite { key: site.key.clone(), acs_system_id: stored.id, discard_dialect });
    }

    for former in known.iter().filter(|system| system.kind == VISIONLINE) {
        let is_wanted = sites.iter().any(|site| site.acs_system_id == former.id);
        if !is_wanted && settings::is_set(former, "is_worked") {
            let mut aside = former.clone();
            settings::set(&mut aside, "is_worked", json!(false));
            update(tx, moment, former, aside)?;
        }
    }
    Ok(Configured { workspace_id, credential_manager_id: manager_id, sites })
}

fn workspace(tx: &mut Tx<'_>, moment: &mut Moment, wanted: &Configuration) -> Result<WorkspaceId, Error> {
    let Some(there) = workspaces::list(tx)?.into_iter().next() else {
        let new = Workspace::new(moment.id(), wanted.workspace_name.clone(), wanted.is_sandbox, moment.now);
        workspaces::insert(tx, &new)?;
        let after = json!({ "name": new.name, "is_sandbox": new.is_sandbox });
        Caller::operator(new.id).note(tx, moment, "workspace.create", new.id, json!({ "after": after }))?;
        return Ok(new.id);
    };
    if there.is_sandbox != wanted.is_sandbox {
        let word = |is_sandbox: bool| if is_sandbox { "a sandbox" } else { "a real workspace" };
        let message = format!(
            "the database holds {}, the configuration wants {}; a workspace is one or the other for life, so choose \
             another database",
            word(there.is_sandbox),
            word(wanted.is_sandbox)
        );
        return Err(Error::Conflict { message });
    }
    if there.name != wanted.workspace_name {
        configuration::set_workspace_name(tx, there.id, &wanted.workspace_name)?;
        let (before, after) = (json!({ "name": there.name }), json!({ "name": wanted.workspace_name }));
        Caller::operator(there.id).note_change(tx, moment, "workspace.update", there.id, before, after)?;
    }
    Ok(there.id)
}

fn wished(there: &AcsSystem, site: &SiteConfiguration, manager: Option<AcsSystemId>) -> AcsSystem {
    let mut wished = AcsSystem {
        name: site.name.clone(),
        time_zone: Some(site.time_zone.clone()),
        // A site that issues no mobile keys keeps the manager that was connected through a page.
        default_credential_manager_id: manager
            .filter(|_| site.mobile_access_uuid.is_some())
            .or(there.default_credential_manager_id),
        lan_address: Some(site.lan_address.clone()),
        mobile_access_uuid: site.mobile_access_uuid.clone(),
        system_id: site.system_id.clone(),
        ..there.clone()
    };
    if let Some(is_local) = site.reads_local_time {
        let reading = if is_local { "local" } else { "utc" };
        settings::set(&mut wished, "timestamps_without_zone", json!(reading));
    }
    if let Some(refuses) = site.refuses_double_bookings {
        let choice = if refuses { DoubleBookings::Refuse } else { DoubleBookings::Allow };
        settings::set(&mut wished, DOUBLE_BOOKINGS, json!(choice.as_str()));
    }
    settings::set(&mut wished, "is_worked", json!(true));
    wished
}

/// Writes only what differs: most starts change nothing.
fn update(tx: &mut Tx<'_>, moment: &mut Moment, there: &AcsSystem, wished: AcsSystem) -> Result<AcsSystem, Error> {
    let is_same = there.name == wished.name
        && there.time_zone == wished.time_zone
        && there.default_credential_manager_id == wished.default_credential_manager_id
        && there.lan_address == wished.lan_address
        && there.mobile_access_uuid == wished.mobile_access_uuid
        && there.system_id == wished.system_id
        && there.settings == wished.settings;
    if !is_same {
        configuration::set_system(tx, &wished)?;
        let operator = Caller::operator(wished.workspace_id);
        operator.note_change(tx, moment, "acs_system.configure", wished.id, shown(there), shown(&wished))?;
    }
    Ok(wished)
}

/// A system as the audit log has it.
fn shown(system: &AcsSystem) -> Value {
    json!({
        "name": system.name,
        "time_zone": system.time_zone,
        "default_credential_manager_acs_system_id": system.default_credential_manager_id,
        "lan_address": system.lan_address,
        "mobile_access_uuid": system.mobile_access_uuid,
        "system_id": system.system_id,
        "settings": system.settings,
    })
}

fn add(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    workspace_id: WorkspaceId,
    kind: &str,
    key: &str,
    name: &str,
) -> Result<AcsSystem, Error> {
    let connected_account_id = new_account(tx, moment, workspace_id, kind, name)?;
    let awaits = kind == VISIONLINE;
    let system = AcsSystem {
        id: moment.id(),
        workspace_id,
        connected_account_id,
        kind: kind.to_owned(),
        name: name.to_owned(),
        time_zone: None,
        default_credential_manager_id: None,
        lan_address: None,
        mobile_access_uuid: None,
        system_id: None,
        settings: json!({ "key": key, "awaits_connection": awaits, "awaits_first_sync": awaits }),
        last_opening: 0,
        errors: json!([]),
        warnings: json!([]),
        created_at: moment.now,
        sync_asked_at: None,
        is_disconnected: false,
        deleted_at: None,
    };
    systems::insert(tx, &system)?;
    let operator = Caller::operator(workspace_id);
    operator.note(tx, moment, "acs_system.configure", system.id, json!({ "after": shown(&system) }))?;
    event::account(tx, moment, "connected_account.created", &system, json!({}))?;
    event::system(tx, moment, "acs_system.added", &system)?;
    if !awaits {
        event::system(tx, moment, "acs_system.connected", &system)?;
    }
    Ok(system)
}
