//! `/access_methods/unmanaged/get`

use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error, field::Reference},
    api::{access_methods::resource::AccessMethod, error::not_found},
    app::App,
};

/// Gets an unmanaged access method. Every one is managed here, so there is none.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the access method.
    access_method_id: Reference,
}

/// What would be answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    access_method: AccessMethod,
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    Err(not_found(Noun::AccessMethod, request.access_method_id.as_str()))
}
