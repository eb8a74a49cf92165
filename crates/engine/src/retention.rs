//! Forgetting what is older than the operator wants to keep it, a little at a time, so that nobody waits for it.

use jiff::{SignedDuration, Timestamp};
use store::{Tx, events, webhook_attempts, webhook_messages, workspaces};

use crate::Error;

/// Rows that one transaction forgets at most, of each kind and workspace.
const AT_ONCE: i64 = 500;

/// Forgets events that are older than `kept`, and what is known of their deliveries; answers whether there is more.
///
/// # Errors
/// When a query fails.
pub fn prune(tx: &mut Tx<'_>, now: Timestamp, kept: SignedDuration) -> Result<bool, Error> {
    let before = now.saturating_sub(kept).unwrap_or(Timestamp::MIN);
    let mut is_more = false;
    for workspace in workspaces::list(tx)? {
        let forgotten = [
            webhook_attempts::prune(tx, workspace.id, before, AT_ONCE)?,
            webhook_messages::prune(tx, workspace.id, before, AT_ONCE)?,
            events::prune(tx, workspace.id, before, AT_ONCE)?,
        ];
        is_more |= forgotten.into_iter().any(|rows| i64::try_from(rows).is_ok_and(|rows| rows >= AT_ONCE));
    }
    Ok(is_more)
}
