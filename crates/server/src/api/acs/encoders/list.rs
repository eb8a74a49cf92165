//! `/acs/encoders/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::encoders::{self, Encoder, Filter};

use super::resource::{self, AcsEncoder};
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

/// Lists encoders, oldest first. The parameters combine with AND.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only encoders of this access system.
    acs_system_id: Option<Id>,
    /// Only encoders of these access systems.
    #[schemars(length(max = MOST_IDS))]
    acs_system_ids: Option<Vec<Id>>,
    /// Only these encoders.
    #[schemars(length(max = MOST_IDS))]
    acs_encoder_ids: Option<Vec<Id>>,
    /// The most encoders per page; 500 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_encoders: Vec<AcsEncoder>,
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    let acs_system_ids = list::one_or_several(request.acs_system_id.as_ref(), request.acs_system_ids.as_deref())?;
    let ids = request.acs_encoder_ids.as_deref().map(list::ids).transpose()?;
    let filter = Filter { acs_system_ids, ids };
    let rows = list::stored_page(&page);
    let (acs_encoders, pagination) = App::look(call, "acs_encoder.list", |tx, caller| {
        let mut filter = filter;
        if let Some(sight) = caller.sight() {
            let wanted = filter.acs_system_ids.take();
            let seen = sight.acs_system_ids.iter().copied();
            let both = seen.filter(|id| wanted.as_ref().is_none_or(|wanted| wanted.contains(id)));
            filter.acs_system_ids = Some(both.collect());
        }
        let found = encoders::list(tx, caller.workspace_id, &filter, rows)?;
        let place = |encoder: &Encoder| Position { created_at: encoder.created_at, id: encoder.id.to_string() };
        let (found, pagination) = page.finish(found, place);
        Ok((resource::shown(tx, caller, found)?, pagination))
    })?;
    Ok(Answer { acs_encoders, pagination })
}
