//! The audit log: who changed what, and when. Rows are only ever added.

use diesel::prelude::*;
use domain::{
    Moment,
    id::{WorkspaceId, kind},
};

use crate::{Error, Tx, column::microseconds, database::RunOn, schema::audit};

/// A line of the log.
#[derive(Debug, Clone)]
pub struct Note<'a> {
    /// Workspace.
    pub workspace_id: WorkspaceId,
    /// Who: a kind and an id, never a secret.
    pub actor: &'a str,
    /// What was done: the route or the worker's step.
    pub action: &'a str,
    /// To which thing.
    pub subject_id: String,
    /// What else, a JSON object without personal data.
    pub detail: serde_json::Value,
}

/// Adds a line at the moment's instant.
///
/// # Errors
/// When the query fails.
pub fn add(tx: &mut Tx<'_>, moment: &mut Moment, note: &Note<'_>) -> Result<(), Error> {
    diesel::insert_into(audit::table)
        .values((
            audit::id.eq(moment.id::<kind::Note>().to_string()),
            audit::workspace_id.eq(note.workspace_id.to_string()),
            audit::at.eq(microseconds(moment.now)),
            audit::actor.eq(note.actor),
            audit::action.eq(note.action),
            audit::subject_id.eq(&note.subject_id),
            audit::detail.eq(note.detail.to_string()),
        ))
        .execute_on(tx)
        .map_err(Error::during("add to the audit log"))?;
    Ok(())
}
