//! Looking at an action attempt.

use domain::id::ActionAttemptId;
use store::{
    Tx,
    action_attempts::{self, ActionAttempt},
    credentials, encoder_jobs,
};

use crate::{Caller, Error, Noun};

/// An attempt that the caller may see: all of the workspace, or what happens at a system that it sees whole, or to its
/// person's card.
///
/// # Errors
/// When there is none.
pub fn attempt(tx: &mut Tx<'_>, caller: &Caller, id: ActionAttemptId) -> Result<ActionAttempt, Error> {
    let unknown = || Error::not_found(Noun::ActionAttempt, id);
    let found = action_attempts::find(tx, caller.workspace_id, id)?.ok_or_else(unknown)?;
    let Some(sight) = caller.sight() else { return Ok(found) };
    let job = encoder_jobs::find(tx, id)?.ok_or_else(unknown)?;
    let is_own_card = match job.credential_id {
        None => false,
        Some(card) => credentials::by_ids(tx, &[card])?.iter().any(|card| caller.sees_credential(card)),
    };
    let is_for_own = job.acs_user_id.is_some_and(|user| sight.acs_user_ids.contains(&user));
    if caller.sees_whole_system(job.acs_system_id) || is_own_card || is_for_own { Ok(found) } else { Err(unknown()) }
}
