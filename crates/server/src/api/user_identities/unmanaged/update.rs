//! `/user_identities/unmanaged/update`

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

/// Takes over the management of a person. Every person here is managed, so every one is unknown to this route.
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// ID of the person.
    user_identity_id: Reference,
    /// Whether the person is to be managed here: `true`.
    is_managed: bool,
    /// The caller's own key for the person.
    #[expect(dead_code, reason = "checked by the schema; nobody here is unmanaged")]
    user_identity_key: Option<Text>,
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, request: Update) -> Result<Nothing, Error> {
    if !request.is_managed {
        return Err(Error::invalid_field("is_managed", "Expected true"));
    }
    Err(not_found(Noun::UserIdentity, request.user_identity_id.as_str()))
}
