//! Who calls: API keys, looked up by their short part and compared by the hash of their long part (`spec/api.md 1.9`).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use store::workspaces::{self, ApiKey};
use subtle::ConstantTimeEq;

use crate::{
    adapter::{Access, Actor, Error, api_key},
    app::App,
};

/// How long a key that was read is believed. A revoked key is refused after this time at the latest.
const BELIEVED_FOR: SignedDuration = SignedDuration::from_secs(5);

/// Keys that were read a moment ago: every request shows one, and most show the same. Unknown keys are not kept.
#[derive(Default)]
pub struct KnownKeys(Mutex<HashMap<String, (Timestamp, ApiKey)>>);

impl KnownKeys {
    fn find(&self, app: &App, short: &str, now: Timestamp) -> Result<Option<ApiKey>, store::Error> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((read_at, key)) = known.get(short)
            && (SignedDuration::ZERO..BELIEVED_FOR).contains(&now.duration_since(*read_at))
        {
            return Ok(Some(key.clone()));
        }
        let found = app.store.read("api_key.find", |tx| workspaces::find_api_key(tx, short))?;
        match &found {
            Some(key) => known.insert(short.to_owned(), (now, key.clone())),
            None => known.remove(short),
        };
        Ok(found)
    }
}

/// Finds out who calls.
///
/// # Errors
/// 401 when nobody known does.
pub fn authenticate(app: &App, headers: &HeaderMap, now: Timestamp) -> Result<Access, Error> {
    let bearer = api_key::bearer(headers)
        .ok_or_else(|| Error::unauthorized("send the API key in the header authorization: Bearer <key>"))?;
    let (short, long) = api_key::parse(bearer).ok_or_else(|| Error::unauthorized("this is not an API key"))?;
    let known = app.known_keys.find(app, short, now).map_err(|error| Error::internal(&error))?;
    // Compared in constant time, so that the time of a refusal tells nothing of the stored hash.
    let hash = api_key::sha256_hex(long);
    match known {
        Some(known) if bool::from(known.long_token_sha256.as_bytes().ct_eq(hash.as_bytes())) => {
            Ok(Access { workspace_id: known.workspace_id.to_string(), who: Actor::ApiKey(known.id.to_string()) })
        }
        _ => Err(Error::unauthorized("the API key is not known here")),
    }
}
