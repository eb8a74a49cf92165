//! `/devices/unmanaged/update`

use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::error::not_found,
    app::App,
};

/// Takes over the management of a device. There are none to be taken over, so every one is unknown.
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// ID of the device.
    device_id: Reference,
    /// Whether it is to be managed here: `true`.
    is_managed: Option<bool>,
    /// The caller's own data about it.
    #[expect(dead_code, reason = "checked by the schema; no device is unmanaged")]
    custom_metadata: Option<Map<String, Value>>,
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, request: Update) -> Result<Nothing, Error> {
    if request.is_managed == Some(false) {
        return Err(Error::invalid_field("is_managed", "Expected true"));
    }
    Err(not_found(Noun::Phone, request.device_id.as_str()))
}
