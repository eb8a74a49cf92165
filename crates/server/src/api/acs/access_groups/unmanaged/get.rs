//! `/acs/access_groups/unmanaged/get`

use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::error::not_found,
    app::App,
};

/// Gets an access group that is managed elsewhere. Visionline has none, so every one is unknown.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the access group.
    acs_access_group_id: Reference,
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, request: Get) -> Result<Nothing, Error> {
    Err(not_found(Noun::AcsAccessGroup, request.acs_access_group_id.as_str()))
}
