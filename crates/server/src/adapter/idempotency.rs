//! The header `idempotency-key`: a request that is sent again gets the first answer again
//! (docs/decisions/0017-idempotency.md).
//!
//! What was answered is kept by the application, see [`Answers`]. Here stands what a key is bound to, and that two
//! requests with one key are never carried out at once.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::api_key::hexadecimal;
use super::page::fingerprint;
use super::{Access, Call, Error};

/// The header.
pub(super) const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// On an answer that was given before.
pub(super) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Longest key in bytes.
const LONGEST_KEY: usize = 255;

/// Headers by which a caller proves who it is.
const PROOFS: [HeaderName; 5] = [
    header::AUTHORIZATION,
    HeaderName::from_static("seam-client-session-token"),
    HeaderName::from_static("client-session-token"),
    HeaderName::from_static("seam-publishable-key"),
    HeaderName::from_static("seam-user-identifier-key"),
];

/// A request that is to be carried out once, however often it is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Claim {
    /// Hash of workspace, caller and key: a key means nothing to anybody else (P8).
    pub id: String,
    /// Hash of the route and its parameters.
    pub request_hash: String,
    /// Known to the caller alone: made of what it proves itself with, and the key.
    pub secret: [u8; 32],
}

impl std::fmt::Debug for Claim {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Claim").field("id", &self.id).finish_non_exhaustive()
    }
}

/// An answer that was given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its body.
    pub body: Vec<u8>,
}

/// Where answers are kept.
pub struct Answers<S> {
    /// What was answered to the request of the call's claim; none when it was not carried out yet.
    pub find: fn(&Call<'_, S>, &Claim) -> Result<Option<Answer>, Error>,
    /// Keeps an answer. A failure to do so is the application's to log: the answer is true all the same.
    pub keep: fn(&Call<'_, S>, &Claim, &Answer),
}

impl Claim {
    /// The claim of a request, if it makes one.
    ///
    /// # Errors
    /// 400 when the header is of no use.
    pub(super) fn read(
        headers: &HeaderMap,
        access: &Access,
        path: &str,
        parameters: &Map<String, Value>,
    ) -> Result<Option<Self>, Error> {
        let mut given = headers.get_all(&KEY).iter().map(HeaderValue::as_bytes);
        let Some(key) = given.next() else { return Ok(None) };
        if given.any(|other| other != key) {
            return Err(Error::invalid_input("The header Idempotency-Key was sent twice; send one key"));
        }
        if key.trim_ascii().is_empty() || key.len() > LONGEST_KEY {
            let message = format!("The header Idempotency-Key must have 1 to {LONGEST_KEY} characters");
            return Err(Error::invalid_input(message));
        }
        let id = Sha256::new()
            .chain_update(&access.workspace_id)
            .chain_update([0])
            // Kind and id of whoever calls.
            .chain_update(format!("{:?}", access.who))
            .chain_update([0])
            .chain_update(key)
            .finalize();
        let mut secret = Sha256::new().chain_update("answer");
        for proof in PROOFS.iter().filter_map(|name| headers.get(name)) {
            secret.update([0]);
            secret.update(proof.as_bytes());
        }
        Ok(Some(Self {
            id: hexadecimal(&id),
            request_hash: fingerprint(path, parameters),
            secret: secret.chain_update([0]).chain_update(key).finalize().into(),
        }))
    }
}

/// The claims that are being carried out by this program.
#[derive(Default)]
pub(super) struct Running(Mutex<HashSet<String>>);

/// Held while a claim is being carried out.
pub(super) struct Turn<'a> {
    running: &'a Running,
    id: String,
}

impl Running {
    /// Begins to carry out a claim.
    ///
    /// # Errors
    /// 409 when it is being carried out already.
    pub(super) fn begin(&self, claim: &Claim) -> Result<Turn<'_>, Error> {
        if self.claims().insert(claim.id.clone()) {
            return Ok(Turn { running: self, id: claim.id.clone() });
        }
        let message = "The first request with this Idempotency-Key is still being carried out; send it again in a \
                       moment to get its answer";
        Err(Error::conflict("conflict", message))
    }

    fn claims(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.running.claims().remove(&self.id);
    }
}
