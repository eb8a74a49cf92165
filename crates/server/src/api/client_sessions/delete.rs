//! `/client_sessions/delete`

use domain::id::ClientSessionId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Deletes a client session: its token opens nothing any more.
#[derive(Deserialize, JsonSchema)]
pub struct Delete {
    /// ID of the session.
    client_session_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Delete) -> Result<Nothing, Error> {
    let id: ClientSessionId = id::known(Noun::ClientSession, &request.client_session_id)?;
    App::change(call, "client_session.delete", move |tx, moment, caller| {
        engine::client_sessions::delete(tx, moment, caller, id)
    })?;
    Ok(Nothing {})
}
