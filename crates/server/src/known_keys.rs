//! API keys that were shown a moment ago.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use store::{
    Store,
    workspaces::{self, ApiKey},
};

/// How long a key that was read is believed. A revoked key is refused after this time at the latest.
const BELIEVED_FOR: SignedDuration = SignedDuration::from_secs(5);

/// Keys that were read a moment ago: every request shows one, and most show the same. Unknown keys are not kept.
#[derive(Default)]
pub struct KnownKeys(Mutex<HashMap<String, (Timestamp, ApiKey)>>);

impl KnownKeys {
    /// The live key with this short part.
    ///
    /// # Errors
    /// When storage fails.
    pub fn find(&self, store: &Store, short: &str, now: Timestamp) -> Result<Option<ApiKey>, store::Error> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((read_at, key)) = known.get(short)
            && (SignedDuration::ZERO..BELIEVED_FOR).contains(&now.duration_since(*read_at))
        {
            return Ok(Some(key.clone()));
        }
        let found = store.read("api_key.find", |tx| workspaces::find_api_key(tx, short))?;
        match &found {
            Some(key) => known.insert(short.to_owned(), (now, key.clone())),
            None => known.remove(short),
        };
        Ok(found)
    }
}
