//! Action attempts: work that a person or a device has to finish.

use diesel::prelude::*;
use domain::id::{ActionAttemptId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, OptionalJsonColumn, TimeColumn, microseconds},
    database::RunOn,
    page::Page,
    schema::action_attempts,
};

/// An attempt.
#[derive(Debug, Clone, Queryable)]
pub struct ActionAttempt {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::ActionAttempt>)]
    pub id: ActionAttemptId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// Type, in the API's words (`spec/api.md 3.6`).
    pub action_type: String,
    /// `pending`, `success` or `error`.
    pub status: String,
    /// What came of it, JSON.
    #[diesel(deserialize_as = OptionalJsonColumn)]
    pub result: Option<serde_json::Value>,
    /// Why it failed, a JSON object of `type` and `message`.
    #[diesel(deserialize_as = OptionalJsonColumn)]
    pub error: Option<serde_json::Value>,
    /// When it was asked for.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
}

/// Adds an attempt.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, attempt: &ActionAttempt) -> Result<(), Error> {
    diesel::insert_into(action_attempts::table)
        .values((
            action_attempts::id.eq(attempt.id.to_string()),
            action_attempts::workspace_id.eq(attempt.workspace_id.to_string()),
            action_attempts::action_type.eq(&attempt.action_type),
            action_attempts::status.eq(&attempt.status),
            action_attempts::result.eq(attempt.result.as_ref().map(ToString::to_string)),
            action_attempts::error.eq(attempt.error.as_ref().map(ToString::to_string)),
            action_attempts::created_at.eq(microseconds(attempt.created_at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert an action attempt"))?;
    Ok(())
}

/// An attempt of the workspace.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: ActionAttemptId) -> Result<Option<ActionAttempt>, Error> {
    action_attempts::table
        .find(id.to_string())
        .filter(action_attempts::workspace_id.eq(workspace_id.to_string()))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find an action attempt"))
}

/// A page of the workspace's attempts, oldest first: all, or those of these ids.
///
/// # Errors
/// When the query fails.
pub fn list(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    ids: Option<&[ActionAttemptId]>,
    page: Page,
) -> Result<Vec<ActionAttempt>, Error> {
    use action_attempts::{created_at, id};
    let mut query = action_attempts::table
        .filter(action_attempts::workspace_id.eq(workspace_id.to_string()))
        .order((created_at, id))
        .limit(page.limit)
        .into_boxed();
    if let Some(ids) = ids {
        query = query.filter(id.eq_any(ids.iter().map(ToString::to_string).collect::<Vec<_>>()));
    }
    if let Some((after_created_at, after_id)) = page.after_columns() {
        query = query.filter(created_at.gt(after_created_at).or(created_at.eq(after_created_at).and(id.gt(after_id))));
    }
    query.load(tx.connection).map_err(Error::during("list action attempts"))
}

/// Those of these attempts that are the workspace's.
///
/// # Errors
/// When the query fails.
pub fn known(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    ids: &[ActionAttemptId],
) -> Result<Vec<ActionAttemptId>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let known: Vec<IdColumn<kind::ActionAttempt>> = action_attempts::table
        .filter(action_attempts::workspace_id.eq(workspace_id.to_string()))
        .filter(among(action_attempts::id, ids))
        .select(action_attempts::id)
        .load_on(tx)
        .map_err(Error::during("find action attempts"))?;
    Ok(known.into_iter().map(Into::into).collect())
}

/// Ends an attempt that is pending, with its result or its error; answers whether it was pending.
///
/// # Errors
/// When the query fails.
pub fn end(
    tx: &mut Tx<'_>,
    id: ActionAttemptId,
    ended: Result<&serde_json::Value, &serde_json::Value>,
) -> Result<bool, Error> {
    let status = if ended.is_ok() { "success" } else { "error" };
    let changed = diesel::update(action_attempts::table.find(id.to_string()))
        .filter(action_attempts::status.eq("pending"))
        .set((
            action_attempts::status.eq(status),
            action_attempts::result.eq(ended.ok().map(ToString::to_string)),
            action_attempts::error.eq(ended.err().map(ToString::to_string)),
        ))
        .execute_on(tx)
        .map_err(Error::during("end an action attempt"))?;
    Ok(changed > 0)
}
