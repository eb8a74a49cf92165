//! `/acs/credentials/list`

use engine::credentials::View;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::credentials::Filter;

use super::resource::AcsCredential;
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

/// Lists credentials, oldest first: cards, parents and their children. The parameters combine with AND.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only credentials of this access system.
    acs_system_id: Option<Id>,
    /// Only credentials of this user.
    acs_user_id: Option<Id>,
    /// Only credentials of this person.
    user_identity_id: Option<Id>,
    /// Only parents (`true`), or everything but parents (`false`).
    is_multi_phone_sync_credential: Option<bool>,
    /// Only credentials made before this time.
    created_before: Option<When>,
    /// Only credentials whose ID, card number or door, or whose owner's ID, name, email address or phone number holds
    /// this text, in any letter case.
    #[schemars(length(min = 1, max = LONGEST_SEARCH))]
    search: Option<String>,
    /// The most credentials per page; 500 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_credentials: Vec<AcsCredential>,
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    let filter = Filter {
        acs_system_id: id::of_optional(request.acs_system_id.as_ref())?,
        acs_user_id: id::of_optional(request.acs_user_id.as_ref())?,
        user_identity_id: id::of_optional(request.user_identity_id.as_ref())?,
        is_multi_phone: request.is_multi_phone_sync_credential,
        created_before: request.created_before.map(When::in_utc),
        search: request.search,
        sight: None,
    };
    let rows = list::stored_page(&page);
    let found = App::look(call, "acs_credential.list", |tx, caller| {
        engine::credentials::list(tx, caller, &filter, rows, call.now)
    })?;
    let place = |view: &View| Position { created_at: view.credential.created_at, id: view.credential.id.to_string() };
    let (found, pagination) = page.finish(found, place);
    Ok(Answer { acs_credentials: found.into_iter().map(AcsCredential::from).collect(), pagination })
}
