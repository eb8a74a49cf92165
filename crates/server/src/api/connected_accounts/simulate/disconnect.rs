//! `/connected_accounts/simulate/disconnect`

use domain::id::ConnectedAccountId;
use engine::connecting;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Id},
    api::id,
    app::App,
};

/// Makes a connected account of a sandbox look as if the lock server did not let its operator in any more. Connecting it
/// again through a webview ends that.
#[derive(Deserialize, JsonSchema)]
pub struct Disconnect {
    /// ID of the account.
    connected_account_id: Id,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Disconnect) -> Result<Nothing, Error> {
    let id: ConnectedAccountId = id::of(&request.connected_account_id)?;
    App::change(call, "connected_account.simulate_disconnect", move |tx, moment, caller| {
        connecting::simulate_disconnect(tx, moment, caller, id)
    })?;
    Ok(Nothing {})
}
