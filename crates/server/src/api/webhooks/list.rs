//! `/webhooks/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::Webhook;
use crate::{
    adapter::{Call, Error},
    app::App,
};

/// Lists the webhooks, oldest first.
#[derive(Deserialize, JsonSchema)]
pub struct List {}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    webhooks: Vec<Webhook>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, _: List) -> Result<Answer, Error> {
    let found = App::look(call, "webhook.list", |tx, caller| Ok(store::webhooks::list(tx, caller.workspace_id)?))?;
    let seal = call.state.seal.as_ref();
    Ok(Answer { webhooks: found.iter().map(|webhook| Webhook::shown(webhook, seal)).collect() })
}
