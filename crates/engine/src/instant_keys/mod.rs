//! Instant keys: links that show a guest's keys and their state in a browser (`spec/api.md 4.22`).
//!
//! A link carries a code that nobody can guess and is worth a client session of its guest. It is found by the hash of
//! the code; the code itself is stored only sealed, because answers show the link again.

mod keyring;
mod open;

pub use keyring::{KeyKind, KeyState, ShownKey, endpoint_of, keyring};
pub use open::{Access, Link, Over, look, open};

use std::collections::BTreeSet;

use domain::{
    Moment,
    id::{InstantKeyId, UserIdentityId},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{
    Tx, client_sessions as sessions,
    credentials::MOBILE_KEY,
    instant_keys::{self, InstantKey},
    user_identities::By,
};

use crate::{
    Caller, Error, Noun,
    client_sessions::{self, NewToken},
    user_identities,
};

/// The code of a link, as the shell makes it from the machine's random source.
#[derive(Debug, Clone)]
pub struct NewCode {
    /// SHA-256 of the code, hexadecimal.
    pub code_sha256: String,
    /// The code, sealed with the operator's key.
    pub sealed_code: String,
}

/// A link to be made.
#[derive(Debug, Clone)]
pub struct Create {
    /// Whose keys it is to show.
    pub user_identity_id: UserIdentityId,
    /// How many browsers may open it.
    pub max_use_count: i32,
    /// How long it lasts if its guest gets no mobile key.
    pub lasts: SignedDuration,
    /// How its page is to look, in the caller's words.
    pub customization_profile_id: Option<String>,
    /// Its code.
    pub code: NewCode,
    /// The token of its session.
    pub token: NewToken,
}

/// A link with what the API shows beside it.
#[derive(Debug, Clone)]
pub struct View {
    /// The link.
    pub key: InstantKey,
    /// When it ends: with the latest of its guest's mobile keys.
    pub expires_at: Timestamp,
    /// How many browsers have opened it.
    pub use_count: i64,
}

/// Makes a link, and the client session that it is worth.
///
/// # Errors
/// When the person is unknown or is being deleted.
pub fn create(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, asked: &Create) -> Result<View, Error> {
    let person = user_identities::find(tx, caller, &By::Id(asked.user_identity_id))?;
    let session = client_sessions::Create::of_person(person.id, None, asked.token.clone());
    let session = client_sessions::create(tx, moment, caller, &session)?;
    let key = InstantKey {
        id: moment.id(),
        workspace_id: caller.workspace_id,
        user_identity_id: person.id,
        client_session_id: session.id,
        code_sha256: asked.code.code_sha256.clone(),
        sealed_code: asked.code.sealed_code.clone(),
        customization_profile_id: asked.customization_profile_id.clone(),
        max_use_count: asked.max_use_count,
        created_at: moment.now,
        expires_at: moment.now.checked_add(asked.lasts).unwrap_or(Timestamp::MAX),
        deleted_at: None,
    };
    instant_keys::insert(tx, &key)?;
    let detail = json!({ "user_identity_id": person.id, "client_session_id": session.id });
    caller.note(tx, moment, "instant_key.create", key.id, detail)?;
    view(tx, key)
}

/// A link of the caller's workspace.
///
/// # Errors
/// When there is none, or storage fails.
pub fn find(tx: &mut Tx<'_>, caller: &Caller, id: InstantKeyId) -> Result<View, Error> {
    let key = instant_keys::find(tx, caller.workspace_id, id)?.ok_or_else(|| Error::not_found(Noun::InstantKey, id))?;
    view(tx, key)
}

/// The link of the caller's workspace with this code; none when there is none.
///
/// # Errors
/// When storage fails.
pub fn find_by_code(tx: &mut Tx<'_>, caller: &Caller, code_sha256: &str) -> Result<Option<View>, Error> {
    let found = instant_keys::by_code(tx, code_sha256)?;
    match found.filter(|key| key.workspace_id == caller.workspace_id && key.deleted_at.is_none()) {
        Some(key) => Ok(Some(view(tx, key)?)),
        None => Ok(None),
    }
}

/// The links of the caller's workspace, oldest first; of one person if one is named.
///
/// # Errors
/// When storage fails.
pub fn list(tx: &mut Tx<'_>, caller: &Caller, person: Option<UserIdentityId>) -> Result<Vec<View>, Error> {
    let keys = instant_keys::list(tx, caller.workspace_id, person)?;
    views(tx, keys)
}

/// Ends a link. Its client session ends with it.
///
/// # Errors
/// When there is no such link.
pub fn delete(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, id: InstantKeyId) -> Result<(), Error> {
    let key = find(tx, caller, id)?.key;
    instant_keys::set_deleted(tx, id, moment.now)?;
    if sessions::find(tx, caller.workspace_id, key.client_session_id)?.is_some() {
        client_sessions::delete(tx, moment, caller, key.client_session_id)?;
    }
    caller.note(tx, moment, "instant_key.delete", id, json!({}))
}

fn view(tx: &mut Tx<'_>, key: InstantKey) -> Result<View, Error> {
    let id = key.id;
    views(tx, vec![key])?.pop().ok_or_else(|| Error::not_found(Noun::InstantKey, id))
}

/// Links with what the API shows beside them, in the same order, with a fixed number of queries.
///
/// # Errors
/// When storage fails.
pub fn views(tx: &mut Tx<'_>, keys: Vec<InstantKey>) -> Result<Vec<View>, Error> {
    let ids: Vec<InstantKeyId> = keys.iter().map(|key| key.id).collect();
    let persons: BTreeSet<UserIdentityId> = keys.iter().map(|key| key.user_identity_id).collect();
    let counts = instant_keys::use_counts(tx, &ids)?;
    let ends = instant_keys::latest_ends(tx, &persons.into_iter().collect::<Vec<_>>(), MOBILE_KEY)?;
    let one = |key: InstantKey| View {
        expires_at: expiry(&key, ends.get(&key.user_identity_id).copied()),
        use_count: counts.get(&key.id).copied().unwrap_or_default(),
        key,
    };
    Ok(keys.into_iter().map(one).collect())
}

/// A link lasts as long as its guest has a mobile key, so that it stays good through a stay that is made longer. A key
/// that was over when the link was made is of a former stay.
fn expiry(key: &InstantKey, latest_end: Option<Timestamp>) -> Timestamp {
    latest_end.filter(|end| *end > key.created_at).unwrap_or(key.expires_at)
}
