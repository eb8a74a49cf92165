//! Connected accounts: listed, changed, read anew, and disconnected for a trial.

use domain::{Moment, id::ConnectedAccountId};
use serde_json::{Map, Value, json};
use store::{
    Tx,
    connected_accounts::{self, ConnectedAccount, Filter},
    custom_metadata,
    page::Page,
    systems, workspaces,
};

use crate::{
    Caller, Error, Noun,
    sites::{self, Condition},
};

/// What is to be changed; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct AccountUpdate {
    /// Name, for people.
    pub display_name: Option<String>,
    /// Replaces all words of the account.
    pub custom_metadata: Option<Map<String, Value>>,
    /// The customer; only an account without one gets one.
    pub customer_key: Option<String>,
    /// Kept and shown.
    pub automatically_manage_new_devices: Option<bool>,
    /// Kept and shown.
    pub accepted_capabilities: Option<Vec<String>>,
}

/// A live account of the caller's workspace.
///
/// # Errors
/// When there is none.
pub fn find(tx: &mut Tx<'_>, caller: &Caller, id: ConnectedAccountId) -> Result<ConnectedAccount, Error> {
    connected_accounts::find(tx, caller.workspace_id, id)?
        .filter(|account| caller.sees_account(account.id))
        .ok_or_else(|| Error::not_found(Noun::ConnectedAccount, id))
}

/// Live accounts of the caller's workspace, oldest first.
///
/// # Errors
/// When storage fails.
pub fn list(tx: &mut Tx<'_>, caller: &Caller, filter: &Filter, page: Page) -> Result<Vec<ConnectedAccount>, Error> {
    let filter = Filter { sight: caller.sight().cloned(), ..filter.clone() };
    Ok(connected_accounts::list(tx, caller.workspace_id, &filter, page)?)
}

/// Changes an account.
///
/// # Errors
/// When there is none, or it belongs to another customer.
pub fn update(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: ConnectedAccountId,
    asked: &AccountUpdate,
) -> Result<ConnectedAccount, Error> {
    let mut account = find(tx, caller, id)?;
    let before = noted(&account);
    if let Some(key) = &asked.customer_key {
        if account.customer_key.as_ref().is_some_and(|there| there != key) {
            let message = "the connected account belongs to a customer already; delete and connect it to change that";
            return Err(Error::invalid("customer_key", message));
        }
        account.customer_key = Some(key.clone());
    }
    if let Some(name) = &asked.display_name {
        account.display_name.clone_from(name);
    }
    if let Some(manages) = asked.automatically_manage_new_devices {
        account.automatically_manage_new_devices = manages;
    }
    if let Some(capabilities) = &asked.accepted_capabilities {
        account.accepted_capabilities = json!(capabilities);
    }
    connected_accounts::update(tx, &account)?;
    if let Some(words) = &asked.custom_metadata {
        custom_metadata::replace(tx, &id.to_string(), words)?;
    }
    caller.note_change(tx, moment, "connected_account.update", id, before, noted(&account))?;
    Ok(account)
}

/// What the audit log keeps of an account.
fn noted(account: &ConnectedAccount) -> Value {
    json!({
        "display_name": account.display_name,
        "customer_key": account.customer_key,
        "automatically_manage_new_devices": account.automatically_manage_new_devices,
        "accepted_capabilities": account.accepted_capabilities,
    })
}

/// Asks for everything of an account to be read anew.
///
/// # Errors
/// When there is none.
pub fn sync(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, id: ConnectedAccountId) -> Result<(), Error> {
    let account = find(tx, caller, id)?;
    for system in systems::of_accounts(tx, &[account.id])? {
        systems::set_sync_asked(tx, system.id, Some(moment.now))?;
    }
    caller.note(tx, moment, "connected_account.sync", id, json!({}))
}

/// Makes an account look as if the other side did not let us in any more, until it is connected again.
///
/// # Errors
/// Outside a sandbox, or when there is no such account.
pub fn simulate_disconnect(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: ConnectedAccountId,
) -> Result<(), Error> {
    let workspace = workspaces::find(tx, caller.workspace_id)?
        .ok_or_else(|| Error::not_found(Noun::Workspace, caller.workspace_id))?;
    if !workspace.is_sandbox {
        return Err(Error::NotSandbox);
    }
    let account = find(tx, caller, id)?;
    for system in systems::of_accounts(tx, &[account.id])? {
        sites::note_condition(tx, moment, system.id, &Condition::DisconnectedForTrial)?;
        systems::set_disconnected(tx, system.id, true)?;
    }
    caller.note(tx, moment, "connected_account.simulate_disconnect", id, json!({}))
}
