//! `/access_methods/assign_card`

use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Reference, Text},
    },
    api::id,
    app::App,
};

/// Assigns a card that was registered beforehand. Visionline writes cards instead: use `/access_methods/encode`.
#[derive(Deserialize, JsonSchema)]
pub struct AssignCard {
    /// ID of the access method.
    access_method_id: Reference,
    /// Number of the card.
    #[expect(dead_code, reason = "no card can be assigned, whatever its number")]
    card_number: Text,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: AssignCard) -> Result<Nothing, Error> {
    let id = id::known(Noun::AccessMethod, &request.access_method_id)?;
    App::look(call, "access_method.assign_card", |tx, caller| engine::access_methods::named(tx, caller, id))?;
    Err(Error::not_supported("cards of Visionline are not assigned but written; use /access_methods/encode"))
}
