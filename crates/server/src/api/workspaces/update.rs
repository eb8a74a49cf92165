//! `/workspaces/update`

use engine::workspaces::{self, Update as Change};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{looks::Looks, resource::Workspace};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Nullable, Text},
    },
    app::App,
    keys,
};

/// Changes the workspace. What is absent stays.
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// Its name.
    #[schemars(length(max = 255))]
    name: Option<Text>,
    /// Name shown to people who connect an account; `null` takes it away.
    #[serde(default)]
    #[schemars(length(max = 255))]
    connect_partner_name: Nullable<Text>,
    /// Looks of the pages that people see; what is absent in it stays.
    connect_webview_customization: Option<Looks>,
    /// Whether publishable keys are accepted. The workspace gets its key when this is first switched on.
    is_publishable_key_auth_enabled: Option<bool>,
    /// Whether it is laid aside. A note for its makers: nothing is refused for it.
    is_suspended: Option<bool>,
    /// ID of the organization it belongs to; `null` takes it away.
    #[serde(default)]
    organization_id: Nullable<Id>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    workspace: Workspace,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Update) -> Result<Answer, Error> {
    let change = Change {
        name: request.name.map(Text::into_string),
        connect_partner_name: request.connect_partner_name.map(Text::into_string).into_change(),
        connect_webview_customization: request.connect_webview_customization.and_then(Looks::chosen),
        is_publishable_key_auth_enabled: request.is_publishable_key_auth_enabled,
        is_suspended: request.is_suspended,
        organization_id: request.organization_id.map(Id::into_string).into_change(),
    };
    let key = keys::fresh_publishable();
    let changed = App::change(call, "workspace.update", move |tx, moment, caller| {
        workspaces::update(tx, moment, caller, &change, &key)
    })?;
    Ok(Answer { workspace: changed.into() })
}
