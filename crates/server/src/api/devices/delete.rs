//! `/devices/delete`

use domain::id::PhoneId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Deletes a device. Phones are deactivated instead.
#[derive(Deserialize, JsonSchema)]
pub struct Delete {
    /// ID of the device.
    device_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Delete) -> Result<Nothing, Error> {
    let id: PhoneId = id::known(Noun::Phone, &request.device_id)?;
    App::look(call, "device.delete", |tx, caller| engine::phones::find(tx, caller, id))?;
    Err(Error::not_supported("A phone is not deleted; deactivate it with /phones/deactivate"))
}
