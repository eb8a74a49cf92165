//! The answers to requests with an idempotency key, in the database (docs/decisions/0017-idempotency.md).
//!
//! An answer may hold what is shown once, such as a token. So it is sealed with a key that is made of what the caller
//! proves itself with and of its idempotency key: neither stands in the database.

use http::StatusCode;
use serde_json::json;
use store::idempotency::{self, Kept};
use visionline::Secret;

use crate::{
    adapter::{
        Call, Error,
        idempotency::{Answer, Answers, Claim},
    },
    app::{App, request_of},
    seal::Seal,
};

/// Keeps answers in the application's store.
pub const ANSWERS: Answers<App> = Answers { find, keep };

fn find(call: &Call<'_, App>, claim: &Claim) -> Result<Option<Answer>, Error> {
    let kept = call.state.store.read("idempotency.find", |tx| idempotency::find(tx, &claim.id));
    let kept = kept.map_err(|error: store::Error| Error::internal(&error))?;
    let Some(kept) = kept.filter(|kept| kept.expires_at > call.now) else { return Ok(None) };
    if kept.request_hash != claim.request_hash {
        let message = "This Idempotency-Key was used for another request; use a new key for each request";
        return Err(Error::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", message));
    }
    match opened(&kept, claim) {
        Some(answer) => Ok(Some(answer)),
        None => Err(lost(&kept)),
    }
}

fn opened(kept: &Kept, claim: &Claim) -> Option<Answer> {
    let status = StatusCode::from_u16(u16::try_from(kept.status?).ok()?).ok()?;
    let text = Seal::new(&claim.secret).open(&claim.id, kept.answer.as_ref()?).ok()?;
    Some(Answer { status, body: text.expose().as_bytes().to_vec() })
}

/// The request was carried out, and the program ended before its answer was kept.
fn lost(kept: &Kept) -> Error {
    let message = "The first request with this Idempotency-Key was carried out, but the server was stopped before it \
                   could keep the answer. Read what was changed instead of sending the request again: its ids are in \
                   data";
    Error::conflict("conflict", message).with_data(json!({ "changed": kept.changed }))
}

fn keep(call: &Call<'_, App>, claim: &Claim, answer: &Answer) {
    let Ok(text) = std::str::from_utf8(&answer.body) else { return };
    let sealed = Seal::new(&claim.secret).seal(&claim.id, &Secret::new(text));
    let status = i32::from(answer.status.as_u16());
    let (request, workspace_id, now) = (request_of(call), call.access.workspace_id.parse().ok(), call.now);
    let kept: Result<(), engine::Error> = call.state.store.write("idempotency.keep", move |tx| {
        engine::idempotency::keep(tx, now, workspace_id, &request, status, &sealed)
    });
    if let Err(error) = kept {
        tracing::warn!(%error, request_id = call.request_id, "an answer was not kept; sent again, its request is refused");
    }
}
