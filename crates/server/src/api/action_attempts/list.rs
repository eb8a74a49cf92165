//! `/action_attempts/list`

use std::collections::BTreeSet;

use domain::id::ActionAttemptId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::action_attempts;

use super::resource::ActionAttempt;
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Limit, Nullable},
        page::{Cursor, Pagination, Position},
    },
    api::list::{self, MOST_IDS},
    app::App,
};

const DEFAULT_LIMIT: u32 = 500;

/// Lists action attempts, oldest first.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only these attempts; each must be known.
    #[schemars(length(max = MOST_IDS))]
    action_attempt_ids: Option<Vec<Id>>,
    /// Only attempts on this device. Doors and encoders are not devices, so none is.
    device_id: Option<Id>,
    /// The most attempts per page; 500 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    action_attempts: Vec<ActionAttempt>,
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    let wanted: Option<Vec<ActionAttemptId>> = request.action_attempt_ids.as_deref().map(list::ids).transpose()?;
    let is_of_device = request.device_id.is_some();
    let rows = list::stored_page(&page);
    let (unknown, found) = App::look(call, "action_attempt.list", |tx, caller| {
        let known = match &wanted {
            Some(ids) => action_attempts::known(tx, caller.workspace_id, ids)?,
            None => Vec::new(),
        };
        let unknown: BTreeSet<ActionAttemptId> =
            wanted.iter().flatten().filter(|id| !known.contains(id)).copied().collect();
        if is_of_device || !unknown.is_empty() {
            return Ok((unknown, Vec::new()));
        }
        Ok((unknown, action_attempts::list(tx, caller.workspace_id, wanted.as_deref(), rows)?))
    })?;
    if !unknown.is_empty() {
        let message = "At least one of the action attempts was not found in this workspace";
        return Err(
            Error::not_found("action_attempts_not_found", message).with_data(json!({ "action_attempt_ids": unknown }))
        );
    }
    let place = |attempt: &action_attempts::ActionAttempt| Position {
        created_at: attempt.created_at,
        id: attempt.id.to_string(),
    };
    let (found, pagination) = page.finish(found, place);
    Ok(Answer { action_attempts: found.into_iter().map(ActionAttempt::from).collect(), pagination })
}
