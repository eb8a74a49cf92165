//! `/bridges/get`

use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::error::not_found,
    app::App,
};

/// Gets a bridge. Hotels are reached without one, so every one is unknown.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the bridge.
    bridge_id: Reference,
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, request: Get) -> Result<Nothing, Error> {
    Err(not_found(Noun::Bridge, request.bridge_id.as_str()))
}
