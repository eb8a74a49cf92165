//! `/user_identities/revoke_access_to_device`

use domain::id::UserIdentityId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;
use store::user_identities::By;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::{error::not_found, id},
    app::App,
};

/// Ends that a person may use a device. Doors are not devices and phones are their owners', so every device is unknown.
#[derive(Deserialize, JsonSchema)]
pub struct Revoke {
    /// ID of the person.
    user_identity_id: Reference,
    /// ID of the device.
    device_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Revoke) -> Result<Nothing, Error> {
    let id: UserIdentityId = id::known(Noun::UserIdentity, &request.user_identity_id)?;
    App::look(call, "user_identity.revoke_access_to_device", |tx, caller| {
        engine::user_identities::find(tx, caller, &By::Id(id))
    })?;
    Err(not_found(Noun::Phone, request.device_id.as_str()))
}
