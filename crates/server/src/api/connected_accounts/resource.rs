//! A connected account on the wire (`spec/api.md 3.11`).

use domain::id::{AcsSystemId, ConnectedAccountId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use store::{Tx, connected_accounts, connections, custom_metadata, systems};

use crate::{
    adapter::field::{Id, Utc},
    api::{acs::systems::resource::IMAGE_URL, problem::Warning},
};

/// A hotel's Visionline, or a credential manager, as it was connected.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ConnectedAccount {
    /// ID of the account.
    #[schemars(with = "Id")]
    connected_account_id: ConnectedAccountId,
    /// `visionline` or `assa_abloy_credential_service`.
    account_type: String,
    /// The type, for people.
    account_type_display_name: &'static str,
    /// Name, for people.
    display_name: String,
    /// When it was connected first.
    created_at: Utc,
    /// Kept and shown.
    automatically_manage_new_devices: bool,
    /// What it was connected for.
    accepted_capabilities: Value,
    /// The caller's words.
    custom_metadata: Map<String, Value>,
    /// The customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_key: Option<String>,
    /// A picture.
    image_url: &'static str,
    /// IANA name of the time zone of its system.
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone: Option<String>,
    /// Who signs in, and where; only of what was connected through a webview.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_identifier: Option<UserIdentifier>,
    /// What keeps it from working: each with `error_code`, `message`, `created_at`, `is_connected_account_error` and
    /// `is_bridge_error`.
    errors: Vec<Value>,
    /// What people should know.
    warnings: [Warning; 0],
}

/// Who signs in, and where.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UserIdentifier {
    /// The operator, or the tenant's user.
    username: String,
    /// The address.
    api_url: String,
    /// Always true: there is one account for each system.
    exclusive: bool,
}

/// Accounts with what the API shows of them, in the same order.
///
/// # Errors
/// When storage fails.
pub fn shown(
    tx: &mut Tx<'_>,
    rows: Vec<connected_accounts::ConnectedAccount>,
) -> Result<Vec<ConnectedAccount>, engine::Error> {
    let accounts: Vec<ConnectedAccountId> = rows.iter().map(|row| row.id).collect();
    let names: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    let systems = systems::of_accounts(tx, &accounts)?;
    let ids: Vec<AcsSystemId> = systems.iter().map(|system| system.id).collect();
    let ways = connections::of(tx, &ids)?;
    let mut words = custom_metadata::of(tx, &names)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let system = systems.iter().find(|system| system.connected_account_id == row.id);
            let way = system.and_then(|system| ways.iter().find(|way| way.acs_system_id == system.id));
            let words = words.remove(&row.id.to_string()).unwrap_or_default();
            one(row, system, way, words)
        })
        .collect())
}

/// [`shown`] for a single account.
///
/// # Errors
/// When storage fails.
pub fn shown_one(
    tx: &mut Tx<'_>,
    row: connected_accounts::ConnectedAccount,
) -> Result<ConnectedAccount, engine::Error> {
    let id = row.id;
    let missing = || crate::api::error::missing(engine::Noun::ConnectedAccount, id);
    shown(tx, vec![row])?.pop().ok_or_else(missing)
}

fn one(
    row: connected_accounts::ConnectedAccount,
    system: Option<&systems::AcsSystem>,
    way: Option<&connections::Connection>,
    custom_metadata: Map<String, Value>,
) -> ConnectedAccount {
    let is_site = row.account_type == "visionline";
    ConnectedAccount {
        connected_account_id: row.id,
        account_type: row.account_type,
        account_type_display_name: if is_site { "Visionline" } else { "Assa Abloy Credential Service" },
        display_name: row.display_name,
        created_at: Utc(row.created_at),
        automatically_manage_new_devices: row.automatically_manage_new_devices,
        accepted_capabilities: row.accepted_capabilities,
        custom_metadata,
        customer_key: row.customer_key,
        image_url: IMAGE_URL,
        time_zone: system.and_then(|system| system.time_zone.clone()),
        user_identifier: way.map(|way| UserIdentifier {
            username: way.username.clone(),
            api_url: way.address.clone(),
            exclusive: true,
        }),
        errors: system.map(engine::sites::account_errors).unwrap_or_default(),
        warnings: [],
    }
}
