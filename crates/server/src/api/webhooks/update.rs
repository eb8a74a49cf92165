//! `/webhooks/update`

use domain::id::WebhookId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use super::event_types;
use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Reference, Text},
    },
    api::{id, list::MOST_IDS},
    app::App,
};

/// Changes which types of event are sent to a webhook, from now on.
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// ID of the webhook.
    webhook_id: Reference,
    /// The types of event to send; `*` stands for all.
    #[schemars(length(max = MOST_IDS))]
    event_types: Vec<Text>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Update) -> Result<Nothing, Error> {
    let id: WebhookId = id::known(Noun::Webhook, &request.webhook_id)?;
    let event_types = event_types::checked(&request.event_types)?;
    App::change(call, "webhook.update", move |tx, moment, caller| {
        engine::webhooks::update(tx, moment, caller, id, &event_types)
    })?;
    Ok(Nothing {})
}
