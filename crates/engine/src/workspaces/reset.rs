//! A sandbox back to its beginning.

use domain::Moment;
use serde_json::json;
use store::{
    Tx,
    action_attempts::{self, ActionAttempt},
    reset, workspaces,
};

use crate::{Caller, Error, Noun};

/// Text of the action type.
const RESET_SANDBOX_WORKSPACE: &str = "RESET_SANDBOX_WORKSPACE";

/// That the caller's workspace is a sandbox, before anything is done to it.
///
/// # Errors
/// When it is not.
pub fn require_sandbox(tx: &mut Tx<'_>, caller: &Caller) -> Result<(), Error> {
    let workspace = workspaces::find(tx, caller.workspace_id)?
        .ok_or_else(|| Error::not_found(Noun::Workspace, caller.workspace_id))?;
    if workspace.is_sandbox { Ok(()) } else { Err(Error::NotSandbox) }
}

/// Removes everything from the caller's sandbox but the workspace, its keys and members, the audit log, and the systems
/// with their doors and encoders. Answers the attempt, which has succeeded by then.
///
/// # Errors
/// When the workspace is no sandbox; nothing is removed then.
pub fn reset_sandbox(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller) -> Result<ActionAttempt, Error> {
    require_sandbox(tx, caller)?;
    reset::empty(tx, caller.workspace_id)?;
    let attempt = ActionAttempt {
        id: moment.id(),
        workspace_id: caller.workspace_id,
        action_type: RESET_SANDBOX_WORKSPACE.to_owned(),
        status: "success".to_owned(),
        result: Some(json!({})),
        error: None,
        created_at: moment.now,
    };
    action_attempts::insert(tx, &attempt)?;
    caller.note(tx, moment, "workspace.reset_sandbox", caller.workspace_id, json!({}))?;
    Ok(attempt)
}
