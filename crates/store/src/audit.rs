//! The audit log: who changed what, and when. Rows are only ever added; the database refuses anything else.
//!
//! A row is written in the transaction of its change and sealed soon after: it gets its place in the chain of its
//! workspace, and a hash over itself and the row before. What a hash covers is decided by `engine::audit`.

use diesel::prelude::*;
use domain::{
    Moment,
    id::{NoteId, WorkspaceId, kind},
};

use crate::{
    Error, Tx,
    column::{IdColumn, microseconds},
    database::RunOn,
    schema::{audit, audit_heads},
};

/// A line of the log.
#[derive(Debug, Clone)]
pub struct Note<'a> {
    /// Id.
    pub id: NoteId,
    /// Workspace.
    pub workspace_id: WorkspaceId,
    /// Who: a kind and an id, never a secret.
    pub actor: &'a str,
    /// What was done, such as `acs_user.create`.
    pub action: &'a str,
    /// To which thing.
    pub subject_id: String,
    /// What it was before and after, and what else there is to say: a JSON object without personal data.
    pub detail: serde_json::Value,
    /// The route, where a request did it.
    pub route: Option<&'a str>,
    /// The request.
    pub request_id: Option<&'a str>,
}

/// A stored line as it stands in the database. Nothing in it is trusted, so nothing is parsed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Row {
    /// Id.
    pub id: String,
    /// Workspace.
    pub workspace_id: String,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// Who.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To which thing.
    pub subject_id: String,
    /// The JSON of [`Note::detail`].
    pub detail: String,
    /// The route.
    pub route: Option<String>,
    /// The request.
    pub request_id: Option<String>,
    /// Its place in the chain, from 1; none before it is sealed.
    pub sequence: Option<i64>,
    /// Its hash.
    pub hash: Option<String>,
}

/// The end of a chain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable)]
pub struct Head {
    /// Place of the last sealed row; 0 when there is none.
    pub sequence: i64,
    /// Its hash; empty when there is none.
    pub hash: String,
}

/// Adds a line at the moment's instant.
///
/// # Errors
/// When the query fails.
pub fn add(tx: &mut Tx<'_>, moment: &Moment, note: &Note<'_>) -> Result<(), Error> {
    diesel::insert_into(audit::table)
        .values((
            audit::id.eq(note.id.to_string()),
            audit::workspace_id.eq(note.workspace_id.to_string()),
            audit::at.eq(microseconds(moment.now)),
            audit::actor.eq(note.actor),
            audit::action.eq(note.action),
            audit::subject_id.eq(&note.subject_id),
            audit::detail.eq(note.detail.to_string()),
            audit::route.eq(note.route),
            audit::request_id.eq(note.request_id),
        ))
        .execute_on(tx)
        .map_err(Error::during("add to the audit log"))?;
    Ok(())
}

/// Rows that are not sealed yet, oldest first, of all workspaces.
///
/// # Errors
/// When the query fails.
pub fn unsealed(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Row>, Error> {
    audit::table
        .filter(audit::sequence.is_null())
        .order((audit::at, audit::id))
        .limit(limit)
        .load_on(tx)
        .map_err(Error::during("find what is to be sealed"))
}

/// What a request has done so far in this transaction, action and subject, in order. To be asked at the instant of the
/// request: its rows are then among the few that are not sealed.
///
/// # Errors
/// When the query fails.
pub fn done_now(tx: &mut Tx<'_>, moment: &Moment, request_id: &str) -> Result<Vec<(String, String)>, Error> {
    audit::table
        .filter(audit::sequence.is_null())
        .filter(audit::at.eq(microseconds(moment.now)))
        .filter(audit::request_id.eq(request_id))
        .order(audit::id)
        .select((audit::action, audit::subject_id))
        .load_on(tx)
        .map_err(Error::during("find what a request did"))
}

/// How many rows of the workspace are not sealed.
///
/// # Errors
/// When the query fails.
pub fn count_unsealed(tx: &mut Tx<'_>, workspace_id: WorkspaceId) -> Result<i64, Error> {
    audit::table
        .filter(audit::sequence.is_null())
        .filter(audit::workspace_id.eq(workspace_id.to_string()))
        .count()
        .get_on(tx)
        .map_err(Error::during("count what is to be sealed"))
}

/// Gives a row its place and its hash.
///
/// # Errors
/// When the query fails, above all because the row is sealed already.
pub fn seal(tx: &mut Tx<'_>, id: &str, sequence: i64, hash: &str) -> Result<(), Error> {
    diesel::update(audit::table.find(id))
        .set((audit::sequence.eq(sequence), audit::hash.eq(hash)))
        .execute_on(tx)
        .map_err(Error::during("seal a row of the audit log"))?;
    Ok(())
}

/// The end of the workspace's chain; none when nothing was ever sealed.
///
/// # Errors
/// When the query fails.
pub fn head(tx: &mut Tx<'_>, workspace_id: &str) -> Result<Option<Head>, Error> {
    audit_heads::table
        .find(workspace_id)
        .select((audit_heads::sequence, audit_heads::hash))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find the end of the audit log"))
}

/// Notes the end of the workspace's chain. `is_first`: whether there was none before.
///
/// # Errors
/// When the query fails.
pub fn set_head(tx: &mut Tx<'_>, workspace_id: &str, head: &Head, is_first: bool) -> Result<(), Error> {
    if is_first {
        diesel::insert_into(audit_heads::table)
            .values((
                audit_heads::workspace_id.eq(workspace_id),
                audit_heads::sequence.eq(head.sequence),
                audit_heads::hash.eq(&head.hash),
            ))
            .execute_on(tx)
            .map_err(Error::during("note the end of the audit log"))?;
        return Ok(());
    }
    diesel::update(audit_heads::table.find(workspace_id))
        .set((audit_heads::sequence.eq(head.sequence), audit_heads::hash.eq(&head.hash)))
        .execute_on(tx)
        .map_err(Error::during("note the end of the audit log"))?;
    Ok(())
}

/// The workspaces that the log speaks of.
///
/// # Errors
/// When the query fails.
pub fn workspaces(tx: &mut Tx<'_>) -> Result<Vec<WorkspaceId>, Error> {
    let ids: Vec<IdColumn<kind::Workspace>> = crate::schema::workspaces::table
        .select(crate::schema::workspaces::id)
        .order((crate::schema::workspaces::created_at, crate::schema::workspaces::id))
        .load_on(tx)
        .map_err(Error::during("list the workspaces of the audit log"))?;
    Ok(ids.into_iter().map(WorkspaceId::from).collect())
}

/// Sealed rows of the workspace after this place, in order.
///
/// # Errors
/// When the query fails.
pub fn sealed(tx: &mut Tx<'_>, workspace_id: WorkspaceId, after: i64, limit: i64) -> Result<Vec<Row>, Error> {
    audit::table
        .filter(audit::workspace_id.eq(workspace_id.to_string()))
        .filter(audit::sequence.is_not_null())
        .filter(audit::sequence.gt(after))
        .order(audit::sequence)
        .limit(limit)
        .load_on(tx)
        .map_err(Error::during("read the audit log"))
}

/// Rows of the workspace that are not sealed yet, oldest first.
///
/// # Errors
/// When the query fails.
pub fn tail(tx: &mut Tx<'_>, workspace_id: WorkspaceId) -> Result<Vec<Row>, Error> {
    audit::table
        .filter(audit::sequence.is_null())
        .filter(audit::workspace_id.eq(workspace_id.to_string()))
        .order((audit::at, audit::id))
        .load_on(tx)
        .map_err(Error::during("read the end of the audit log"))
}
