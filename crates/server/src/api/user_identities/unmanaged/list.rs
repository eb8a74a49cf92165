//! `/user_identities/unmanaged/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Limit, Nullable, When},
        page::{Cursor, Pagination},
    },
    api::list::LONGEST_SEARCH,
    app::App,
};

const DEFAULT_LIMIT: u32 = 500;

/// Lists persons who are managed elsewhere. Every person here is managed, so the list is empty.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "checked by the schema; they choose among none")]
pub struct List {
    /// Only those made before this time.
    created_before: Option<When>,
    /// Only those that hold this text.
    #[schemars(length(max = LONGEST_SEARCH))]
    search: Option<String>,
    /// The most per page; 500 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    user_identities: [Nothing; 0],
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    Ok(Answer { user_identities: [], pagination: page.nothing() })
}
