//! `/workspaces/get`

use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::Workspace;
use crate::{
    adapter::{Call, Error},
    api::error::missing,
    app::App,
};

/// Gets the workspace that the API key belongs to.
#[derive(Deserialize, JsonSchema)]
pub struct Get {}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    workspace: Workspace,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, _: Get) -> Result<Answer, Error> {
    let found = App::look(call, "workspace.get", |tx, caller| {
        store::workspaces::find(tx, caller.workspace_id)?.ok_or_else(|| missing(Noun::Workspace, caller.workspace_id))
    })?;
    Ok(Answer { workspace: found.into() })
}
