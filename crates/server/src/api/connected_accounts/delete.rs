//! `/connected_accounts/delete`

use domain::id::ConnectedAccountId;
use engine::{Noun, connecting};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Deletes a connected account with everything that came with it: system, entrances, encoders, users and credentials.
/// Nothing is deleted in Visionline: keys that were issued go on opening doors until they end.
#[derive(Deserialize, JsonSchema)]
pub struct Delete {
    /// ID of the account.
    connected_account_id: Reference,
    /// Whether to answer only when everything is gone. Here that is always so.
    sync: Option<bool>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Delete) -> Result<Nothing, Error> {
    let id: ConnectedAccountId = id::known(Noun::ConnectedAccount, &request.connected_account_id)?;
    let _ = request.sync;
    App::change(call, "connected_account.delete", move |tx, moment, caller| {
        connecting::remove(tx, moment, caller, id)
    })?;
    call.state.sites_changed.notify_waiters();
    Ok(Nothing {})
}
