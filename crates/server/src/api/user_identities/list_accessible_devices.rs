//! `/user_identities/list_accessible_devices`

use domain::id::UserIdentityId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::user_identities::By;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Lists the devices that a person may use. Doors are not devices (`/user_identities/list_accessible_entrances` lists
/// them), so the list is empty.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// ID of the person.
    user_identity_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    devices: [Nothing; 0],
    /// The same, under its older name.
    accessible_devices: [Nothing; 0],
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let id: UserIdentityId = id::known(Noun::UserIdentity, &request.user_identity_id)?;
    App::look(call, "user_identity.list_accessible_devices", |tx, caller| {
        engine::user_identities::find(tx, caller, &By::Id(id))
    })?;
    Ok(Answer { devices: [], accessible_devices: [] })
}
