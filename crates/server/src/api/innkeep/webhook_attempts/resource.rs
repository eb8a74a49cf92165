//! An attempt to send an event to a webhook, on the wire.

use domain::id::{EventId, WebhookAttemptId, WebhookId};
use engine::webhooks::ShownAttempt;
use schemars::JsonSchema;
use serde::Serialize;

use crate::adapter::field::{Id, Utc};

/// What came of sending an event to a webhook once.
#[derive(Serialize, JsonSchema)]
pub struct WebhookAttempt {
    /// ID of the attempt.
    #[schemars(with = "Id")]
    webhook_attempt_id: WebhookAttemptId,
    /// ID of the webhook.
    #[schemars(with = "Id")]
    webhook_id: WebhookId,
    /// ID of the event.
    #[schemars(with = "Id")]
    event_id: EventId,
    /// Type of the event.
    event_type: String,
    /// The header `svix-id`, the same for every attempt with this event.
    message_id: String,
    /// Whether the webhook took the event: `succeeded` or `failed`.
    status: &'static str,
    /// The status of the webhook's answer.
    response_status: Option<i32>,
    /// What went wrong.
    error_message: Option<String>,
    /// How long it took.
    duration_ms: i64,
    /// When its outcome was known.
    created_at: Utc,
    /// How it stands with the event as a whole: `pending`, `delivered`, or `failed` when no attempt is left.
    delivery_status: Option<String>,
    /// When it is sent next.
    next_try_at: Option<Utc>,
}

impl From<ShownAttempt> for WebhookAttempt {
    fn from(ShownAttempt { attempt, message_status, next_try_at }: ShownAttempt) -> Self {
        Self {
            webhook_attempt_id: attempt.id,
            webhook_id: attempt.webhook_id,
            event_id: attempt.event_id,
            event_type: attempt.event_type,
            message_id: format!("msg_{}", attempt.message_id),
            status: if attempt.is_delivered { "succeeded" } else { "failed" },
            response_status: attempt.response_status,
            error_message: attempt.problem,
            duration_ms: attempt.duration_ms,
            created_at: Utc(attempt.created_at),
            delivery_status: message_status,
            next_try_at: next_try_at.map(Utc),
        }
    }
}
