//! `/webhooks/create`

use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{event_types, resource::Webhook};
use crate::{
    adapter::{Call, Error, field::Text},
    api::{error::missing, list::MOST_IDS},
    app::App,
    webhooks::{fresh_secret, place_of_secret},
};

/// Makes a webhook: events that happen from now on are sent to it, signed with the secret in the answer.
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// Where events are to be sent: an address on the public internet, with https. In a sandbox also this machine, and
    /// plain http.
    url: Text,
    /// The types of event to send; all of them if absent.
    #[schemars(length(max = MOST_IDS))]
    event_types: Option<Vec<Text>>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    webhook: Webhook,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Create) -> Result<Answer, Error> {
    let event_types = match &request.event_types {
        Some(types) => event_types::checked(types)?,
        None => vec![store::webhooks::EVERY_TYPE.to_owned()],
    };
    let Some(seal) = &call.state.seal else {
        let message = "This server cannot keep a webhook's secret: whoever runs it must give it a secret key first";
        return Err(Error::not_supported(message));
    };
    let workspace = App::look(call, "webhook.look", |tx, caller| {
        let workspace = store::workspaces::find(tx, caller.workspace_id)?;
        workspace.ok_or_else(|| missing(Noun::Workspace, caller.workspace_id))
    })?;
    let url = request.url.into_string();
    let checked = call.state.webhooks.check(&url, workspace.is_sandbox);
    checked.map_err(|refused| Error::invalid_field("url", &refused.to_string()))?;

    let secret = fresh_secret();
    // The secret is sealed for its webhook, so that has an id before it is made.
    let id = call.state.moment(call.now).id();
    let asked =
        engine::webhooks::Create { id, url, event_types, sealed_secret: seal.seal(&place_of_secret(id), &secret) };
    let made = App::change(call, "webhook.create", move |tx, moment, caller| {
        engine::webhooks::create(tx, moment, caller, &asked)
    })?;
    Ok(Answer { webhook: Webhook::fresh(&made, &secret) })
}
