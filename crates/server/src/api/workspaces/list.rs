//! `/workspaces/list`

use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{create::token_of, resource::Workspace};
use crate::{
    adapter::{Actor, Call, Error},
    api::error::{missing, wire},
    app::App,
};

/// Lists the workspaces that the credential opens: those of which its owner is a member, for a personal access token;
/// otherwise its own.
#[derive(Deserialize, JsonSchema)]
pub struct List {}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    workspaces: Vec<Workspace>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, _: List) -> Result<Answer, Error> {
    let found = match &call.access.who {
        Actor::PersonalAccessToken(_) | Actor::TokenWithoutWorkspace(_) => {
            let token = token_of(call)?;
            let found = call.state.store.read("workspace.list", |tx| engine::workspaces::of_token(tx, token));
            found.map_err(|error: engine::Error| wire(&error))?
        }
        _ => App::look(call, "workspace.list", |tx, caller| {
            let own = store::workspaces::find(tx, caller.workspace_id)?;
            Ok(vec![own.ok_or_else(|| missing(Noun::Workspace, caller.workspace_id))?])
        })?,
    };
    Ok(Answer { workspaces: found.into_iter().map(Workspace::from).collect() })
}
