//! Who calls: API keys, looked up by their short part and compared by the hash of their long part (`spec/api.md 1.9`).

use http::HeaderMap;
use jiff::Timestamp;
use subtle::ConstantTimeEq;

use crate::{
    adapter::{Access, Actor, Error, api_key},
    app::App,
};

/// Finds out who calls.
///
/// # Errors
/// 401 when nobody known does.
pub fn authenticate(app: &App, headers: &HeaderMap, now: Timestamp) -> Result<Access, Error> {
    let bearer = api_key::bearer(headers)
        .ok_or_else(|| Error::unauthorized("send the API key in the header authorization: Bearer <key>"))?;
    let (short, long) = api_key::parse(bearer).ok_or_else(|| Error::unauthorized("this is not an API key"))?;
    let known = app.known_keys.find(&app.store, short, now).map_err(|error| Error::internal(&error))?;
    // Compared in constant time, so that the time of a refusal tells nothing of the stored hash.
    let hash = api_key::sha256_hex(long);
    match known {
        Some(known) if bool::from(known.long_token_sha256.as_bytes().ct_eq(hash.as_bytes())) => {
            Ok(Access { workspace_id: known.workspace_id.to_string(), who: Actor::ApiKey(known.id.to_string()) })
        }
        _ => Err(Error::unauthorized("the API key is not known here")),
    }
}
