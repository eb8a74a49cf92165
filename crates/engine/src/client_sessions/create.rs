//! Making a session, or taking the one that is there.

use domain::{
    Moment,
    id::{ConnectWebviewId, ConnectedAccountId, UserIdentityId},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{
    Tx,
    client_sessions::{self, ClientSession, Filter, Grants},
    connect_webviews, systems,
    user_identities::By,
};

use super::NewToken;
use crate::{Caller, Error, Noun};

/// How long a session lasts that does not say (`spec/api.md 2.10`).
const ONE_YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// What a session is given.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Its person.
    pub user_identity_id: Option<UserIdentityId>,
    /// Connected accounts, as the caller named them.
    pub connected_account_ids: Vec<ConnectedAccountId>,
    /// Connect webviews, as the caller named them.
    pub connect_webview_ids: Vec<ConnectWebviewId>,
}

/// A session to be made.
#[derive(Debug, Clone)]
pub struct Create {
    /// What it opens.
    pub given: Given,
    /// The caller's own key for whoever uses it.
    pub user_identifier_key: Option<String>,
    /// The customer whose session it is.
    pub customer_key: Option<String>,
    /// Whether it only reads; customers' sessions only.
    pub is_read_only: bool,
    /// When it ends; in a year if none.
    pub expires_at: Option<Timestamp>,
    /// Its token.
    pub token: NewToken,
}

impl Create {
    /// A session of a person, such as an instant key makes.
    #[must_use]
    pub fn of_person(person: UserIdentityId, expires_at: Option<Timestamp>, token: NewToken) -> Self {
        Self {
            given: Given { user_identity_id: Some(person), ..Given::default() },
            user_identifier_key: None,
            customer_key: None,
            is_read_only: false,
            expires_at,
            token,
        }
    }
}

/// Makes a session.
///
/// # Errors
/// [`Error::SessionKeyTaken`] when a live session has the key; or when something it is to open is unknown.
pub fn create(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, asked: &Create) -> Result<ClientSession, Error> {
    if let Some(key) = &asked.user_identifier_key
        && live_with_key(tx, caller, key, moment.now)?.is_some()
    {
        return Err(Error::SessionKeyTaken);
    }
    let expires_at = match asked.expires_at {
        None => moment.now.checked_add(ONE_YEAR).unwrap_or(Timestamp::MAX),
        Some(at) if at > moment.now => at,
        Some(_) => return Err(Error::invalid("expires_at", "expires_at must be in the future")),
    };
    let grants = known(tx, caller, &asked.given)?;
    let session = ClientSession {
        id: moment.id(),
        workspace_id: caller.workspace_id,
        short_token: asked.token.short_token.clone(),
        long_token_sha256: asked.token.long_token_sha256.clone(),
        sealed_token: asked.token.sealed_token.clone(),
        user_identifier_key: asked.user_identifier_key.clone(),
        user_identity_id: asked.given.user_identity_id,
        customer_key: asked.customer_key.clone(),
        is_read_only: asked.is_read_only,
        created_at: moment.now,
        expires_at,
        revoked_at: None,
        deleted_at: None,
    };
    client_sessions::insert(tx, &session)?;
    client_sessions::grant(tx, session.id, &grants)?;
    let detail = json!({
        "user_identity_id": session.user_identity_id,
        "connected_account_ids": grants.connected_account_ids,
        "connect_webview_ids": grants.connect_webview_ids,
        "is_read_only": session.is_read_only,
    });
    caller.note(tx, moment, "client_session.create", session.id, detail)?;
    Ok(session)
}

/// The live session with the key, or without a key the live one that was given the same; made when there is none. One
/// that is there gets the asked-for end and what it was not given yet (`spec/api.md 2.10`).
///
/// # Errors
/// When something it is to open is unknown.
pub fn get_or_create(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    asked: &Create,
) -> Result<ClientSession, Error> {
    let there = match &asked.user_identifier_key {
        Some(key) => live_with_key(tx, caller, key, moment.now)?,
        None => live_alike(tx, caller, &asked.given, moment.now)?,
    };
    let Some(mut there) = there else { return create(tx, moment, caller, asked) };
    let more = known(tx, caller, &asked.given)?;
    client_sessions::grant(tx, there.id, &more)?;
    if let Some(person) = asked.given.user_identity_id
        && there.user_identity_id != Some(person)
    {
        if there.user_identity_id.is_some() {
            let message = "the client session with this user_identifier_key belongs to another user identity; use \
                           another key";
            return Err(Error::Conflict { message: message.to_owned() });
        }
        client_sessions::set_identity(tx, there.id, person)?;
        there.user_identity_id = Some(person);
    }
    if let Some(at) = asked.expires_at {
        if at <= moment.now {
            return Err(Error::invalid("expires_at", "expires_at must be in the future"));
        }
        client_sessions::set_expiry(tx, there.id, at)?;
        there.expires_at = at;
    }
    let detail =
        json!({ "user_identity_id": there.user_identity_id, "expires_at": format!("{:.3}", there.expires_at) });
    caller.note(tx, moment, "client_session.get_or_create", there.id, detail)?;
    Ok(there)
}

fn live_with_key(tx: &mut Tx<'_>, caller: &Caller, key: &str, now: Timestamp) -> Result<Option<ClientSession>, Error> {
    let filter = Filter { user_identifier_key: Some(Some(key.to_owned())), ..Filter::default() };
    let with_key = client_sessions::list(tx, caller.workspace_id, &filter)?;
    Ok(with_key.into_iter().rfind(|session| session.is_live(now)))
}

/// The newest live session without a key that was given exactly this. One that opens nothing is nobody's, so a new one
/// is made instead.
fn live_alike(tx: &mut Tx<'_>, caller: &Caller, given: &Given, now: Timestamp) -> Result<Option<ClientSession>, Error> {
    let sorted = |given: &Given| {
        let mut accounts = given.connected_account_ids.clone();
        let mut webviews = given.connect_webview_ids.clone();
        accounts.sort();
        webviews.sort();
        Grants { connected_account_ids: accounts, connect_webview_ids: webviews }
    };
    let wanted = sorted(given);
    if given.user_identity_id.is_none() && wanted.is_empty() {
        return Ok(None);
    }
    let filter =
        Filter { user_identifier_key: Some(None), user_identity_id: Some(given.user_identity_id), ..Filter::default() };
    let mut live = client_sessions::list(tx, caller.workspace_id, &filter)?;
    live.retain(|session| session.is_live(now) && session.customer_key.is_none());
    let ids: Vec<_> = live.iter().map(|session| session.id).collect();
    let grants = client_sessions::grants_of(tx, &ids)?;
    Ok(live.into_iter().zip(grants).rfind(|(_, grants)| *grants == wanted).map(|(session, _)| session))
}

/// What is given, when the workspace has all of it.
pub(super) fn known(tx: &mut Tx<'_>, caller: &Caller, given: &Given) -> Result<Grants, Error> {
    if let Some(person) = given.user_identity_id {
        let identity = crate::user_identities::find(tx, caller, &By::Id(person))?;
        if identity.deleting_at.is_some() {
            return Err(Error::invalid("user_identity_id", "the person is being deleted; name another one"));
        }
    }
    let accounts = systems::list(tx, caller.workspace_id)?;
    for id in &given.connected_account_ids {
        if !accounts.iter().any(|system| system.connected_account_id == *id) {
            return Err(Error::not_found(Noun::ConnectedAccount, id));
        }
    }
    for id in &given.connect_webview_ids {
        if connect_webviews::find(tx, caller.workspace_id, *id)?.is_none() {
            return Err(Error::not_found(Noun::ConnectWebview, id));
        }
    }
    Ok(Grants {
        connected_account_ids: given.connected_account_ids.clone(),
        connect_webview_ids: given.connect_webview_ids.clone(),
    })
}
