//! Carrying a request out once, however often it is sent (docs/decisions/0017-idempotency.md).
//!
//! That a request was carried out is written in the transaction of its change, so that no crash leaves one without the
//! other. Its answer is made after that, by the shell, and kept in a transaction of its own.

use domain::{Moment, id::WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::{
    Tx, audit,
    idempotency::{self, New},
};

use crate::{Caller, Error, caller::Request};

/// How long a request is remembered.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// That a request may be carried out once only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Hash of workspace, caller and idempotency key.
    pub id: String,
    /// Hash of route and parameters.
    pub request_hash: String,
}

/// Remembers the caller's request, if it claims to be carried out once only. Belongs into the transaction of the
/// change, after it.
///
/// # Errors
/// When another request with the same key was carried out meanwhile: this one is then not.
pub fn remember(tx: &mut Tx<'_>, moment: &Moment, caller: &Caller) -> Result<(), Error> {
    let Some((request, claim)) = claimed(caller) else { return Ok(()) };
    if let Some(there) = idempotency::find(tx, &claim.id)? {
        if there.expires_at > moment.now {
            // A request may come to more than one transaction.
            return if there.request_id == request { Ok(()) } else { Err(taken()) };
        }
        idempotency::forget(tx, &claim.id)?;
    }
    let done = audit::done_now(tx, moment, request)?;
    let changed: Value = done.into_iter().map(|(action, id)| json!({ "action": action, "id": id })).collect();
    add(tx, moment.now, caller.workspace_id, request, claim, &changed, None)
}

/// Keeps the answer of a request, sealed by the shell, and forgets requests that have expired. `workspace_id` is the
/// caller's; a token of a person needs none.
///
/// # Errors
/// When storage fails.
pub fn keep(
    tx: &mut Tx<'_>,
    now: Timestamp,
    workspace_id: Option<WorkspaceId>,
    request: &Request,
    status: i32,
    answer: &str,
) -> Result<(), Error> {
    let Some(claim) = &request.claim else { return Ok(()) };
    idempotency::forget_expired(tx, now)?;
    match (idempotency::find(tx, &claim.id)?, workspace_id) {
        // A refusal: nothing was changed, so nothing was remembered.
        (None, Some(workspace_id)) => {
            add(tx, now, workspace_id, &request.id, claim, &json!([]), Some((status, answer)))
        }
        (Some(there), _) if there.request_id == request.id && there.status.is_none() => {
            Ok(idempotency::set_answer(tx, &claim.id, status, answer)?)
        }
        _ => Ok(()),
    }
}

fn claimed(caller: &Caller) -> Option<(&str, &Claim)> {
    let request = caller.request.as_ref()?;
    Some((request.id.as_str(), request.claim.as_ref()?))
}

fn add(
    tx: &mut Tx<'_>,
    now: Timestamp,
    workspace_id: WorkspaceId,
    request_id: &str,
    claim: &Claim,
    changed: &Value,
    answer: Option<(i32, &str)>,
) -> Result<(), Error> {
    let new = New {
        id: &claim.id,
        workspace_id,
        request_hash: &claim.request_hash,
        request_id,
        changed,
        expires_at: now.saturating_add(REMEMBERED_FOR).unwrap_or(Timestamp::MAX),
        answer,
    };
    Ok(idempotency::insert(tx, &new)?)
}

fn taken() -> Error {
    let message = "another request with this Idempotency-Key was carried out at this moment; send this one again to \
                   get its answer";
    Error::Conflict { message: message.to_owned() }
}
