//! On whose behalf an operation runs.

use domain::{Moment, id::WorkspaceId};
use store::{Tx, audit};

use crate::Error;

/// Who asks, and in which workspace.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The workspace that the caller may see; every lookup is confined to it (P8).
    pub workspace_id: WorkspaceId,
    /// Kind and id for the audit log, such as `api_key:0190...`; never a secret.
    pub actor: String,
}

impl Caller {
    /// Writes a line of the audit log.
    pub(crate) fn note(
        &self,
        tx: &mut Tx<'_>,
        moment: &mut Moment,
        action: &str,
        subject_id: impl ToString,
        detail: serde_json::Value,
    ) -> Result<(), Error> {
        let subject_id = subject_id.to_string();
        let note = audit::Note { workspace_id: self.workspace_id, actor: &self.actor, action, subject_id, detail };
        Ok(audit::add(tx, moment, &note)?)
    }
}
