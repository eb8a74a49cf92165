//! `/devices/simulate/connect`

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    app::App,
};

/// Brings a simulated phone back that was cut off: keys that wait for it are delivered. Sandbox workspaces only.
#[derive(Deserialize, JsonSchema)]
pub struct Connect {
    /// ID of the device.
    device_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Connect) -> Result<Nothing, Error> {
    super::set_online(call, &request.device_id, true)?;
    Ok(Nothing {})
}
