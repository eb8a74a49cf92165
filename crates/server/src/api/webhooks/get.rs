//! `/webhooks/get`

use domain::id::WebhookId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::Webhook;
use crate::{
    adapter::{Call, Error, field::Reference},
    api::id,
    app::App,
};

/// Gets a webhook.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the webhook.
    webhook_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    webhook: Webhook,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let id: WebhookId = id::known(Noun::Webhook, &request.webhook_id)?;
    let found = App::look(call, "webhook.get", |tx, caller| engine::webhooks::find(tx, caller, id))?;
    Ok(Answer { webhook: Webhook::shown(&found, call.state.seal.as_ref()) })
}
