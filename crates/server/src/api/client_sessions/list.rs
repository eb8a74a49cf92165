//! `/client_sessions/list`

use engine::client_sessions;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::client_sessions::Filter;

use super::resource::ClientSession;
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Nullable, Text},
    },
    api::id,
    app::App,
};

/// Lists client sessions, oldest first. The parameters combine with AND.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only this session.
    client_session_id: Option<Id>,
    /// Only sessions that were given this connect webview; `null` for those without any.
    #[serde(default)]
    connect_webview_id: Nullable<Id>,
    /// Only sessions with this key.
    user_identifier_key: Option<Text>,
    /// Only sessions of this person; `null` for those of nobody.
    #[serde(default)]
    user_identity_id: Nullable<Id>,
    /// Only sessions without a `user_identifier_key` (`true`), or only those with one (`false`).
    without_user_identifier_key: Option<bool>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    client_sessions: Vec<ClientSession>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let filter = Filter {
        id: id::of_optional(request.client_session_id.as_ref())?,
        user_identifier_key: request.user_identifier_key.map(|key| Some(key.into_string())),
        user_identity_id: named(request.user_identity_id)?,
        connect_webview_id: named(request.connect_webview_id)?,
    };
    let is_without = request.without_user_identifier_key;
    let views = App::look(call, "client_session.list", |tx, caller| {
        let mut found = store::client_sessions::list(tx, caller.workspace_id, &filter)?;
        found.retain(|session| is_without.is_none_or(|without| session.user_identifier_key.is_none() == without));
        client_sessions::views(tx, found)
    })?;
    Ok(Answer { client_sessions: views.into_iter().map(|view| ClientSession::shown(call.state, view)).collect() })
}

/// No filter, those without, or those with this one.
fn named<Kind>(given: Nullable<Id>) -> Result<Option<Option<domain::Id<Kind>>>, Error> {
    given.into_change().map(|given| id::of_optional(given.as_ref())).transpose()
}
