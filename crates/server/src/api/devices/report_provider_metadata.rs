//! `/devices/report_provider_metadata`

use domain::id::PhoneId;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Id},
    api::{id, list::MOST_IDS},
    app::App,
};

/// Tells what the maker's own program knows of locks of other makers. Phones have nothing of the kind.
#[derive(Deserialize, JsonSchema)]
pub struct Report {
    /// The devices, each with what is known of it.
    #[schemars(length(min = 1, max = MOST_IDS))]
    devices: Vec<Known>,
}

/// What is known of a device.
#[derive(Deserialize, JsonSchema)]
struct Known {
    /// ID of the device.
    device_id: Id,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Report) -> Result<Nothing, Error> {
    let ids = request.devices.iter().map(|known| id::of(&known.device_id)).collect::<Result<Vec<PhoneId>, _>>()?;
    App::look(call, "device.report_provider_metadata", |tx, caller| {
        ids.iter().try_for_each(|id| engine::phones::find(tx, caller, *id).map(drop))
    })?;
    Err(Error::not_supported("Nothing can be told about phones"))
}
