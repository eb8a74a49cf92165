//! `/client_sessions/grant_access`

use engine::{
    Noun,
    client_sessions::{self, By},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{given, resource::ClientSession};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Reference, Text},
    },
    api::id,
    app::App,
};

/// Gives a client session more to see. A person takes the place of its former one. Exactly one of `client_session_id`
/// and `user_identifier_key` names the session.
#[derive(Deserialize, JsonSchema)]
pub struct GrantAccess {
    /// ID of the session.
    client_session_id: Option<Reference>,
    /// Your own key for whoever uses the session.
    user_identifier_key: Option<Text>,
    /// ID of the person whose session it becomes.
    user_identity_id: Option<Id>,
    /// The same in a list of one, as older callers send it.
    #[schemars(length(equal = 1))]
    user_identity_ids: Option<Vec<Id>>,
    /// IDs of connected accounts that the session is to see.
    #[schemars(length(max = 1000))]
    connected_account_ids: Option<Vec<Reference>>,
    /// IDs of connect webviews that the session is to see.
    #[schemars(length(max = 1000))]
    connect_webview_ids: Option<Vec<Reference>>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    client_session: ClientSession,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: GrantAccess) -> Result<Answer, Error> {
    let by = match (request.client_session_id, request.user_identifier_key) {
        (Some(id), None) => By::Id(id::known(Noun::ClientSession, &id)?),
        (None, Some(key)) => By::Key(key.into_string()),
        _ => {
            let message = "Provide exactly one of client_session_id and user_identifier_key";
            return Err(Error::invalid_input(message));
        }
    };
    let given = given::given(
        request.user_identity_id.as_ref(),
        request.user_identity_ids.as_deref(),
        request.connected_account_ids.as_deref(),
        request.connect_webview_ids.as_deref(),
    )?;
    let view = App::change(call, "client_session.grant_access", move |tx, moment, caller| {
        let session = client_sessions::grant_access(tx, moment, caller, &by, &given)?;
        client_sessions::view(tx, session)
    })?;
    Ok(Answer { client_session: ClientSession::shown(call.state, view) })
}
