//! What somebody with limited rights sees of a workspace, as lists filter by it.

use domain::id::{
    AcsSystemId, AcsUserId, ClientSessionId, ConnectWebviewId, ConnectedAccountId, EntranceId, UserIdentityId,
};

/// The part of a workspace that a client session sees: the systems of its accounts whole, and of everything else what
/// is its person's. All lists are short: a person has a user per site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// The session itself.
    pub client_session_id: Option<ClientSessionId>,
    /// The customer whose session it is.
    pub customer_key: Option<String>,
    /// Connect webviews it was given.
    pub connect_webview_ids: Vec<ConnectWebviewId>,
    /// Connected accounts that it sees, those of its webviews and of its customer included.
    pub connected_account_ids: Vec<ConnectedAccountId>,
    /// The systems of these accounts: with all their doors, encoders, users and credentials.
    pub acs_system_ids: Vec<AcsSystemId>,
    /// Its person.
    pub user_identity_id: Option<UserIdentityId>,
    /// Its person's users.
    pub acs_user_ids: Vec<AcsUserId>,
    /// The doors that these users may open.
    pub acs_entrance_ids: Vec<EntranceId>,
}
