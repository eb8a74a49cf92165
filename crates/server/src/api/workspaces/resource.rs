//! A workspace on the wire (`spec/api.md 3.11`).

use domain::id::WorkspaceId;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::adapter::field::Id;

/// A tenant: everything else belongs to one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Workspace {
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// Its name.
    name: String,
    /// The name shown to people, under which older SDKs look for it.
    company_name: String,
    /// Name shown to people who connect an account.
    connect_partner_name: Option<String>,
    /// Looks of the pages that people see.
    connect_webview_customization: Map<String, Value>,
    /// The organization it belongs to, in its makers' words.
    organization_id: Option<String>,
    /// Whether it talks to a simulated hotel.
    is_sandbox: bool,
    /// Whether its makers laid it aside.
    is_suspended: bool,
    /// Whether publishable keys are accepted.
    is_publishable_key_auth_enabled: bool,
    /// The key that browsers may show, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    publishable_key: Option<String>,
}

impl From<store::workspaces::Workspace> for Workspace {
    fn from(workspace: store::workspaces::Workspace) -> Self {
        let looks = if let Value::Object(looks) = workspace.connect_webview_customization { looks } else { Map::new() };
        Self {
            workspace_id: workspace.id,
            company_name: workspace.connect_partner_name.clone().unwrap_or_else(|| workspace.name.clone()),
            name: workspace.name,
            connect_partner_name: workspace.connect_partner_name,
            connect_webview_customization: looks,
            organization_id: workspace.organization_id,
            is_sandbox: workspace.is_sandbox,
            is_suspended: workspace.is_suspended,
            is_publishable_key_auth_enabled: workspace.is_publishable_key_auth_enabled,
            publishable_key: workspace.publishable_key,
        }
    }
}
