//! `/innkeep/webhook_attempts/repeat`

use domain::id::WebhookAttemptId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Sends the event of an attempt once more, at once and with the same `svix-id`, whether it was delivered or given up.
#[derive(Deserialize, JsonSchema)]
pub struct Repeat {
    /// ID of the attempt.
    webhook_attempt_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Repeat) -> Result<Nothing, Error> {
    let id: WebhookAttemptId = id::known(Noun::WebhookAttempt, &request.webhook_attempt_id)?;
    App::change(call, "webhook_attempt.repeat", move |tx, moment, caller| {
        engine::webhooks::repeat(tx, moment, caller, id)
    })?;
    Ok(Nothing {})
}
