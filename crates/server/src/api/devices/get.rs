//! `/devices/get`

use engine::{Noun, phones::Enrolled};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, Device};
use crate::{
    adapter::{
        Call, Error,
        field::{Reference, Text},
    },
    api::{error::missing, id},
    app::App,
};

/// Gets a device, by exactly one of `device_id` and `name`. Here that is a phone.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the device.
    device_id: Option<Reference>,
    /// What people call it.
    name: Option<Text>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    device: Device,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let by = match (request.device_id, request.name) {
        (Some(id), None) => Ok(id::known(Noun::Phone, &id)?),
        (None, Some(name)) => Err(name.into_string()),
        _ => return Err(Error::invalid_input("Provide exactly one of device_id or name")),
    };
    let device = App::look(call, "device.get", |tx, caller| {
        let (mut found, sought): (Option<Enrolled>, String) = match by {
            Ok(id) => (engine::phones::list(tx, caller, None, Some(&[id]))?.pop(), id.to_string()),
            Err(name) => {
                let phone = store::phones::called(tx, caller.workspace_id, &name)?;
                (engine::phones::with_endpoints(tx, phone.into_iter().collect())?.pop(), name)
            }
        };
        found = found.filter(|found| caller.sees_phone(&found.phone));
        let shown = resource::shown(tx, caller, found.into_iter().collect())?.pop();
        shown.ok_or_else(|| missing(Noun::Phone, sought))
    })?;
    Ok(Answer { device })
}
