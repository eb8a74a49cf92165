//! `/webhooks/delete`

use domain::id::WebhookId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Deletes a webhook. What is on its way to it is not sent any more.
#[derive(Deserialize, JsonSchema)]
pub struct Delete {
    /// ID of the webhook.
    webhook_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Delete) -> Result<Nothing, Error> {
    let id: WebhookId = id::known(Noun::Webhook, &request.webhook_id)?;
    App::change(call, "webhook.delete", move |tx, moment, caller| engine::webhooks::delete(tx, moment, caller, id))?;
    Ok(Nothing {})
}
