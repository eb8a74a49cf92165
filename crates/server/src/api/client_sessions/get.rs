//! `/client_sessions/get`

use engine::{
    Noun,
    client_sessions::{self, By},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::ClientSession;
use crate::{
    adapter::{
        Actor, Call, Error,
        field::{Reference, Text},
    },
    api::id,
    app::App,
};

/// Gets a client session, by exactly one of `client_session_id` and `user_identifier_key`. The token of a client session
/// gets its own session, without parameters.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the session.
    client_session_id: Option<Reference>,
    /// Your own key for whoever uses the session.
    user_identifier_key: Option<Text>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    client_session: ClientSession,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let by = match (&call.access.who, request.client_session_id, request.user_identifier_key) {
        (Actor::ClientSession(own), None, None) => By::Id(own.parse().map_err(|error| Error::internal(&error))?),
        (Actor::ClientSession(_), ..) => {
            let message = "with the token of a client session, send no parameters: it gets its own session";
            return Err(Error::bad_request("invalid_options", message));
        }
        (_, Some(id), None) => By::Id(id::known(Noun::ClientSession, &id)?),
        (_, None, Some(key)) => By::Key(key.into_string()),
        _ => {
            let message = "Provide exactly one of client_session_id and user_identifier_key";
            return Err(Error::invalid_input(message));
        }
    };
    let view = App::look(call, "client_session.get", |tx, caller| {
        let session = client_sessions::find(tx, caller, &by, call.now)?;
        client_sessions::view(tx, session)
    })?;
    Ok(Answer { client_session: ClientSession::shown(call.state, view) })
}
