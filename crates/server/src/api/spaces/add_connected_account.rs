//! `/spaces/add_connected_account`

use domain::id::SpaceId;
use engine::{Noun, spaces::Members};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Id, Reference},
    },
    api::id,
    app::App,
};

/// Adds a connected account to a space.
#[derive(Deserialize, JsonSchema)]
pub struct Add {
    /// ID of the space.
    space_id: Reference,
    /// ID of the connected account.
    connected_account_id: Id,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Add) -> Result<Nothing, Error> {
    let id: SpaceId = id::known(Noun::Space, &request.space_id)?;
    let members = Members { accounts: vec![id::of(&request.connected_account_id)?], ..Members::default() };
    App::change(call, "space.add_connected_account", move |tx, moment, caller| {
        engine::spaces::add(tx, moment, caller, id, &members)
    })?;
    Ok(Nothing {})
}
