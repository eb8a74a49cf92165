//! `/spaces/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::spaces::{self, By, Filter};

use super::resource::{self, Space};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Limit, Nullable, Text},
        page::{Cursor, Pagination, Position},
    },
    api::{
        id,
        list::{self, LONGEST_SEARCH},
    },
    app::App,
};

const DEFAULT_LIMIT: u32 = 500;

/// Lists spaces, oldest first. The parameters combine with AND.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only spaces with this connected account, or with a door of it.
    connected_account_id: Option<Id>,
    /// Only spaces of this customer.
    customer_key: Option<Text>,
    /// Only parts of this space.
    parent_space_id: Option<Id>,
    /// Only parts of the space with this key.
    parent_space_key: Option<Text>,
    /// Only the space with this key.
    space_key: Option<Text>,
    /// Only spaces whose name, key or ID holds this text, in any letter case.
    #[schemars(length(min = 1, max = LONGEST_SEARCH))]
    search: Option<String>,
    /// The most spaces per page; 500 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    spaces: Vec<Space>,
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    let mut filter = Filter {
        connected_account_id: id::of_optional(request.connected_account_id.as_ref())?,
        customer_key: request.customer_key.map(Text::into_string),
        parent_id: id::of_optional(request.parent_space_id.as_ref())?,
        space_key: request.space_key.map(Text::into_string),
        search: request.search,
    };
    let parent_key = request.parent_space_key.map(Text::into_string);
    let rows = list::stored_page(&page);
    let (spaces, pagination) = App::look(call, "space.list", |tx, caller| {
        let mut can_match = true;
        if let Some(key) = parent_key {
            let parent = spaces::find(tx, caller.workspace_id, &By::Key(key))?
                .filter(|parent| caller.sees_customer(parent.customer_key.as_deref()))
                .map(|parent| parent.id);
            can_match = parent.is_some() && (filter.parent_id.is_none() || filter.parent_id == parent);
            filter.parent_id = parent;
        }
        if let Some(sight) = caller.sight() {
            can_match &= sight.customer_key.is_some()
                && (filter.customer_key.is_none() || filter.customer_key == sight.customer_key);
            filter.customer_key.clone_from(&sight.customer_key);
        }
        let found = if can_match { spaces::list(tx, caller.workspace_id, &filter, rows)? } else { Vec::new() };
        let place = |space: &spaces::Space| Position { created_at: space.created_at, id: space.id.to_string() };
        let (found, pagination) = page.finish(found, place);
        Ok((resource::shown(tx, caller, found)?, pagination))
    })?;
    Ok(Answer { spaces, pagination })
}
