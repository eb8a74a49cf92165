//! `/access_grants/unmanaged/update`

use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Reference, Text},
    },
    api::error::not_found,
    app::App,
};

/// Makes an unmanaged grant a managed one. Every grant is managed here, so there is none.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "nothing matches, whatever is asked for")]
pub struct Update {
    /// ID of the grant.
    access_grant_id: Reference,
    /// Whether it is to be managed: it is.
    is_managed: bool,
    /// The caller's own key of it.
    access_grant_key: Option<Text>,
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, request: Update) -> Result<Nothing, Error> {
    Err(not_found(Noun::AccessGrant, request.access_grant_id.as_str()))
}
