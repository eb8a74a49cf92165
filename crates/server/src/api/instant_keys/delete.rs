//! `/instant_keys/delete`

use domain::id::InstantKeyId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Ends an instant key: its link shows nothing any more, and its client session ends with it.
#[derive(Deserialize, JsonSchema)]
pub struct Delete {
    /// ID of the instant key.
    instant_key_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Delete) -> Result<Nothing, Error> {
    let id: InstantKeyId = id::known(Noun::InstantKey, &request.instant_key_id)?;
    App::change(call, "instant_key.delete", move |tx, moment, caller| {
        engine::instant_keys::delete(tx, moment, caller, id)
    })?;
    Ok(Nothing {})
}
