//! `/instant_keys/get`

use domain::id::InstantKeyId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, InstantKey};
use crate::{
    adapter::{
        Call, Error,
        field::{Reference, Text},
    },
    api::{error::missing, id},
    app::App,
    instant_links,
};

/// Gets an instant key, by exactly one of `instant_key_id` and `instant_key_url`.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the instant key.
    instant_key_id: Option<Reference>,
    /// The link.
    instant_key_url: Option<Text>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    instant_key: InstantKey,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let view = match (request.instant_key_id, request.instant_key_url) {
        (Some(reference), None) => {
            let id: InstantKeyId = id::known(Noun::InstantKey, &reference)?;
            App::look(call, "instant_key.get", |tx, caller| engine::instant_keys::find(tx, caller, id))
        }
        (None, Some(url)) => {
            let hash = instant_links::code_in(url.as_str()).map(instant_links::hash).unwrap_or_default();
            App::look(call, "instant_key.get", |tx, caller| {
                let found = engine::instant_keys::find_by_code(tx, caller, &hash)?;
                // The link is a secret, so the answer does not repeat it.
                found.ok_or_else(|| missing(Noun::InstantKey, "with this link"))
            })
        }
        _ => return Err(Error::invalid_input("Provide exactly one of instant_key_id or instant_key_url")),
    }?;
    Ok(Answer { instant_key: resource::shown(call, view) })
}
