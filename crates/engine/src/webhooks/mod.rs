//! Webhooks: where a workspace wants its events to be sent, and the worker that sends them as a state machine.

mod attempts;
mod delivery;

use domain::{Moment, id::WebhookId};
use serde_json::json;
use store::{
    Tx,
    webhooks::{self, Webhook},
};

pub use attempts::{ShownAttempt, find_attempt, list_attempts, repeat};
pub use delivery::{Batch, Letter, Outcome, Undelivered, came_back, claim, ready, resume};

use crate::{Caller, Error, Noun};

/// The most webhooks of a workspace: each event is written once for each.
const MOST: usize = 100;

/// A webhook to be made.
#[derive(Debug, Clone)]
pub struct Create {
    /// Its id, chosen beforehand: the secret is sealed for it.
    pub id: WebhookId,
    /// Where events are to be sent.
    pub url: String,
    /// The types of event it wants.
    pub event_types: Vec<String>,
    /// The secret that signs, sealed.
    pub sealed_secret: String,
}

/// Makes a webhook. It gets the events from now on.
///
/// # Errors
/// When the workspace has too many.
pub fn create(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, asked: &Create) -> Result<Webhook, Error> {
    if webhooks::list(tx, caller.workspace_id)?.len() >= MOST {
        let message = format!("a workspace has at most {MOST} webhooks; delete one that is no longer needed");
        return Err(Error::Conflict { message });
    }
    let webhook = Webhook {
        id: asked.id,
        workspace_id: caller.workspace_id,
        url: asked.url.clone(),
        event_types: json!(asked.event_types),
        sealed_secret: asked.sealed_secret.clone(),
        created_at: moment.now,
        deleted_at: None,
    };
    webhooks::insert(tx, &webhook)?;
    caller.note(tx, moment, "webhook.create", webhook.id, json!({ "event_types": asked.event_types }))?;
    Ok(webhook)
}

/// A webhook of the caller's.
///
/// # Errors
/// When there is none.
pub fn find(tx: &mut Tx<'_>, caller: &Caller, id: WebhookId) -> Result<Webhook, Error> {
    webhooks::find(tx, caller.workspace_id, id)?.ok_or_else(|| Error::not_found(Noun::Webhook, id))
}

/// Changes the types of event that a webhook wants, from now on.
///
/// # Errors
/// When there is none.
pub fn update(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: WebhookId,
    event_types: &[String],
) -> Result<(), Error> {
    find(tx, caller, id)?;
    webhooks::set_event_types(tx, id, &json!(event_types))?;
    caller.note(tx, moment, "webhook.update", id, json!({ "event_types": event_types }))
}

/// Removes a webhook: what is on its way to it stops.
///
/// # Errors
/// When there is none.
pub fn delete(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, id: WebhookId) -> Result<(), Error> {
    find(tx, caller, id)?;
    webhooks::set_deleted(tx, id, moment.now)?;
    caller.note(tx, moment, "webhook.delete", id, json!({}))
}
