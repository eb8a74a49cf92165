//! `/action_attempts/get`

use domain::id::ActionAttemptId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::ActionAttempt;
use crate::{
    adapter::{Call, Error, field::Reference},
    api::id,
    app::App,
};

/// Gets an action attempt: how far the work has come, and what came of it.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the action attempt.
    action_attempt_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    action_attempt: ActionAttempt,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let id: ActionAttemptId = id::known(Noun::ActionAttempt, &request.action_attempt_id)?;
    let found = App::look(call, "action_attempt.get", |tx, caller| engine::encoders::attempt(tx, caller, id))?;
    Ok(Answer { action_attempt: found.into() })
}
