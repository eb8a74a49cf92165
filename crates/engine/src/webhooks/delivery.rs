//! The worker of webhooks as a state machine: what is ready, a batch to send, and what came of it.
//!
//! A batch is claimed before it is sent and its messages are settled after. Whoever dies in between leaves them as they
//! were, so they are sent again under the same id (P1, P9): a webhook may get an event twice and never not at all.

use domain::{
    Moment,
    id::{WebhookId, kind},
    retry::next_attempt,
};
use jiff::{SignedDuration, Timestamp};
use store::{
    Tx,
    events::{self, Event},
    webhook_attempts::{self, Attempt},
    webhook_claims,
    webhook_messages::{self, DELIVERED, FAILED, Message, PENDING},
    webhooks::{self, Webhook},
    workspaces,
};

use crate::Error;

/// Messages that are sent to one webhook at the same time. One that has failed gets one at a time until it takes one.
const AT_ONCE: i64 = 8;

/// What is to be sent to one webhook.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Where to.
    pub webhook: Webhook,
    /// Whether the webhook is of a sandbox workspace.
    pub is_sandbox: bool,
    /// What to send, independently of each other.
    pub letters: Vec<Letter>,
    /// Who claimed it.
    holder: String,
    /// Since when the webhook has failed, if it has.
    failing_since: Option<Timestamp>,
}

/// One event to be sent.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The message.
    pub message: Message,
    /// The event in it.
    pub event: Event,
}

/// What came of sending one letter.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The status of the answer, if there was one.
    pub response_status: Option<u16>,
    /// Why it was not delivered; none when it was.
    pub undelivered: Option<Undelivered>,
    /// How long it took.
    pub duration_ms: i64,
    /// When it was over.
    pub at: Timestamp,
}

/// Why a letter was not delivered, in words.
#[derive(Debug, Clone)]
pub struct Undelivered(pub String);

/// The webhooks to which something can be sent now. Only reads: most of the time there is none.
///
/// # Errors
/// When a query fails.
pub fn ready(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<WebhookId>, Error> {
    let mut ready = Vec::new();
    for webhook in webhooks::of_everybody(tx)? {
        if webhook_messages::due(tx, webhook.id, now, 1)?.is_empty() {
            continue;
        }
        let claim = webhook_claims::find(tx, webhook.id)?;
        if claim.is_none_or(|claim| claim.claimed_until <= now) {
            ready.push(webhook.id);
        }
    }
    Ok(ready)
}

/// Claims what is due at a webhook for `length`, by which it must have come back. None when there is nothing, or
/// another program is at it.
///
/// # Errors
/// When a query fails.
pub fn claim(
    tx: &mut Tx<'_>,
    moment: &Moment,
    webhook_id: WebhookId,
    holder: &str,
    length: SignedDuration,
) -> Result<Option<Batch>, Error> {
    let Some(webhook) = webhooks::of_everybody(tx)?.into_iter().find(|webhook| webhook.id == webhook_id) else {
        return Ok(None);
    };
    let until = moment.now.saturating_add(length).unwrap_or(Timestamp::MAX);
    let Some(former) = webhook_claims::take(tx, webhook_id, holder, moment.now, until)? else { return Ok(None) };
    let failing_since = former.and_then(|claim| claim.failing_since);
    let most = if failing_since.is_some() { 1 } else { AT_ONCE };
    let mut letters = Vec::new();
    for message in webhook_messages::due(tx, webhook_id, moment.now, most)? {
        match events::find(tx, message.workspace_id, message.event_id)? {
            Some(event) => letters.push(Letter { message, event }),
            // Older than events are kept.
            None => webhook_messages::set_state(tx, message.id, FAILED, message.failures, None)?,
        }
    }
    if letters.is_empty() {
        webhook_claims::release(tx, webhook_id, holder, moment.now, failing_since)?;
        return Ok(None);
    }
    let is_sandbox = workspaces::find(tx, webhook.workspace_id)?.is_some_and(|workspace| workspace.is_sandbox);
    Ok(Some(Batch { webhook, is_sandbox, letters, holder: holder.to_owned(), failing_since }))
}

/// Records what came of a batch, one outcome for each letter, and lets go of the webhook.
///
/// # Errors
/// When a query fails.
pub fn came_back(tx: &mut Tx<'_>, moment: &mut Moment, batch: &Batch, outcomes: &[Outcome]) -> Result<(), Error> {
    if !webhooks::is_known(tx, batch.webhook.id)? {
        // The sandbox was emptied meanwhile.
        return Ok(());
    }
    let mut failing_since = batch.failing_since;
    for (letter, outcome) in batch.letters.iter().zip(outcomes) {
        webhook_attempts::insert(tx, &attempt(moment, &letter.message, outcome))?;
        match &outcome.undelivered {
            None => {
                failing_since = None;
                settle(tx, &letter.message, None)?;
            }
            Some(_) => {
                failing_since = failing_since.or(Some(outcome.at));
                settle(tx, &letter.message, Some(outcome.at))?;
            }
        }
    }
    webhook_claims::release(tx, batch.webhook.id, &batch.holder, moment.now, failing_since)?;
    Ok(())
}

fn attempt(moment: &mut Moment, message: &Message, outcome: &Outcome) -> Attempt {
    Attempt {
        id: moment.id::<kind::WebhookAttempt>(),
        workspace_id: message.workspace_id,
        webhook_id: message.webhook_id,
        message_id: message.id,
        event_id: message.event_id,
        event_type: message.event_type.clone(),
        is_delivered: outcome.undelivered.is_none(),
        response_status: outcome.response_status.map(i32::from),
        problem: outcome.undelivered.as_ref().map(|Undelivered(why)| why.clone()),
        duration_ms: outcome.duration_ms,
        created_at: moment.now,
    }
}

/// Notes that a message was delivered, or failed at an instant. Whoever was overtaken may come back late: a message
/// that was delivered meanwhile is not sent again.
fn settle(tx: &mut Tx<'_>, sent: &Message, failed_at: Option<Timestamp>) -> Result<(), Error> {
    let Some(present) = webhook_messages::find(tx, sent.workspace_id, sent.id)? else { return Ok(()) };
    let Some(failed_at) = failed_at else {
        return Ok(webhook_messages::set_state(tx, sent.id, DELIVERED, present.failures, None)?);
    };
    if present.status != PENDING {
        return Ok(());
    }
    let failures = present.failures.saturating_add(1);
    let due_at = next_attempt(u32::try_from(failures).unwrap_or(u32::MAX), failed_at);
    let status = if due_at.is_some() { PENDING } else { FAILED };
    Ok(webhook_messages::set_state(tx, sent.id, status, failures, due_at)?)
}

/// Takes up what a former program left, for one that knows that nobody else is there.
///
/// # Errors
/// When a query fails.
pub fn resume(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Error> {
    Ok(webhook_claims::end_all(tx, now)?)
}
