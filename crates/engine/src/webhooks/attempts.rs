//! Attempts to deliver: looked at, and repeated.

use domain::{Moment, id::WebhookAttemptId};
use jiff::Timestamp;
use serde_json::json;
use store::{
    Tx, events,
    page::Page,
    webhook_attempts::{self, Attempt, Filter},
    webhook_messages::{self, Message, PENDING},
};

use crate::{Caller, Error, Noun};

/// An attempt, with what becomes of its message.
#[derive(Debug, Clone)]
pub struct ShownAttempt {
    /// The attempt.
    pub attempt: Attempt,
    /// How the message stands; none when it is no longer kept.
    pub message_status: Option<String>,
    /// When the message is sent next.
    pub next_try_at: Option<Timestamp>,
}

/// An attempt of the caller's.
///
/// # Errors
/// When there is none.
pub fn find_attempt(tx: &mut Tx<'_>, caller: &Caller, id: WebhookAttemptId) -> Result<ShownAttempt, Error> {
    let attempt = webhook_attempts::find(tx, caller.workspace_id, id)?;
    let attempt = attempt.ok_or_else(|| Error::not_found(Noun::WebhookAttempt, id))?;
    let message = webhook_messages::find(tx, caller.workspace_id, attempt.message_id)?;
    Ok(shown(attempt, message.as_ref()))
}

/// A page of the caller's attempts, oldest first.
///
/// # Errors
/// When a query fails.
pub fn list_attempts(
    tx: &mut Tx<'_>,
    caller: &Caller,
    filter: &Filter,
    page: Page,
) -> Result<Vec<ShownAttempt>, Error> {
    let attempts = webhook_attempts::list(tx, caller.workspace_id, filter, page)?;
    let mut ids: Vec<_> = attempts.iter().map(|attempt| attempt.message_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut messages = std::collections::BTreeMap::new();
    // Databases bind a limited number of values per query.
    for some in ids.chunks(1000) {
        let loaded = webhook_messages::by_ids(tx, caller.workspace_id, some)?;
        messages.extend(loaded.into_iter().map(|message| (message.id, message)));
    }
    let shown_all = attempts.into_iter().map(|attempt| {
        let message = messages.get(&attempt.message_id);
        shown(attempt, message)
    });
    Ok(shown_all.collect())
}

fn shown(attempt: Attempt, message: Option<&Message>) -> ShownAttempt {
    ShownAttempt {
        attempt,
        message_status: message.map(|message| message.status.clone()),
        next_try_at: message.and_then(|message| message.due_at),
    }
}

/// Sends the event of an attempt once more, at once and under the same id, whatever came of it before.
///
/// # Errors
/// When there is no such attempt, its webhook was removed, or its event is no longer kept.
pub fn repeat(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, id: WebhookAttemptId) -> Result<(), Error> {
    let attempt = find_attempt(tx, caller, id)?.attempt;
    super::find(tx, caller, attempt.webhook_id)?;
    let message = webhook_messages::find(tx, caller.workspace_id, attempt.message_id)?;
    let event = events::find(tx, caller.workspace_id, attempt.event_id)?;
    let (Some(message), Some(_)) = (message, event) else {
        let message = format!("event {} is no longer kept, so it cannot be sent again", attempt.event_id);
        return Err(Error::invalid("webhook_attempt_id", message));
    };
    webhook_messages::set_state(tx, message.id, PENDING, 0, Some(moment.now))?;
    caller.note(tx, moment, "webhook_attempt.repeat", id, json!({ "event_id": message.event_id }))
}
