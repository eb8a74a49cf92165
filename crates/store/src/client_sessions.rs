//! Client sessions: what phone apps and browsers are logged in with.

use std::collections::BTreeMap;

use diesel::prelude::*;
use domain::id::{ClientSessionId, ConnectWebviewId, ConnectedAccountId, UserIdentityId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, OptionalIdColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::{client_session_grants, client_sessions},
};

/// A session. Of its token only a hash of the long part lets in; the sealed form is for showing it again.
#[derive(Debug, Clone, Queryable)]
pub struct ClientSession {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::ClientSession>)]
    pub id: ClientSessionId,
    /// The workspace it opens a part of.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// The part of the token by which it is found; not secret.
    pub short_token: String,
    /// SHA-256 of the secret part, hexadecimal.
    pub long_token_sha256: String,
    /// The token, sealed by the shell.
    pub sealed_token: String,
    /// The caller's own key for whoever uses it; names one live session of the workspace.
    pub user_identifier_key: Option<String>,
    /// Whose it is.
    #[diesel(deserialize_as = OptionalIdColumn<kind::UserIdentity>)]
    pub user_identity_id: Option<UserIdentityId>,
    /// The customer whose it is.
    pub customer_key: Option<String>,
    /// Whether it only reads; customers' sessions only.
    pub is_read_only: bool,
    /// When it was made.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When it ends by itself.
    #[diesel(deserialize_as = TimeColumn)]
    pub expires_at: Timestamp,
    /// When it was revoked.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub revoked_at: Option<Timestamp>,
    /// When it was deleted.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub deleted_at: Option<Timestamp>,
}

impl ClientSession {
    /// Whether its token opens anything at this instant.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.deleted_at.is_none() && self.revoked_at.is_none() && now < self.expires_at
    }
}

/// What a session was given besides its person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    /// Connected accounts.
    pub connected_account_ids: Vec<ConnectedAccountId>,
    /// Connect webviews.
    pub connect_webview_ids: Vec<ConnectWebviewId>,
}

impl Grants {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.connected_account_ids.is_empty() && self.connect_webview_ids.is_empty()
    }
}

/// Which sessions to list; the parts combine with AND.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this one.
    pub id: Option<ClientSessionId>,
    /// Only those with this key; inner none: those without a key.
    pub user_identifier_key: Option<Option<String>>,
    /// Only this person's; inner none: those of nobody.
    pub user_identity_id: Option<Option<UserIdentityId>>,
    /// Only those that were given this webview; inner none: those without any.
    pub connect_webview_id: Option<Option<ConnectWebviewId>>,
}

pub(crate) const ACCOUNT: &str = "connected_account";
pub(crate) const WEBVIEW: &str = "connect_webview";

/// What the sessions with this key were given of a kind.
#[diesel::dsl::auto_type]
pub(crate) fn granted_to(user_identifier_key: String, kind: &'static str) -> _ {
    client_session_grants::table
        .inner_join(client_sessions::table.on(client_sessions::id.eq(client_session_grants::client_session_id)))
        .filter(client_sessions::user_identifier_key.assume_not_null().eq(user_identifier_key))
        .filter(client_session_grants::kind.eq(kind))
        .select(client_session_grants::subject_id)
}

/// Adds a session.
///
/// # Errors
/// When the query fails; a short token that is taken is a unique violation.
pub fn insert(tx: &mut Tx<'_>, session: &ClientSession) -> Result<(), Error> {
    diesel::insert_into(client_sessions::table)
        .values((
            client_sessions::id.eq(session.id.to_string()),
            client_sessions::workspace_id.eq(session.workspace_id.to_string()),
            client_sessions::short_token.eq(&session.short_token),
            client_sessions::long_token_sha256.eq(&session.long_token_sha256),
            client_sessions::sealed_token.eq(&session.sealed_token),
            client_sessions::user_identifier_key.eq(&session.user_identifier_key),
            client_sessions::user_identity_id.eq(session.user_identity_id.map(|id| id.to_string())),
            client_sessions::customer_key.eq(&session.customer_key),
            client_sessions::is_read_only.eq(session.is_read_only),
            client_sessions::created_at.eq(microseconds(session.created_at)),
            client_sessions::expires_at.eq(microseconds(session.expires_at)),
            client_sessions::revoked_at.eq(session.revoked_at.map(microseconds)),
            client_sessions::deleted_at.eq(session.deleted_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a client session"))?;
    Ok(())
}

/// A session of the workspace that is not deleted.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: ClientSessionId) -> Result<Option<ClientSession>, Error> {
    client_sessions::table
        .find(id.to_string())
        .filter(client_sessions::workspace_id.eq(workspace_id.to_string()))
        .filter(client_sessions::deleted_at.is_null())
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a client session"))
}

/// The session with this short token, whatever its workspace, revoked and expired ones included.
///
/// # Errors
/// When the query fails.
pub fn by_short_token(tx: &mut Tx<'_>, short_token: &str) -> Result<Option<ClientSession>, Error> {
    client_sessions::table
        .filter(client_sessions::short_token.eq(short_token))
        .filter(client_sessions::deleted_at.is_null())
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a client session by its token"))
}

/// The workspace's sessions that match and are not deleted, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(tx: &mut Tx<'_>, workspace_id: WorkspaceId, filter: &Filter) -> Result<Vec<ClientSession>, Error> {
    let mut query = client_sessions::table
        .filter(client_sessions::workspace_id.eq(workspace_id.to_string()))
        .filter(client_sessions::deleted_at.is_null())
        .order((client_sessions::created_at, client_sessions::id))
        .into_boxed();
    if let Some(id) = filter.id {
        query = query.filter(client_sessions::id.eq(id.to_string()));
    }
    query = match &filter.user_identifier_key {
        None => query,
        Some(None) => query.filter(client_sessions::user_identifier_key.is_null()),
        Some(Some(key)) => query.filter(client_sessions::user_identifier_key.eq(key.clone())),
    };
    query = match filter.user_identity_id {
        None => query,
        Some(None) => query.filter(client_sessions::user_identity_id.is_null()),
        Some(Some(id)) => query.filter(client_sessions::user_identity_id.eq(id.to_string())),
    };
    let with_webview = || {
        client_session_grants::table
            .filter(client_session_grants::kind.eq(WEBVIEW))
            .select(client_session_grants::client_session_id)
    };
    query = match filter.connect_webview_id {
        None => query,
        Some(None) => query.filter(client_sessions::id.ne_all(with_webview())),
        Some(Some(id)) => query.filter(
            client_sessions::id.eq_any(with_webview().filter(client_session_grants::subject_id.eq(id.to_string()))),
        ),
    };
    query.load(tx.connection).map_err(Error::during("list client sessions"))
}

/// What each of these sessions was given, in the order of the ids.
///
/// # Errors
/// When the query fails, or a stored id is none.
pub fn grants_of(tx: &mut Tx<'_>, ids: &[ClientSessionId]) -> Result<Vec<Grants>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let accounts: Vec<(IdColumn<kind::ClientSession>, IdColumn<kind::ConnectedAccount>)> = client_session_grants::table
        .filter(among(client_session_grants::client_session_id, ids))
        .filter(client_session_grants::kind.eq(ACCOUNT))
        .order(client_session_grants::subject_id)
        .select((client_session_grants::client_session_id, client_session_grants::subject_id))
        .load_on(tx)
        .map_err(Error::during("load the accounts of client sessions"))?;
    let webviews: Vec<(IdColumn<kind::ClientSession>, IdColumn<kind::ConnectWebview>)> = client_session_grants::table
        .filter(among(client_session_grants::client_session_id, ids))
        .filter(client_session_grants::kind.eq(WEBVIEW))
        .order(client_session_grants::subject_id)
        .select((client_session_grants::client_session_id, client_session_grants::subject_id))
        .load_on(tx)
        .map_err(Error::during("load the webviews of client sessions"))?;
    let mut grants: BTreeMap<ClientSessionId, Grants> = BTreeMap::new();
    for (session, account) in accounts {
        grants.entry(session.into()).or_default().connected_account_ids.push(account.into());
    }
    for (session, webview) in webviews {
        grants.entry(session.into()).or_default().connect_webview_ids.push(webview.into());
    }
    Ok(ids.iter().map(|id| grants.remove(id).unwrap_or_default()).collect())
}

/// Gives a session more; what it has already it keeps.
///
/// # Errors
/// When the query fails.
pub fn grant(tx: &mut Tx<'_>, id: ClientSessionId, more: &Grants) -> Result<(), Error> {
    let accounts = more.connected_account_ids.iter().map(|account| (ACCOUNT, account.to_string()));
    let webviews = more.connect_webview_ids.iter().map(|webview| (WEBVIEW, webview.to_string()));
    for (kind, subject) in accounts.chain(webviews) {
        diesel::insert_into(client_session_grants::table)
            .values((
                client_session_grants::client_session_id.eq(id.to_string()),
                client_session_grants::kind.eq(kind),
                client_session_grants::subject_id.eq(subject),
            ))
            .on_conflict_do_nothing()
            .execute_on(tx)
            .map_err(Error::during("give a client session more"))?;
    }
    Ok(())
}

/// Sets whose session it is.
///
/// # Errors
/// When the query fails.
pub fn set_identity(tx: &mut Tx<'_>, id: ClientSessionId, identity: UserIdentityId) -> Result<(), Error> {
    diesel::update(client_sessions::table.find(id.to_string()))
        .set(client_sessions::user_identity_id.eq(identity.to_string()))
        .execute_on(tx)
        .map_err(Error::during("give a client session to a person"))?;
    Ok(())
}

/// Sets when a session ends by itself.
///
/// # Errors
/// When the query fails.
pub fn set_expiry(tx: &mut Tx<'_>, id: ClientSessionId, expires_at: Timestamp) -> Result<(), Error> {
    diesel::update(client_sessions::table.find(id.to_string()))
        .set(client_sessions::expires_at.eq(microseconds(expires_at)))
        .execute_on(tx)
        .map_err(Error::during("set the end of a client session"))?;
    Ok(())
}

/// Revokes a session; the first time counts.
///
/// # Errors
/// When the query fails.
pub fn revoke(tx: &mut Tx<'_>, id: ClientSessionId, at: Timestamp) -> Result<(), Error> {
    diesel::update(client_sessions::table.find(id.to_string()))
        .filter(client_sessions::revoked_at.is_null())
        .set(client_sessions::revoked_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("revoke a client session"))?;
    Ok(())
}

/// Deletes a session: it is not found any more, and the sealed token is forgotten.
///
/// # Errors
/// When the query fails.
pub fn delete(tx: &mut Tx<'_>, id: ClientSessionId, at: Timestamp) -> Result<(), Error> {
    diesel::update(client_sessions::table.find(id.to_string()))
        .set((client_sessions::deleted_at.eq(microseconds(at)), client_sessions::sealed_token.eq("")))
        .execute_on(tx)
        .map_err(Error::during("delete a client session"))?;
    diesel::delete(client_session_grants::table.filter(client_session_grants::client_session_id.eq(id.to_string())))
        .execute_on(tx)
        .map_err(Error::during("delete what a client session was given"))?;
    Ok(())
}
