//! `/spaces/remove_acs_entrances`

use domain::id::SpaceId;
use engine::{Noun, spaces::Members};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Id, Reference},
    },
    api::{
        id,
        list::{self, MOST_IDS},
    },
    app::App,
};

/// Takes doors from a space. Guests who were granted them keep them.
#[derive(Deserialize, JsonSchema)]
pub struct Remove {
    /// ID of the space.
    space_id: Reference,
    /// IDs of the doors.
    #[schemars(length(min = 1, max = MOST_IDS))]
    acs_entrance_ids: Vec<Id>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Remove) -> Result<Nothing, Error> {
    let id: SpaceId = id::known(Noun::Space, &request.space_id)?;
    let members = Members { entrances: list::ids(&request.acs_entrance_ids)?, ..Members::default() };
    App::change(call, "space.remove_acs_entrances", move |tx, moment, caller| {
        engine::spaces::remove(tx, moment, caller, id, &members)
    })?;
    Ok(Nothing {})
}
