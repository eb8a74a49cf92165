//! `/devices/unmanaged/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Id, Limit, Nullable, Text, When},
        page::{Cursor, Pagination},
    },
    api::list::{LONGEST_SEARCH, MOST_IDS},
    app::App,
};

const DEFAULT_LIMIT: u32 = 22_900;

/// Lists devices that are managed elsewhere. There are none here, so the list is empty.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "checked by the schema; they choose among none")]
pub struct List {
    /// Only devices of this connected account.
    connected_account_id: Option<Id>,
    /// Only devices of these connected accounts.
    #[schemars(length(max = MOST_IDS))]
    connected_account_ids: Option<Vec<Id>>,
    /// Only devices that were connected on this page.
    connect_webview_id: Option<Id>,
    /// Only these devices.
    #[schemars(length(max = MOST_IDS))]
    device_ids: Option<Vec<Id>>,
    /// Only devices of this type.
    device_type: Option<String>,
    /// Only devices of these types.
    #[schemars(length(max = MOST_IDS))]
    device_types: Option<Vec<String>>,
    /// Only devices of this maker of locks.
    manufacturer: Option<String>,
    /// Only devices of this customer.
    customer_key: Option<Text>,
    /// Only devices of the person with this key.
    user_identifier_key: Option<Text>,
    /// Only devices in this space.
    space_id: Option<Id>,
    /// Only devices at this location; `null` for those at none.
    #[serde(default)]
    unstable_location_id: Nullable<Id>,
    /// Only devices that can do one of these.
    #[schemars(length(max = MOST_IDS))]
    include_if: Option<Vec<String>>,
    /// Only devices that can do none of these.
    #[schemars(length(max = MOST_IDS))]
    exclude_if: Option<Vec<String>>,
    /// Only devices to which this was attached.
    custom_metadata_has: Option<Map<String, Value>>,
    /// Only devices first seen before this time.
    created_before: Option<When>,
    /// Only devices whose name or ID holds this text, in any letter case.
    #[schemars(length(min = 1, max = LONGEST_SEARCH))]
    search: Option<String>,
    /// The most per page; 22,900 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    devices: [Nothing; 0],
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    Ok(Answer { devices: [], pagination: page.nothing() })
}
