//! `/innkeep/webhook_attempts/list`

use engine::webhooks::ShownAttempt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::webhook_attempts::Filter;

use super::resource::WebhookAttempt;
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Limit, Nullable},
        page::{Cursor, Pagination, Position},
    },
    api::{id, list},
    app::App,
};

const DEFAULT_LIMIT: u32 = 500;

/// What came of an attempt.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The webhook took the event.
    Succeeded,
    /// It did not.
    Failed,
}

/// Lists attempts to send events to webhooks, oldest first. The parameters combine with AND.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only attempts at this webhook.
    webhook_id: Option<Id>,
    /// Only attempts with this event.
    event_id: Option<Id>,
    /// Only attempts that ended so.
    status: Option<Status>,
    /// The most attempts per page; 500 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    webhook_attempts: Vec<WebhookAttempt>,
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    let filter = Filter {
        webhook_id: id::of_optional(request.webhook_id.as_ref())?,
        event_id: id::of_optional(request.event_id.as_ref())?,
        is_delivered: request.status.map(|status| status == Status::Succeeded),
    };
    let rows = list::stored_page(&page);
    let found = App::look(call, "webhook_attempt.list", |tx, caller| {
        engine::webhooks::list_attempts(tx, caller, &filter, rows)
    })?;
    let place =
        |shown: &ShownAttempt| Position { created_at: shown.attempt.created_at, id: shown.attempt.id.to_string() };
    let (found, pagination) = page.finish(found, place);
    Ok(Answer { webhook_attempts: found.into_iter().map(WebhookAttempt::from).collect(), pagination })
}
