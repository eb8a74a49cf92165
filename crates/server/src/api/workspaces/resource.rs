//! A workspace on the wire (`spec/api.md 3.11`).

use domain::id::WorkspaceId;
use schemars::JsonSchema;
use serde::Serialize;

use crate::adapter::{Nothing, field::Id};

/// A tenant: everything else belongs to one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Workspace {
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// Its name.
    name: String,
    /// The same name, under which older SDKs look for it.
    company_name: String,
    /// Name shown to people who connect an account; none here.
    connect_partner_name: Option<String>,
    /// Looks of the pages that people see; nothing to choose here.
    connect_webview_customization: Nothing,
    /// The organization it belongs to; none here.
    #[schemars(with = "Option<Id>")]
    organization_id: Option<String>,
    /// Whether it talks to a simulated hotel.
    is_sandbox: bool,
    /// Whether it is suspended.
    is_suspended: bool,
    /// Whether publishable keys are accepted.
    is_publishable_key_auth_enabled: bool,
}

impl From<store::workspaces::Workspace> for Workspace {
    fn from(workspace: store::workspaces::Workspace) -> Self {
        Self {
            workspace_id: workspace.id,
            company_name: workspace.name.clone(),
            name: workspace.name,
            connect_partner_name: None,
            connect_webview_customization: Nothing {},
            organization_id: None,
            is_sandbox: workspace.is_sandbox,
            is_suspended: false,
            is_publishable_key_auth_enabled: false,
        }
    }
}
