//! `/client_sessions/get_or_create`

use engine::client_sessions::{self, Create as New};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{create::opens_nothing, given, resource::ClientSession};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Reference, Text, When},
    },
    app::App,
    session_tokens,
};

/// Answers the live client session with this `user_identifier_key`, or without a key the one that was given the same;
/// makes it if there is none. A session that is there gets the `expires_at` and what it was not given yet.
#[derive(Deserialize, JsonSchema)]
pub struct GetOrCreate {
    /// ID of the person whose session it is.
    user_identity_id: Option<Id>,
    /// The same in a list of one, as older callers send it.
    #[schemars(length(equal = 1))]
    user_identity_ids: Option<Vec<Id>>,
    /// Your own key for whoever uses the session.
    user_identifier_key: Option<Text>,
    /// IDs of the connected accounts that the session sees.
    #[schemars(length(max = 1000))]
    connected_account_ids: Option<Vec<Reference>>,
    /// IDs of the connect webviews that the session sees.
    #[schemars(length(max = 1000))]
    connect_webview_ids: Option<Vec<Reference>>,
    /// When the session ends by itself; a new one in a year if absent.
    expires_at: Option<When>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    client_session: ClientSession,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: GetOrCreate) -> Result<Answer, Error> {
    let given = given::given(
        request.user_identity_id.as_ref(),
        request.user_identity_ids.as_deref(),
        request.connected_account_ids.as_deref(),
        request.connect_webview_ids.as_deref(),
    )?;
    let key = given::user_identifier_key(call, request.user_identifier_key);
    given::refuse_too_much(call, key.as_deref(), opens_nothing(&given), StatusCode::BAD_REQUEST)?;
    let new = New {
        given,
        user_identifier_key: key,
        customer_key: None,
        is_read_only: false,
        expires_at: request.expires_at.map(When::in_utc),
        token: session_tokens::fresh(call.state)?,
    };
    let view = App::change(call, "client_session.get_or_create", move |tx, moment, caller| {
        let session = client_sessions::get_or_create(tx, moment, caller, &new)?;
        client_sessions::view(tx, session)
    })?;
    Ok(Answer { client_session: ClientSession::shown(call.state, view) })
}
