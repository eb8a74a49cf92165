//! `/client_sessions/revoke`

use domain::id::ClientSessionId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Ends a client session: its token opens nothing any more. The record stays.
#[derive(Deserialize, JsonSchema)]
pub struct Revoke {
    /// ID of the session.
    client_session_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Revoke) -> Result<Nothing, Error> {
    let id: ClientSessionId = id::known(Noun::ClientSession, &request.client_session_id)?;
    App::change(call, "client_session.revoke", move |tx, moment, caller| {
        engine::client_sessions::revoke(tx, moment, caller, id)
    })?;
    Ok(Nothing {})
}
