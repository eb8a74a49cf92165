//! `/acs/users/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::users::{self, Filter};

use super::resource::{self, AcsUser};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Limit, Nullable, When},
        page::{Cursor, Pagination, Position},
    },
    api::{
        id,
        list::{self, LONGEST_SEARCH},
    },
    app::App,
};

const DEFAULT_LIMIT: u32 = 500;

/// Lists users, oldest first. The parameters combine with AND.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only users of this access system.
    acs_system_id: Option<Id>,
    /// Only users of this person.
    user_identity_id: Option<Id>,
    /// Only users whose person has this email address; `null` for those whose person has none.
    #[serde(default)]
    user_identity_email_address: Nullable<String>,
    /// Only users whose person has this phone number; `null` for those whose person has none.
    #[serde(default)]
    user_identity_phone_number: Nullable<String>,
    /// Only users whose name, email address, phone number or ID, or whose person's ID, name or phone number holds this
    /// text, in any letter case.
    #[schemars(length(min = 1, max = LONGEST_SEARCH))]
    search: Option<String>,
    /// Only users made before this time.
    created_before: Option<When>,
    /// The most users per page; 500 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_users: Vec<AcsUser>,
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    let filter = Filter {
        acs_system_id: id::of_optional(request.acs_system_id.as_ref())?,
        user_identity_id: id::of_optional(request.user_identity_id.as_ref())?,
        identity_email: request.user_identity_email_address.into_change(),
        identity_phone: request.user_identity_phone_number.into_change(),
        created_before: request.created_before.map(When::in_utc),
        search: request.search,
        sight: None,
    };
    let rows = list::stored_page(&page);
    let (acs_users, pagination) = App::look(call, "acs_user.list", |tx, caller| {
        let filter = Filter { sight: caller.sight().cloned(), ..filter };
        let found = users::list(tx, caller.workspace_id, &filter, rows)?;
        let place = |user: &users::AcsUser| Position { created_at: user.created_at, id: user.id.to_string() };
        let (found, pagination) = page.finish(found, place);
        Ok((resource::shown(tx, caller, found, call.now)?, pagination))
    })?;
    Ok(Answer { acs_users, pagination })
}
