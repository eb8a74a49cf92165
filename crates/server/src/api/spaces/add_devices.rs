//! `/spaces/add_devices`

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

/// Adds phones to a space: here only phones are devices.
#[derive(Deserialize, JsonSchema)]
pub struct Add {
    /// ID of the space.
    space_id: Reference,
    /// IDs of the phones.
    #[schemars(length(min = 1, max = MOST_IDS))]
    device_ids: Vec<Id>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Add) -> Result<Nothing, Error> {
    let id: SpaceId = id::known(Noun::Space, &request.space_id)?;
    let members = Members { devices: list::ids(&request.device_ids)?, ..Members::default() };
    App::change(call, "space.add_devices", move |tx, moment, caller| {
        engine::spaces::add(tx, moment, caller, id, &members)
    })?;
    Ok(Nothing {})
}
