//! `/access_grants/list`

use engine::access_grants::{Filter, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, AccessGrant};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Limit, Nullable, Text},
        page::{Cursor, Pagination, Position},
    },
    api::{
        id,
        list::{self, MOST_IDS},
    },
    app::App,
};

const DEFAULT_LIMIT: u32 = 500;

/// Lists grants, oldest first. The parameters combine with AND.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only these grants.
    #[schemars(length(max = MOST_IDS))]
    access_grant_ids: Option<Vec<Id>>,
    /// Only the grant with this key; `null` stands for grants without one.
    #[serde(default)]
    access_grant_key: Nullable<Text>,
    /// Only grants of this reservation.
    reservation_key: Option<Text>,
    /// Only grants of this guest.
    user_identity_id: Option<Id>,
    /// Only grants of doors of this access system.
    acs_system_id: Option<Id>,
    /// Only grants of this door.
    acs_entrance_id: Option<Id>,
    /// Only grants of this space.
    space_id: Option<Id>,
    /// The older name of `space_id`.
    #[schemars(extend("deprecated" = true))]
    location_id: Option<Id>,
    /// Only grants of this device; no grant has one.
    device_id: Option<Id>,
    /// Only grants of this access code; Visionline has none.
    access_code_id: Option<Id>,
    /// Only grants of this customer.
    customer_key: Option<Text>,
    /// The most grants per page; 500 if absent.
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
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    let mut space_ids = Vec::new();
    for space in [&request.space_id, &request.location_id] {
        space_ids.extend(id::of_optional(space.as_ref())?);
    }
    let filter = Filter {
        ids: request.access_grant_ids.as_deref().map(list::ids).transpose()?,
        access_grant_key: request.access_grant_key.into_change().map(|key| key.map(Text::into_string)),
        reservation_key: request.reservation_key.map(Text::into_string),
        user_identity_id: id::of_optional(request.user_identity_id.as_ref())?,
        acs_system_id: id::of_optional(request.acs_system_id.as_ref())?,
        acs_entrance_id: id::of_optional(request.acs_entrance_id.as_ref())?,
        space_ids,
        customer_key: request.customer_key.map(Text::into_string),
        sight: None,
    };
    let matches_none = request.device_id.is_some() || request.access_code_id.is_some();
    let rows = list::stored_page(&page);
    let found = App::look(call, "access_grant.list", |tx, caller| {
        if matches_none { Ok(Vec::new()) } else { engine::access_grants::list(tx, caller, &filter, rows) }
    })?;
    let place = |view: &View| Position { created_at: view.grant.created_at, id: view.grant.id.to_string() };
    let (found, pagination) = page.finish(found, place);
    let access_grants = found.into_iter().map(|view| resource::shown(call, view)).collect();
    Ok(Answer { access_grants, pagination })
}
