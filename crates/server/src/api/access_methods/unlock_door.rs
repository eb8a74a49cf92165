//! `/access_methods/unlock_door`

use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Unlocks a door from afar. The locks of Visionline are offline: only a card or a phone at the door opens it.
#[derive(Deserialize, JsonSchema)]
pub struct UnlockDoor {
    /// ID of the access method.
    access_method_id: Reference,
    /// ID of the door.
    #[expect(dead_code, reason = "no door can be unlocked from afar")]
    acs_entrance_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: UnlockDoor) -> Result<Nothing, Error> {
    let id = id::known(Noun::AccessMethod, &request.access_method_id)?;
    App::look(call, "access_method.unlock_door", |tx, caller| engine::access_methods::named(tx, caller, id))?;
    Err(Error::not_supported("the locks of Visionline are offline: hold the card or the phone to the door"))
}
