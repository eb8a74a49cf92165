//! `/acs/entrances/unlock`

use domain::id::{CredentialId, EntranceId};
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Id},
    api::{error::missing, id},
    app::App,
};

/// Opens a door from afar. Visionline's locks are offline: nothing but a key that is held to them opens them.
#[derive(Deserialize, JsonSchema)]
pub struct Unlock {
    /// ID of the door.
    acs_entrance_id: Id,
    /// ID of the cloud key to open it with.
    acs_credential_id: Id,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Unlock) -> Result<Nothing, Error> {
    let entrance: EntranceId = id::of(&request.acs_entrance_id)?;
    let credential: CredentialId = id::of(&request.acs_credential_id)?;
    App::look(call, "acs_entrance.unlock", |tx, caller| {
        store::entrances::find(tx, caller.workspace_id, entrance)?
            .ok_or_else(|| missing(Noun::AcsEntrance, entrance))?;
        store::credentials::find(tx, caller.workspace_id, credential)?
            .ok_or_else(|| missing(Noun::AcsCredential, credential))
    })?;
    Err(Error::not_supported(
        "Visionline's locks are offline and cannot be opened from afar; issue a card or mobile_key",
    ))
}
