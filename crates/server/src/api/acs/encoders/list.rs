//! `/acs/encoders/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Limit, Nullable},
        page::{Cursor, Pagination, Position},
    },
    app::App,
};

const DEFAULT_LIMIT: u32 = 500;

/// Lists encoders. No encoder is driven by this version, so the list is empty whatever it is asked for.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// The most encoders per page; 500 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_encoders: Vec<Nothing>,
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    let (acs_encoders, pagination) =
        page.finish(Vec::new(), |_: &Nothing| Position { created_at: call.now, id: String::new() });
    Ok(Answer { acs_encoders, pagination })
}
