//! `/acs/access_groups/list_accessible_entrances`

use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::error::not_found,
    app::App,
};

/// Lists the doors of an access group. Visionline has none, so every one is unknown.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// ID of the access group.
    acs_access_group_id: Reference,
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, request: List) -> Result<Nothing, Error> {
    Err(not_found(Noun::AcsAccessGroup, request.acs_access_group_id.as_str()))
}
