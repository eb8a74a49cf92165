//! `/devices/simulate/remove`

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::phones::deactivate::deactivate,
    app::App,
};

/// Removes a simulated phone: it is deactivated. Sandbox workspaces only.
#[derive(Deserialize, JsonSchema)]
pub struct Remove {
    /// ID of the device.
    device_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Remove) -> Result<Nothing, Error> {
    let phone = super::phone(call, &request.device_id)?;
    deactivate(call, phone.phone.id)?;
    Ok(Nothing {})
}
