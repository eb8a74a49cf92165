//! `/acs/users/add_to_access_group`

use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Id, Reference},
    },
    api::error::not_found,
    app::App,
};

/// Adds a user to an access group. Visionline has none, so every one is unknown.
#[derive(Deserialize, JsonSchema)]
pub struct Add {
    /// ID of the access group.
    acs_access_group_id: Reference,
    /// ID of the user.
    #[expect(dead_code, reason = "checked by the schema; no group asks for it")]
    acs_user_id: Id,
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, request: Add) -> Result<Nothing, Error> {
    Err(not_found(Noun::AcsAccessGroup, request.acs_access_group_id.as_str()))
}
