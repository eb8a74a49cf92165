//! Client sessions: what phone apps and browsers are logged in with, and how much of a workspace they see
//! (`spec/api.md 1.9`, 2.10).

mod change;
mod create;
mod sight;

pub(crate) use change::delete_those_of;
pub use change::{delete, grant_access, grant_webview, revoke};
pub use create::{Create, Given, create, get_or_create};
pub use sight::{narrowed, scope_of};

use domain::id::ClientSessionId;
use store::{
    Tx,
    client_sessions::{self, ClientSession, Filter, Grants},
    phones,
};

use crate::{Caller, Error, Noun};

/// A token, as the shell makes it from the machine's random source: a session is found by the short part, let in by
/// the hash of the long part, and shown again from the sealed form.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// The part by which it is found.
    pub short_token: String,
    /// SHA-256 of the secret part, hexadecimal.
    pub long_token_sha256: String,
    /// The whole token, sealed with the operator's key.
    pub sealed_token: String,
}

/// A session with what the API shows beside it.
#[derive(Debug, Clone)]
pub struct View {
    /// The session.
    pub session: ClientSession,
    /// What it was given besides its person.
    pub grants: Grants,
    /// How many phones its person has.
    pub device_count: usize,
}

/// How one session is named.
#[derive(Debug, Clone)]
pub enum By {
    /// By id.
    Id(ClientSessionId),
    /// By the caller's own key.
    Key(String),
}

/// A session of the caller's workspace that is not deleted. By key: the live one, else the newest.
///
/// # Errors
/// When there is none, or storage fails.
pub fn find(tx: &mut Tx<'_>, caller: &Caller, by: &By, now: jiff::Timestamp) -> Result<ClientSession, Error> {
    let (found, sought) = match by {
        By::Id(id) => (client_sessions::find(tx, caller.workspace_id, *id)?, id.to_string()),
        By::Key(key) => {
            let filter = Filter { user_identifier_key: Some(Some(key.clone())), ..Filter::default() };
            let mut with_key = client_sessions::list(tx, caller.workspace_id, &filter)?;
            with_key.sort_by_key(|session| (session.is_live(now), session.created_at, session.id));
            (with_key.pop(), key.clone())
        }
    };
    found
        .filter(|session| caller.sight().is_none_or(|sight| sight.client_session_id == Some(session.id)))
        .ok_or_else(|| Error::not_found(Noun::ClientSession, sought))
}

/// Sessions with what the API shows beside them, in the same order.
///
/// # Errors
/// When storage fails.
pub fn views(tx: &mut Tx<'_>, sessions: Vec<ClientSession>) -> Result<Vec<View>, Error> {
    let ids: Vec<ClientSessionId> = sessions.iter().map(|session| session.id).collect();
    let grants = client_sessions::grants_of(tx, &ids)?;
    let mut views = Vec::with_capacity(sessions.len());
    for (session, grants) in sessions.into_iter().zip(grants) {
        let device_count = match session.user_identity_id {
            None => 0,
            Some(person) => phones::list(tx, session.workspace_id, Some(person), None)?.len(),
        };
        views.push(View { session, grants, device_count });
    }
    Ok(views)
}

/// [`views`] for a single session.
///
/// # Errors
/// When storage fails.
pub fn view(tx: &mut Tx<'_>, session: ClientSession) -> Result<View, Error> {
    let id = session.id;
    views(tx, vec![session])?.pop().ok_or_else(|| Error::not_found(Noun::ClientSession, id))
}
