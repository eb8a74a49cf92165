//! What came of each attempt to deliver an event to a webhook.

use diesel::prelude::*;
use domain::id::{EventId, WebhookAttemptId, WebhookId, WebhookMessageId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, TimeColumn, microseconds},
    database::RunOn,
    page::Page,
    schema::webhook_attempts,
};

/// One attempt.
#[derive(Debug, Clone, Queryable)]
pub struct Attempt {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::WebhookAttempt>)]
    pub id: WebhookAttemptId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// Where to.
    #[diesel(deserialize_as = IdColumn<kind::Webhook>)]
    pub webhook_id: WebhookId,
    /// The message.
    #[diesel(deserialize_as = IdColumn<kind::WebhookMessage>)]
    pub message_id: WebhookMessageId,
    /// The event in it.
    #[diesel(deserialize_as = IdColumn<kind::Event>)]
    pub event_id: EventId,
    /// Type of the event.
    pub event_type: String,
    /// Whether the webhook took it.
    pub is_delivered: bool,
    /// The status of the webhook's answer.
    pub response_status: Option<i32>,
    /// What went wrong, in words.
    pub problem: Option<String>,
    /// How long it took.
    pub duration_ms: i64,
    /// When its outcome was known.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
}

/// Which attempts to list; the parts combine with AND.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those to this webhook.
    pub webhook_id: Option<WebhookId>,
    /// Only those with this event.
    pub event_id: Option<EventId>,
    /// Only those that were delivered, or those that were not.
    pub is_delivered: Option<bool>,
}

/// Adds an attempt.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<(), Error> {
    diesel::insert_into(webhook_attempts::table)
        .values((
            webhook_attempts::id.eq(attempt.id.to_string()),
            webhook_attempts::workspace_id.eq(attempt.workspace_id.to_string()),
            webhook_attempts::webhook_id.eq(attempt.webhook_id.to_string()),
            webhook_attempts::message_id.eq(attempt.message_id.to_string()),
            webhook_attempts::event_id.eq(attempt.event_id.to_string()),
            webhook_attempts::event_type.eq(&attempt.event_type),
            webhook_attempts::is_delivered.eq(attempt.is_delivered),
            webhook_attempts::response_status.eq(attempt.response_status),
            webhook_attempts::problem.eq(&attempt.problem),
            webhook_attempts::duration_ms.eq(attempt.duration_ms),
            webhook_attempts::created_at.eq(microseconds(attempt.created_at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert an attempt"))?;
    Ok(())
}

/// An attempt of the workspace.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: WebhookAttemptId) -> Result<Option<Attempt>, Error> {
    webhook_attempts::table
        .find(id.to_string())
        .filter(webhook_attempts::workspace_id.eq(workspace_id.to_string()))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find an attempt"))
}

/// A page of the workspace's attempts, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(tx: &mut Tx<'_>, workspace_id: WorkspaceId, filter: &Filter, page: Page) -> Result<Vec<Attempt>, Error> {
    let mut query = webhook_attempts::table
        .filter(webhook_attempts::workspace_id.eq(workspace_id.to_string()))
        .order((webhook_attempts::created_at, webhook_attempts::id))
        .limit(page.limit)
        .into_boxed();
    if let Some(id) = filter.webhook_id {
        query = query.filter(webhook_attempts::webhook_id.eq(id.to_string()));
    }
    if let Some(id) = filter.event_id {
        query = query.filter(webhook_attempts::event_id.eq(id.to_string()));
    }
    if let Some(is_delivered) = filter.is_delivered {
        query = query.filter(webhook_attempts::is_delivered.eq(is_delivered));
    }
    if let Some((created_at, id)) = page.after_columns() {
        let later = webhook_attempts::created_at
            .gt(created_at)
            .or(webhook_attempts::created_at.eq(created_at).and(webhook_attempts::id.gt(id)));
        query = query.filter(later);
    }
    query.load(tx.connection).map_err(Error::during("list attempts"))
}

/// Forgets attempts of before an instant, the oldest first and no more than `limit`; answers how many.
///
/// # Errors
/// When a query fails.
pub fn prune(tx: &mut Tx<'_>, workspace_id: WorkspaceId, before: Timestamp, limit: i64) -> Result<usize, Error> {
    let old: Vec<String> = webhook_attempts::table
        .filter(webhook_attempts::workspace_id.eq(workspace_id.to_string()))
        .filter(webhook_attempts::created_at.lt(microseconds(before)))
        .order((webhook_attempts::created_at, webhook_attempts::id))
        .limit(limit)
        .select(webhook_attempts::id)
        .load_on(tx)
        .map_err(Error::during("find old attempts"))?;
    diesel::delete(webhook_attempts::table.filter(among(webhook_attempts::id, &old)))
        .execute_on(tx)
        .map_err(Error::during("forget attempts"))
}
