//! `/devices/unmanaged/get`

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

/// Gets a device that is managed elsewhere, by exactly one of `device_id` and `name`. There are none here, so every one
/// is unknown.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the device.
    device_id: Option<Reference>,
    /// What people call it.
    name: Option<Text>,
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, request: Get) -> Result<Nothing, Error> {
    match (request.device_id, request.name) {
        (Some(id), None) => Err(not_found(Noun::Phone, id.as_str())),
        (None, Some(name)) => Err(not_found(Noun::Phone, name.as_str())),
        _ => Err(Error::invalid_input("Provide exactly one of device_id or name")),
    }
}
