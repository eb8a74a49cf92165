//! `/events/list`

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::events::Filter;

use super::resource::Event;
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Limit, Text, When},
    },
    api::{id, list},
    app::App,
};

const DEFAULT_LIMIT: u32 = 500;

/// Lists events, oldest first. Exactly one of `since` and `between` is required. The other parameters combine with
/// AND; an event without the member that a parameter names does not match.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only events after this time.
    since: Option<When>,
    /// Only events after the first and before the second of these times.
    #[schemars(length(equal = 2))]
    between: Option<Vec<When>>,
    /// Only events of this type.
    event_type: Option<Text>,
    /// Only events of these types.
    #[schemars(length(max = list::MOST_IDS))]
    event_types: Option<Vec<Text>>,
    /// Only these events.
    #[schemars(length(max = list::MOST_IDS))]
    event_ids: Option<Vec<Id>>,
    /// Only events of this access system.
    acs_system_id: Option<Id>,
    /// Only events of these access systems.
    #[schemars(length(max = list::MOST_IDS))]
    acs_system_ids: Option<Vec<Id>>,
    /// Only events of this user.
    acs_user_id: Option<Id>,
    /// Only events of this credential.
    acs_credential_id: Option<Id>,
    /// Only events of this entrance.
    acs_entrance_id: Option<Id>,
    /// Only events of this encoder.
    acs_encoder_id: Option<Id>,
    /// Only events of this person.
    user_identity_id: Option<Id>,
    /// Only events of this phone.
    device_id: Option<Id>,
    /// Only events of these phones.
    #[schemars(length(max = list::MOST_IDS))]
    device_ids: Option<Vec<Id>>,
    /// Only events of this connected account.
    connected_account_id: Option<Id>,
    /// Only events of this access group; Visionline has none.
    acs_access_group_id: Option<Id>,
    /// Only events of this access grant.
    access_grant_id: Option<Id>,
    /// Only events of these access grants.
    #[schemars(length(max = 100))]
    access_grant_ids: Option<Vec<Id>>,
    /// Only events of this access method.
    access_method_id: Option<Id>,
    /// Only events of these access methods.
    #[schemars(length(max = 100))]
    access_method_ids: Option<Vec<Id>>,
    /// Only events of this access code; Visionline has none.
    access_code_id: Option<Id>,
    /// Only events of these access codes; Visionline has none.
    #[schemars(length(max = 100))]
    access_code_ids: Option<Vec<Id>>,
    /// Only events of this connect webview.
    connect_webview_id: Option<Id>,
    /// Only events of this customer.
    customer_key: Option<Text>,
    /// Only events of this space.
    space_id: Option<Id>,
    /// Only events of these spaces.
    #[schemars(length(max = 100))]
    space_ids: Option<Vec<Id>>,
    /// The most events to list; 500 if absent.
    limit: Option<Limit>,
    /// Events to pass over. Unstable: events that happen between two calls shift the rest.
    unstable_offset: Option<u32>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    events: Vec<Event>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let filter = filter(&request)?;
    if names_what_no_event_carries(&request) {
        return Ok(Answer { events: Vec::new() });
    }
    let found = App::look(call, "event.list", |tx, caller| {
        let filter = Filter { sight: caller.sight().cloned(), ..filter };
        Ok(store::events::list(tx, caller.workspace_id, &filter)?)
    })?;
    Ok(Answer { events: found.into_iter().map(Event::from).collect() })
}

fn filter(request: &List) -> Result<Filter, Error> {
    let (after, before) = period(request)?;
    let event_types = match (&request.event_type, &request.event_types) {
        (None, None) => None,
        (Some(only), None) => Some(vec![only.to_string()]),
        (only, Some(several)) => Some(
            several.iter().filter(|name| only.as_ref().is_none_or(|only| only == *name)).map(Text::to_string).collect(),
        ),
    };
    Ok(Filter {
        after: Some(after),
        before,
        event_types,
        event_ids: request.event_ids.as_deref().map(list::ids).transpose()?,
        acs_system_ids: list::one_or_several(request.acs_system_id.as_ref(), request.acs_system_ids.as_deref())?,
        acs_user_id: id::of_optional(request.acs_user_id.as_ref())?,
        acs_credential_id: id::of_optional(request.acs_credential_id.as_ref())?,
        acs_entrance_id: id::of_optional(request.acs_entrance_id.as_ref())?,
        acs_encoder_id: request.acs_encoder_id.as_ref().map(Id::to_string),
        user_identity_id: id::of_optional(request.user_identity_id.as_ref())?,
        device_ids: list::one_or_several(request.device_id.as_ref(), request.device_ids.as_deref())?,
        connected_account_id: id::of_optional(request.connected_account_id.as_ref())?,
        customer_key: request.customer_key.as_ref().map(Text::to_string),
        connect_webview_id: id::of_optional(request.connect_webview_id.as_ref())?,
        space_ids: list::one_or_several(request.space_id.as_ref(), request.space_ids.as_deref())?,
        access_grant_ids: list::one_or_several(request.access_grant_id.as_ref(), request.access_grant_ids.as_deref())?,
        access_method_ids: list::one_or_several(
            request.access_method_id.as_ref(),
            request.access_method_ids.as_deref(),
        )?,
        sight: None,
        limit: i64::from(request.limit.map_or(DEFAULT_LIMIT, Limit::get)),
        offset: i64::from(request.unstable_offset.unwrap_or(0)),
    })
}

/// The bounds of time, both exclusive.
fn period(request: &List) -> Result<(Timestamp, Option<Timestamp>), Error> {
    match (request.since, request.between.as_deref()) {
        (Some(since), None) => Ok((since.in_utc(), None)),
        (None, Some([after, before])) => Ok((after.in_utc(), Some(before.in_utc()))),
        _ => Err(Error::invalid_input("Provide either since or between, and not both")),
    }
}

/// Whether the request asks for things that nothing here has, so that no event can match.
fn names_what_no_event_carries(request: &List) -> bool {
    request.acs_access_group_id.is_some() || request.access_code_id.is_some() || request.access_code_ids.is_some()
}
