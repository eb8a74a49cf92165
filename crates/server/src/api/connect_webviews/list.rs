//! `/connect_webviews/list`

use engine::connecting;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::connect_webviews::{self, Filter};

use super::resource::{self, ConnectWebview};
use crate::{
    adapter::{
        Call, Error,
        field::{Limit, Nullable, Text},
        page::{Cursor, Pagination, Position},
    },
    api::{
        custom_metadata::CustomMetadata,
        list::{self, LONGEST_SEARCH},
    },
    app::App,
};

const DEFAULT_LIMIT: u32 = 500;

/// Lists connect webviews, oldest first. The parameters combine with AND.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only webviews with all these words; `null` stands for a word that is not there.
    custom_metadata_has: Option<CustomMetadata>,
    /// Only webviews of this customer.
    customer_key: Option<Text>,
    /// Only webviews of client sessions with this key.
    user_identifier_key: Option<Text>,
    /// Only webviews whose ID, status, provider, customer or account holds this text, in any letter case.
    #[schemars(length(max = LONGEST_SEARCH))]
    search: Option<String>,
    /// The most webviews per page; 500 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    connect_webviews: Vec<ConnectWebview>,
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    let filter = Filter {
        custom_metadata: request.custom_metadata_has.unwrap_or_default().wanted(),
        customer_key: request.customer_key.map(Text::into_string),
        user_identifier_key: request.user_identifier_key.map(Text::into_string),
        ids: None,
        sight: None,
        search: request.search,
    };
    let rows = list::stored_page(&page);
    let links = resource::links(call);
    let (connect_webviews, pagination) = App::look(call, "connect_webview.list", |tx, caller| {
        let found = connecting::list(tx, caller, &filter, rows)?;
        let place = |webview: &connect_webviews::ConnectWebview| Position {
            created_at: webview.created_at,
            id: webview.id.to_string(),
        };
        let (found, pagination) = page.finish(found, place);
        Ok((resource::shown(tx, &links, found)?, pagination))
    })?;
    Ok(Answer { connect_webviews, pagination })
}
