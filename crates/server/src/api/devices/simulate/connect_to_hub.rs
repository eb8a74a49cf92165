//! `/devices/simulate/connect_to_hub`

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    app::App,
};

/// Connects a simulated device to its hub. Phones have none. Sandbox workspaces only.
#[derive(Deserialize, JsonSchema)]
pub struct Connect {
    /// ID of the device.
    device_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Connect) -> Result<Nothing, Error> {
    super::phone(call, &request.device_id)?;
    Err(Error::not_supported("Phones have no hub"))
}
