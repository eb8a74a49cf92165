//! `/user_identities/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::user_identities::{self, Filter};

use super::resource::{self, UserIdentity};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Limit, Nullable, When},
        page::{Cursor, Pagination, Position},
    },
    api::{
        id,
        list::{self, LONGEST_SEARCH, MOST_IDS},
    },
    app::App,
};

const DEFAULT_LIMIT: u32 = 500;

/// Lists persons, oldest first. The parameters combine with AND.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only these persons.
    #[schemars(length(max = MOST_IDS))]
    user_identity_ids: Option<Vec<Id>>,
    /// Only persons with a phone that is enrolled at this credential manager.
    credential_manager_acs_system_id: Option<Id>,
    /// Only persons whose name, email address, phone number, key or ID holds this text, in any letter case.
    #[schemars(length(max = LONGEST_SEARCH))]
    search: Option<String>,
    /// Only persons made before this time.
    created_before: Option<When>,
    /// The most persons per page; 500 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    user_identities: Vec<UserIdentity>,
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    let filter = Filter {
        ids: request.user_identity_ids.as_deref().map(list::ids).transpose()?,
        enrolled_at: id::of_optional(request.credential_manager_acs_system_id.as_ref())?,
        created_before: request.created_before.map(When::in_utc),
        search: request.search,
        sight: None,
    };
    let rows = list::stored_page(&page);
    let (user_identities, pagination) = App::look(call, "user_identity.list", |tx, caller| {
        let filter = Filter { sight: caller.sight().cloned(), ..filter };
        let found = user_identities::list(tx, caller.workspace_id, &filter, rows)?;
        let place = |person: &user_identities::UserIdentity| Position {
            created_at: person.created_at,
            id: person.id.to_string(),
        };
        let (found, pagination) = page.finish(found, place);
        Ok((resource::shown(tx, found)?, pagination))
    })?;
    Ok(Answer { user_identities, pagination })
}
