//! `/devices/list`

use domain::id::{AcsSystemId, ConnectedAccountId, PhoneId};
use engine::{Caller, phones::Enrolled};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{
    Tx,
    phone_pages::{self, Filter},
    systems,
};

use super::resource::{self, Device};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Limit, Nullable, Text, When},
        page::{Cursor, Pagination, Position},
    },
    api::{
        custom_metadata::CustomMetadata,
        list::{self, LONGEST_SEARCH, MOST_IDS},
    },
    app::App,
};

const DEFAULT_LIMIT: u32 = 500;

/// The types of device that there are here.
const PHONES: [&str; 2] = ["android_phone", "ios_phone"];

/// Lists devices, oldest first. Doors are not devices, and phones are listed only where their type is asked for. The
/// parameters combine with AND.
#[derive(Deserialize, JsonSchema)]
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
    #[expect(dead_code, reason = "phones can do none of what it names")]
    exclude_if: Option<Vec<String>>,
    /// Only devices to which this was attached.
    custom_metadata_has: Option<CustomMetadata>,
    /// Only devices first seen before this time.
    created_before: Option<When>,
    /// Only devices whose name or ID holds this text, in any letter case.
    #[schemars(length(min = 1, max = LONGEST_SEARCH))]
    search: Option<String>,
    /// The most devices per page; 500 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    devices: Vec<Device>,
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    let matches_none = request.matches_none();
    let ids: Option<Vec<PhoneId>> = request.device_ids.as_deref().map(list::ids).transpose()?;
    let accounts: Option<Vec<ConnectedAccountId>> =
        list::one_or_several(request.connected_account_id.as_ref(), request.connected_account_ids.as_deref())?;
    let filter = Filter {
        ids,
        device_types: Some(request.types()),
        owner: None,
        managers: None,
        space_id: list::space(request.space_id.as_ref(), "unstable_location_id", &request.unstable_location_id)?,
        customer_key: request.customer_key.map(Text::into_string),
        custom_metadata: request.custom_metadata_has.unwrap_or_default().wanted(),
        created_before: request.created_before.map(When::in_utc),
        search: request.search,
    };
    let rows = list::stored_page(&page);
    let (devices, pagination) = App::look(call, "device.list", |tx, caller| {
        let managers = accounts.map(|accounts| systems_of(tx, caller, &accounts)).transpose()?;
        // A session sees its person's phones, and none without a person.
        let owner = caller.sight().map(|sight| sight.user_identity_id);
        let filter = Filter { managers, owner: owner.flatten(), ..filter };
        let found = if matches_none || owner == Some(None) {
            Vec::new()
        } else {
            phone_pages::list(tx, caller.workspace_id, &filter, rows)?
        };
        let enrolled = engine::phones::with_endpoints(tx, found)?;
        let place = |one: &Enrolled| Position { created_at: one.phone.created_at, id: one.phone.id.to_string() };
        let (enrolled, pagination) = page.finish(enrolled, place);
        Ok((resource::shown(tx, caller, enrolled)?, pagination))
    })?;
    Ok(Answer { devices, pagination })
}

impl List {
    /// The types of phone that are asked for: none unless one is named.
    fn types(&self) -> Vec<String> {
        if self.device_type.is_none() && self.device_types.is_none() {
            return Vec::new();
        }
        let one = |kind: &str| self.device_type.as_deref().is_none_or(|asked| asked == kind);
        let several =
            |kind: &str| self.device_types.as_ref().is_none_or(|asked| asked.iter().any(|asked| asked == kind));
        PHONES.into_iter().filter(|kind| one(kind) && several(kind)).map(str::to_owned).collect()
    }

    /// Whether something is asked for that no phone has: a page on which it was connected, a maker of locks, a key of
    /// a session, or a capability.
    fn matches_none(&self) -> bool {
        self.connect_webview_id.is_some()
            || self.manufacturer.is_some()
            || self.user_identifier_key.is_some()
            || self.include_if.as_ref().is_some_and(|able| !able.is_empty())
    }
}

/// The systems of these accounts.
fn systems_of(
    tx: &mut Tx<'_>,
    caller: &Caller,
    accounts: &[ConnectedAccountId],
) -> Result<Vec<AcsSystemId>, engine::Error> {
    let systems = systems::list(tx, caller.workspace_id)?;
    Ok(systems
        .into_iter()
        .filter(|system| accounts.contains(&system.connected_account_id))
        .map(|system| system.id)
        .collect())
}
