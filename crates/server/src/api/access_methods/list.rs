//! `/access_methods/list`

use engine::{
    access_grants::By,
    access_methods::{Filter, View},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, AccessMethod};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Limit, Nullable, Text},
        page::{Cursor, Pagination, Position},
    },
    api::{id, list},
    app::App,
};

const DEFAULT_LIMIT: u32 = 500;

/// Lists access methods, oldest first. The parameters combine with AND.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only access methods of this grant.
    access_grant_id: Option<Id>,
    /// Only access methods of the grant with this key.
    access_grant_key: Option<Text>,
    /// Only access methods of grants of this door.
    acs_entrance_id: Option<Id>,
    /// Only those of this device, with one of the parameters above; none has one.
    device_id: Option<Id>,
    /// Only those of grants of this space, with one of the parameters above.
    space_id: Option<Id>,
    /// Only that of this access code, with one of the parameters above; Visionline has none.
    access_code_id: Option<Id>,
    /// The most access methods per page; 500 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    access_methods: Vec<AccessMethod>,
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let has_first =
        request.access_grant_id.is_some() || request.access_grant_key.is_some() || request.acs_entrance_id.is_some();
    let narrows = request.device_id.is_some() || request.space_id.is_some() || request.access_code_id.is_some();
    if narrows && !has_first {
        let message = "Provide access_grant_id, access_grant_key or acs_entrance_id with device_id, space_id or \
                       access_code_id";
        return Err(Error::invalid_input(message));
    }
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    let filter = Filter {
        access_grant_id: id::of_optional(request.access_grant_id.as_ref())?,
        acs_entrance_id: id::of_optional(request.acs_entrance_id.as_ref())?,
        space_id: id::of_optional(request.space_id.as_ref())?,
        sight: None,
    };
    let key = request.access_grant_key.map(|key| By::Key(key.into_string()));
    let matches_none = request.device_id.is_some() || request.access_code_id.is_some();
    let rows = list::stored_page(&page);
    let found = App::look(call, "access_method.list", |tx, caller| {
        let mut filter = filter;
        if let Some(key) = &key {
            // The key of no grant, or of another one than the id, matches nothing, as such an id does.
            let grant = store::access_grants::find(tx, caller.workspace_id, key)?;
            match grant.filter(|grant| caller.sees_grant(grant)) {
                Some(grant) if filter.access_grant_id.is_none_or(|id| id == grant.id) => {
                    filter.access_grant_id = Some(grant.id);
                }
                _ => return Ok(Vec::new()),
            }
        }
        if matches_none { Ok(Vec::new()) } else { engine::access_methods::list(tx, caller, &filter, rows) }
    })?;
    let place = |view: &View| Position { created_at: view.method.created_at, id: view.method.id.to_string() };
    let (found, pagination) = page.finish(found, place);
    Ok(Answer { access_methods: found.into_iter().map(|view| resource::shown(call, view)).collect(), pagination })
}
