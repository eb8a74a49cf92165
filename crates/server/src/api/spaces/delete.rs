//! `/spaces/delete`

use domain::id::SpaceId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Deletes a space. Its parts stand alone, and what was granted by it stays granted.
#[derive(Deserialize, JsonSchema)]
pub struct Delete {
    /// ID of the space.
    space_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Delete) -> Result<Nothing, Error> {
    let id: SpaceId = id::known(Noun::Space, &request.space_id)?;
    App::change(call, "space.delete", move |tx, moment, caller| engine::spaces::delete(tx, moment, caller, id))?;
    Ok(Nothing {})
}
