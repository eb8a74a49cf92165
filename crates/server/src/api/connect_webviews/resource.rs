//! A connect webview on the wire (`spec/api.md 3.11`).

use domain::id::{ConnectWebviewId, ConnectedAccountId, WorkspaceId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use store::{
    Tx,
    connect_webviews::{self, AUTHORIZED},
    custom_metadata,
};

use crate::{
    adapter::{
        Call,
        field::{Id, Utc},
    },
    app::App,
    connecting::link,
};

/// A page on which an operator connects a hotel or a credential manager.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ConnectWebview {
    /// ID of the webview.
    #[schemars(with = "Id")]
    connect_webview_id: ConnectWebviewId,
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// Address of the page. Whoever has it can connect a system in this workspace.
    url: String,
    /// `pending`, `authorized` or `failed`.
    status: String,
    /// Whether a system was connected.
    login_successful: bool,
    /// When it was made.
    created_at: Utc,
    /// When a system was connected.
    authorized_at: Option<Utc>,
    /// The account that came of it.
    #[schemars(with = "Option<Id>")]
    connected_account_id: Option<ConnectedAccountId>,
    /// What was connected.
    selected_provider: Option<String>,
    /// What may be connected.
    accepted_providers: Value,
    /// What it is connected for.
    accepted_capabilities: Value,
    /// Always empty.
    accepted_devices: [String; 0],
    /// Always false.
    any_device_allowed: bool,
    /// Whether no provider was named.
    any_provider_allowed: bool,
    /// Kept and shown.
    automatically_manage_new_devices: bool,
    /// Kept and shown: everything is read before the page is done.
    wait_for_device_creation: bool,
    /// `none`, `single` or `multiple`.
    device_selection_mode: String,
    /// The caller's words, which the account gets.
    custom_metadata: Map<String, Value>,
    /// Where the operator goes in the end.
    custom_redirect_url: Option<String>,
    /// Where the operator goes when it failed.
    custom_redirect_failure_url: Option<String>,
    /// The customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_key: Option<String>,
    /// What is not part of the API that we are compatible with.
    #[serde(skip_serializing_if = "Option::is_none")]
    innkeep: Option<Failure>,
}

/// Why it failed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Failure {
    /// What it is, for programs.
    error_code: String,
    /// What it is, for people.
    error_message: String,
}

/// Webviews with what the API shows of them, in the same order.
///
/// # Errors
/// When storage fails.
pub fn shown(
    tx: &mut Tx<'_>,
    links: &link::Links,
    rows: Vec<connect_webviews::ConnectWebview>,
) -> Result<Vec<ConnectWebview>, engine::Error> {
    let ids: Vec<String> = rows.iter().map(|row| row.id.to_string()).collect();
    let mut words = custom_metadata::of(tx, &ids)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let words = words.remove(&row.id.to_string()).unwrap_or_default();
            one(links, row, words)
        })
        .collect())
}

/// [`shown`] for a single webview.
///
/// # Errors
/// When storage fails.
pub fn shown_one(
    tx: &mut Tx<'_>,
    links: &link::Links,
    row: connect_webviews::ConnectWebview,
) -> Result<ConnectWebview, engine::Error> {
    let id = row.id.to_string();
    let words = custom_metadata::of(tx, std::slice::from_ref(&id))?.remove(&id).unwrap_or_default();
    Ok(one(links, row, words))
}

/// The links of this call's answers.
pub fn links(call: &Call<'_, App>) -> link::Links {
    link::Links::new(call.origin, call.state.seal.clone())
}

fn one(links: &link::Links, row: connect_webviews::ConnectWebview, words: Map<String, Value>) -> ConnectWebview {
    let url = links.to(&row);
    let is = |member: &str| row.options[member].as_bool().unwrap_or(false);
    let failure = |member: &str| row.failure.as_ref().and_then(|told| told[member].as_str()).map(str::to_owned);
    ConnectWebview {
        connect_webview_id: row.id,
        workspace_id: row.workspace_id,
        url,
        login_successful: row.status == AUTHORIZED,
        created_at: Utc(row.created_at),
        authorized_at: row.authorized_at.map(Utc),
        connected_account_id: row.connected_account_id,
        selected_provider: row.selected_provider,
        accepted_capabilities: row.options["accepted_capabilities"].clone(),
        accepted_devices: [],
        any_device_allowed: false,
        any_provider_allowed: is("any_provider_allowed"),
        automatically_manage_new_devices: is("automatically_manage_new_devices"),
        wait_for_device_creation: is("wait_for_device_creation"),
        device_selection_mode: row.options["device_selection_mode"].as_str().unwrap_or("none").to_owned(),
        custom_metadata: words,
        custom_redirect_url: row.custom_redirect_url,
        custom_redirect_failure_url: row.custom_redirect_failure_url,
        customer_key: row.customer_key,
        innkeep: failure("error_code")
            .zip(failure("error_message"))
            .map(|(error_code, error_message)| Failure { error_code, error_message }),
        status: row.status,
        accepted_providers: row.accepted_providers,
    }
}
