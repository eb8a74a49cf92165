//! Requests with an `Idempotency-Key`: that they were carried out, and what was answered.

use diesel::prelude::*;
use domain::id::WorkspaceId;
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    Error, Tx,
    column::{JsonColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::idempotency_keys,
};

/// A request that was carried out.
#[derive(Debug, Clone, Queryable)]
pub struct Kept {
    /// Hash of route and parameters.
    pub request_hash: String,
    /// The request.
    pub request_id: String,
    /// What it did: a list of objects with `action` and `id`.
    #[diesel(deserialize_as = JsonColumn)]
    pub changed: Value,
    /// Until when it is remembered.
    #[diesel(deserialize_as = TimeColumn)]
    pub expires_at: Timestamp,
    /// Status of the answer; none when the program ended before it was kept.
    pub status: Option<i32>,
    /// The answer, sealed.
    pub answer: Option<String>,
}

/// A row to be added.
#[derive(Debug, Clone)]
pub struct New<'a> {
    /// Hash of workspace, caller and key.
    pub id: &'a str,
    /// Workspace.
    pub workspace_id: WorkspaceId,
    /// Hash of route and parameters.
    pub request_hash: &'a str,
    /// The request.
    pub request_id: &'a str,
    /// What it did.
    pub changed: &'a Value,
    /// Until when it is remembered.
    pub expires_at: Timestamp,
    /// Status and sealed answer, where they are known already.
    pub answer: Option<(i32, &'a str)>,
}

/// What is remembered under this id, expired or not.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Kept>, Error> {
    idempotency_keys::table
        .find(id)
        .select((
            idempotency_keys::request_hash,
            idempotency_keys::request_id,
            idempotency_keys::changed,
            idempotency_keys::expires_at,
            idempotency_keys::status,
            idempotency_keys::answer,
        ))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a request by its idempotency key"))
}

/// Remembers a request.
///
/// # Errors
/// When the query fails; an id that is taken is a unique violation.
pub fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<(), Error> {
    diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::id.eq(new.id),
            idempotency_keys::workspace_id.eq(new.workspace_id.to_string()),
            idempotency_keys::request_hash.eq(new.request_hash),
            idempotency_keys::request_id.eq(new.request_id),
            idempotency_keys::changed.eq(new.changed.to_string()),
            idempotency_keys::expires_at.eq(microseconds(new.expires_at)),
            idempotency_keys::status.eq(new.answer.map(|(status, _)| status)),
            idempotency_keys::answer.eq(new.answer.map(|(_, answer)| answer)),
        ))
        .execute_on(tx)
        .map_err(Error::during("remember an idempotency key"))?;
    Ok(())
}

/// Keeps the answer of the request.
///
/// # Errors
/// When the query fails.
pub fn set_answer(tx: &mut Tx<'_>, id: &str, status: i32, answer: &str) -> Result<(), Error> {
    diesel::update(idempotency_keys::table.find(id))
        .set((idempotency_keys::status.eq(status), idempotency_keys::answer.eq(answer)))
        .execute_on(tx)
        .map_err(Error::during("keep an answer"))?;
    Ok(())
}

/// Forgets one.
///
/// # Errors
/// When the query fails.
pub fn forget(tx: &mut Tx<'_>, id: &str) -> Result<(), Error> {
    diesel::delete(idempotency_keys::table.find(id))
        .execute_on(tx)
        .map_err(Error::during("forget an idempotency key"))?;
    Ok(())
}

/// Forgets what has expired.
///
/// # Errors
/// When the query fails.
pub fn forget_expired(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Error> {
    diesel::delete(idempotency_keys::table.filter(idempotency_keys::expires_at.le(microseconds(now))))
        .execute_on(tx)
        .map_err(Error::during("forget expired idempotency keys"))?;
    Ok(())
}
