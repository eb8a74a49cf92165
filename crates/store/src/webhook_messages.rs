//! The outbox of webhooks: events on their way, written in the transaction of the event.

use diesel::prelude::*;
use domain::{
    Id,
    id::{EventId, WebhookId, WebhookMessageId, WorkspaceId, kind},
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    events::Event,
    schema::webhook_messages,
    webhooks,
};

/// It is to be sent, or sent again.
pub const PENDING: &str = "pending";
/// The webhook has taken it.
pub const DELIVERED: &str = "delivered";
/// It was given up.
pub const FAILED: &str = "failed";

/// One event on its way to one webhook.
#[derive(Debug, Clone, Queryable)]
pub struct Message {
    /// Id, the same over all attempts.
    #[diesel(deserialize_as = IdColumn<kind::WebhookMessage>)]
    pub id: WebhookMessageId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// Where to.
    #[diesel(deserialize_as = IdColumn<kind::Webhook>)]
    pub webhook_id: WebhookId,
    /// What happened.
    #[diesel(deserialize_as = IdColumn<kind::Event>)]
    pub event_id: EventId,
    /// Type of the event.
    pub event_type: String,
    /// One of the words above.
    pub status: String,
    /// Attempts that failed since it was made or repeated.
    pub failures: i32,
    /// When it was made.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When it is to be sent next.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub due_at: Option<Timestamp>,
}

/// Puts an event into the outbox of each webhook that wants it.
pub(crate) fn enqueue(tx: &mut Tx<'_>, event: &Event) -> Result<(), Error> {
    for webhook_id in webhooks::that_want(tx, event.workspace_id, &event.event_type)? {
        diesel::insert_into(webhook_messages::table)
            .values((
                webhook_messages::id.eq(id_of(event.id, webhook_id).to_string()),
                webhook_messages::workspace_id.eq(event.workspace_id.to_string()),
                webhook_messages::webhook_id.eq(webhook_id.to_string()),
                webhook_messages::event_id.eq(event.id.to_string()),
                webhook_messages::event_type.eq(&event.event_type),
                webhook_messages::status.eq(PENDING),
                webhook_messages::failures.eq(0),
                webhook_messages::created_at.eq(microseconds(event.occurred_at)),
                webhook_messages::due_at.eq(Some(microseconds(event.occurred_at))),
            ))
            .execute_on(tx)
            .map_err(Error::during("put an event into an outbox"))?;
    }
    Ok(())
}

/// The id of an event's message to a webhook. It follows from the two, so that writing an event needs no more ids than
/// it has; it sorts by the time of the event.
fn id_of(event: EventId, webhook: WebhookId) -> WebhookMessageId {
    const VARIANT: u64 = 0x8000_0000_0000_0000;
    let (high, low) = event.uuid().as_u64_pair();
    let (_, other) = webhook.uuid().as_u64_pair();
    Id::from_uuid(Uuid::from_u64_pair(high, ((low ^ other) & (VARIANT / 2 - 1)) | VARIANT))
}

/// Messages to this webhook that are due, the longest due first.
///
/// # Errors
/// When the query fails.
pub fn due(tx: &mut Tx<'_>, webhook_id: WebhookId, now: Timestamp, limit: i64) -> Result<Vec<Message>, Error> {
    webhook_messages::table
        .filter(webhook_messages::webhook_id.eq(webhook_id.to_string()))
        .filter(webhook_messages::due_at.le(microseconds(now)))
        .order((webhook_messages::due_at, webhook_messages::id))
        .limit(limit)
        .load_on(tx)
        .map_err(Error::during("find due messages"))
}

/// A message of the workspace.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: WebhookMessageId) -> Result<Option<Message>, Error> {
    webhook_messages::table
        .find(id.to_string())
        .filter(webhook_messages::workspace_id.eq(workspace_id.to_string()))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a message"))
}

/// These messages of the workspace.
///
/// # Errors
/// When the query fails.
pub fn by_ids(tx: &mut Tx<'_>, workspace_id: WorkspaceId, ids: &[WebhookMessageId]) -> Result<Vec<Message>, Error> {
    webhook_messages::table
        .filter(webhook_messages::workspace_id.eq(workspace_id.to_string()))
        .filter(among(webhook_messages::id, ids))
        .load_on(tx)
        .map_err(Error::during("load messages"))
}

/// Notes how a message stands now.
///
/// # Errors
/// When the query fails.
pub fn set_state(
    tx: &mut Tx<'_>,
    id: WebhookMessageId,
    status: &str,
    failures: i32,
    due_at: Option<Timestamp>,
) -> Result<(), Error> {
    diesel::update(webhook_messages::table.find(id.to_string()))
        .set((
            webhook_messages::status.eq(status),
            webhook_messages::failures.eq(failures),
            webhook_messages::due_at.eq(due_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("change a message"))?;
    Ok(())
}

/// Forgets messages of before an instant, no more than `limit`; answers how many.
///
/// # Errors
/// When a query fails.
pub fn prune(tx: &mut Tx<'_>, workspace_id: WorkspaceId, before: Timestamp, limit: i64) -> Result<usize, Error> {
    let old: Vec<String> = webhook_messages::table
        .filter(webhook_messages::workspace_id.eq(workspace_id.to_string()))
        .filter(webhook_messages::created_at.lt(microseconds(before)))
        .order(webhook_messages::created_at)
        .limit(limit)
        .select(webhook_messages::id)
        .load_on(tx)
        .map_err(Error::during("find old messages"))?;
    diesel::delete(webhook_messages::table.filter(among(webhook_messages::id, &old)))
        .execute_on(tx)
        .map_err(Error::during("forget messages"))
}
