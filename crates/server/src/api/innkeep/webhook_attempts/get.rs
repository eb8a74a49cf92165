//! `/innkeep/webhook_attempts/get`

use domain::id::WebhookAttemptId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::WebhookAttempt;
use crate::{
    adapter::{Call, Error, field::Reference},
    api::id,
    app::App,
};

/// Gets an attempt to send an event to a webhook.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the attempt.
    webhook_attempt_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    webhook_attempt: WebhookAttempt,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let id: WebhookAttemptId = id::known(Noun::WebhookAttempt, &request.webhook_attempt_id)?;
    let found = App::look(call, "webhook_attempt.get", |tx, caller| engine::webhooks::find_attempt(tx, caller, id))?;
    Ok(Answer { webhook_attempt: found.into() })
}
