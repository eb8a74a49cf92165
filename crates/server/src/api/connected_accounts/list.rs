//! `/connected_accounts/list`

use domain::id::{ConnectedAccountId, SpaceId};
use engine::connecting;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{
    connected_accounts::{self, Filter},
    space_members, spaces,
};

use super::resource::{self, ConnectedAccount};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Limit, Nullable, Text},
        page::{Cursor, Pagination, Position},
    },
    api::{
        custom_metadata::CustomMetadata,
        id,
        list::{self, LONGEST_SEARCH},
    },
    app::App,
};

/// As published (`spec/api.md 1.10`); no page holds more than [`crate::adapter::field::LARGEST_LIMIT`].
const DEFAULT_LIMIT: u32 = 11_000;

/// Lists connected accounts, oldest first. The parameters combine with AND.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only accounts with all these words; `null` stands for a word that is not there.
    custom_metadata_has: Option<CustomMetadata>,
    /// Only accounts of this customer.
    customer_key: Option<Text>,
    /// Only accounts of this space.
    space_id: Option<Id>,
    /// Only accounts of client sessions with this key.
    user_identifier_key: Option<Text>,
    /// Only accounts whose name, type, customer or ID holds this text, in any letter case.
    #[schemars(length(max = LONGEST_SEARCH))]
    search: Option<String>,
    /// The most accounts per page; 11,000 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    connected_accounts: Vec<ConnectedAccount>,
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    let space: Option<SpaceId> = id::of_optional(request.space_id.as_ref())?;
    let mut filter = Filter {
        custom_metadata: request.custom_metadata_has.unwrap_or_default().wanted(),
        customer_key: request.customer_key.map(Text::into_string),
        user_identifier_key: request.user_identifier_key.map(Text::into_string),
        ids: None,
        sight: None,
        search: request.search,
    };
    let rows = list::stored_page(&page);
    let (connected_accounts, pagination) = App::look(call, "connected_account.list", |tx, caller| {
        if let Some(space) = space {
            // One of another workspace is as good as none (P8).
            let known = spaces::find(tx, caller.workspace_id, &spaces::By::Id(space))?;
            let members = space_members::accounts(tx, &known.iter().map(|space| space.id).collect::<Vec<_>>())?;
            let members: Vec<ConnectedAccountId> = members.into_iter().map(|(_, account)| account).collect();
            filter.ids = Some(members);
        }
        let found = connecting::list_accounts(tx, caller, &filter, rows)?;
        let place = |account: &connected_accounts::ConnectedAccount| Position {
            created_at: account.created_at,
            id: account.id.to_string(),
        };
        let (found, pagination) = page.finish(found, place);
        Ok((resource::shown(tx, found)?, pagination))
    })?;
    Ok(Answer { connected_accounts, pagination })
}
