//! `/access_grants/unmanaged/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{
        Call, Error,
        field::{Id, Limit, Nullable, Text},
        page::{Cursor, Pagination, Position},
    },
    api::access_grants::resource::AccessGrant,
    app::App,
};

/// Lists unmanaged grants. Every grant is managed here, so there is none.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "nothing matches, whatever is asked for")]
pub struct List {
    /// Only grants of doors of this access system.
    acs_system_id: Option<Id>,
    /// Only grants of this door.
    acs_entrance_id: Option<Id>,
    /// Only grants of this guest.
    user_identity_id: Option<Id>,
    /// Only grants of this reservation.
    reservation_key: Option<Text>,
    /// The most grants per page.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    access_grants: Vec<AccessGrant>,
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, 1)?;
    let place = |_: &AccessGrant| Position { created_at: call.now, id: String::new() };
    let (access_grants, pagination) = page.finish(Vec::new(), place);
    Ok(Answer { access_grants, pagination })
}
