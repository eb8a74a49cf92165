//! `/workspaces/reset_sandbox`

use engine::workspaces;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error},
    api::action_attempts::resource::ActionAttempt,
    app::App,
};

/// Empties a sandbox: everything goes but the workspace, its keys, and the systems with their doors and encoders. The
/// simulated hotel begins anew.
#[derive(Deserialize, JsonSchema)]
pub struct Reset {}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    action_attempt: ActionAttempt,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, _: Reset) -> Result<Answer, Error> {
    App::look(call, "workspace.require_sandbox", workspaces::require_sandbox)?;
    // The hotel first: cards that nobody asks for any more must not be found there and taken for the front desk's.
    if let Some(sandbox) = &call.state.sandbox {
        sandbox.reset();
    }
    let attempt = App::change(call, "workspace.reset_sandbox", workspaces::reset_sandbox)?;
    // And once more, for what the worker made between the two.
    if let Some(sandbox) = &call.state.sandbox {
        sandbox.reset();
    }
    Ok(Answer { action_attempt: attempt.into() })
}
