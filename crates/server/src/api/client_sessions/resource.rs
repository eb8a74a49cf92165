//! A client session on the wire (`spec/api.md 3.11`).

use domain::id::{ClientSessionId, ConnectWebviewId, ConnectedAccountId, UserIdentityId, WorkspaceId};
use engine::client_sessions::View;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    adapter::field::{Id, Utc},
    app::App,
    session_tokens,
};

/// What a phone app or a browser is logged in with.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClientSession {
    /// ID of the session.
    #[schemars(with = "Id")]
    client_session_id: ClientSessionId,
    /// The token that it logs in with.
    token: String,
    /// The workspace it opens a part of.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// When it was made.
    created_at: Utc,
    /// When it ends by itself.
    expires_at: Utc,
    /// The caller's own key for whoever uses it.
    user_identifier_key: Option<String>,
    /// Its person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    user_identity_id: Option<UserIdentityId>,
    /// Its person again, as older callers read it.
    #[schemars(with = "Vec<Id>")]
    user_identity_ids: Vec<UserIdentityId>,
    /// Connected accounts that it sees.
    #[schemars(with = "Vec<Id>")]
    connected_account_ids: Vec<ConnectedAccountId>,
    /// Connect webviews that it sees.
    #[schemars(with = "Vec<Id>")]
    connect_webview_ids: Vec<ConnectWebviewId>,
    /// How many phones its person has.
    device_count: usize,
    /// The customer whose session it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_key: Option<String>,
}

impl ClientSession {
    /// A session as the API shows it.
    pub fn shown(app: &App, view: View) -> Self {
        let token = session_tokens::shown(app, &view.session);
        let session = view.session;
        Self {
            client_session_id: session.id,
            token,
            workspace_id: session.workspace_id,
            created_at: Utc(session.created_at),
            expires_at: Utc(session.expires_at),
            user_identifier_key: session.user_identifier_key,
            user_identity_id: session.user_identity_id,
            user_identity_ids: session.user_identity_id.into_iter().collect(),
            connected_account_ids: view.grants.connected_account_ids,
            connect_webview_ids: view.grants.connect_webview_ids,
            device_count: view.device_count,
            customer_key: session.customer_key,
        }
    }
}
