//! `/access_grants/unmanaged/get`

use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error, field::Reference},
    api::{access_grants::resource::AccessGrant, error::not_found},
    app::App,
};

/// Gets an unmanaged grant. Every grant is managed here, so there is none.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the grant.
    access_grant_id: Reference,
}

/// What would be answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    access_grant: AccessGrant,
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    Err(not_found(Noun::AccessGrant, request.access_grant_id.as_str()))
}
