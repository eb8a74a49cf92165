//! `/acs/users/unmanaged/get`

use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::error::not_found,
    app::App,
};

/// Gets a user that is managed elsewhere. Every one here is managed, so every one is unknown to this route.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the user.
    acs_user_id: Reference,
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, request: Get) -> Result<Nothing, Error> {
    Err(not_found(Noun::AcsUser, request.acs_user_id.as_str()))
}
