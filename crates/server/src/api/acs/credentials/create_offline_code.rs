//! `/acs/credentials/create_offline_code`

use domain::id::{AcsUserId, EntranceId};
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Id, When},
    },
    api::{error::missing, id},
    app::App,
};

/// Creates a code that a lock knows without being told. Visionline's locks know keys only.
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// ID of the user.
    acs_user_id: Id,
    /// ID of the door.
    allowed_acs_entrance_id: Id,
    /// Whether the code opens once.
    #[expect(dead_code, reason = "no lock here has codes")]
    is_one_time_use: Option<bool>,
    /// From when on it opens.
    #[expect(dead_code, reason = "no lock here has codes")]
    starts_at: Option<When>,
    /// Until when it opens.
    #[expect(dead_code, reason = "no lock here has codes")]
    ends_at: Option<When>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Create) -> Result<Nothing, Error> {
    let user: AcsUserId = id::of(&request.acs_user_id)?;
    let entrance: EntranceId = id::of(&request.allowed_acs_entrance_id)?;
    App::look(call, "acs_credential.create_offline_code", |tx, caller| {
        engine::users::find(tx, caller, user)?;
        store::entrances::find(tx, caller.workspace_id, entrance)?.ok_or_else(|| missing(Noun::AcsEntrance, entrance))
    })?;
    Err(Error::not_supported("Visionline's locks have no codes; create a card or a mobile_key instead"))
}
