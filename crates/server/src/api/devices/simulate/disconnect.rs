//! `/devices/simulate/disconnect`

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    app::App,
};

/// Cuts a simulated phone off: keys wait until it is back. Sandbox workspaces only.
#[derive(Deserialize, JsonSchema)]
pub struct Disconnect {
    /// ID of the device.
    device_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Disconnect) -> Result<Nothing, Error> {
    super::set_online(call, &request.device_id, false)?;
    Ok(Nothing {})
}
