//! `/devices/simulate/paid_subscription`

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    app::App,
};

/// Ends or renews the subscription of a simulated device. Phones have none. Sandbox workspaces only.
#[derive(Deserialize, JsonSchema)]
pub struct Simulate {
    /// ID of the device.
    device_id: Reference,
    /// Whether the subscription has ended.
    #[expect(dead_code, reason = "phones have no subscription")]
    is_expired: bool,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Simulate) -> Result<Nothing, Error> {
    super::phone(call, &request.device_id)?;
    Err(Error::not_supported("Phones have no subscription"))
}
