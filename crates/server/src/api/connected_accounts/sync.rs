//! `/connected_accounts/sync`

use domain::id::ConnectedAccountId;
use engine::connecting;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Id},
    api::id,
    app::App,
};

/// Asks for doors and encoders of a connected account to be read anew now.
#[derive(Deserialize, JsonSchema)]
pub struct Sync {
    /// ID of the account.
    connected_account_id: Id,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Sync) -> Result<Nothing, Error> {
    let id: ConnectedAccountId = id::of(&request.connected_account_id)?;
    App::change(call, "connected_account.sync", move |tx, moment, caller| connecting::sync(tx, moment, caller, id))?;
    Ok(Nothing {})
}
