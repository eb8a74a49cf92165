//! `/client_sessions/create`

use engine::client_sessions::{self, Create as New, Given};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{given, resource::ClientSession};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Reference, Text, When},
    },
    app::App,
    session_tokens,
};

/// Makes a client session. Where a live one has the `user_identifier_key`, PUT answers that one and POST refuses.
#[derive(Deserialize, JsonSchema)]
pub struct Create {
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
    /// Your own key for the customer whose session it is.
    customer_key: Option<Text>,
    /// When the session ends by itself; in a year if absent.
    expires_at: Option<When>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    client_session: ClientSession,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Create) -> Result<Answer, Error> {
    let given = given::given(
        request.user_identity_id.as_ref(),
        request.user_identity_ids.as_deref(),
        request.connected_account_ids.as_deref(),
        request.connect_webview_ids.as_deref(),
    )?;
    let key = given::user_identifier_key(call, request.user_identifier_key);
    let opens_nothing = opens_nothing(&given) && request.customer_key.is_none();
    given::refuse_too_much(call, key.as_deref(), opens_nothing, StatusCode::UNAUTHORIZED)?;
    let takes_present = call.method == Method::PUT && key.is_some();
    let new = New {
        given,
        user_identifier_key: key,
        customer_key: request.customer_key.map(Text::into_string),
        is_read_only: false,
        expires_at: request.expires_at.map(When::in_utc),
        token: session_tokens::fresh(call.state)?,
    };
    let view = App::change(call, "client_session.create", move |tx, moment, caller| {
        let session = if takes_present {
            client_sessions::get_or_create(tx, moment, caller, &new)?
        } else {
            client_sessions::create(tx, moment, caller, &new)?
        };
        client_sessions::view(tx, session)
    })?;
    Ok(Answer { client_session: ClientSession::shown(call.state, view) })
}

/// Whether a session that is given this opens nothing.
pub fn opens_nothing(given: &Given) -> bool {
    given.user_identity_id.is_none() && given.connected_account_ids.is_empty() && given.connect_webview_ids.is_empty()
}
