//! `/events/get`

use domain::id::{EventId, PhoneId};
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::events::{self, Filter};

use super::resource::Event;
use crate::{
    adapter::{
        Call, Error,
        field::{Reference, Text},
    },
    api::{error::missing, id},
    app::App,
};

/// Gets an event: by its ID, or the newest of a type or about a device. The parameters combine with AND; at least one
/// is required.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the event.
    event_id: Option<Reference>,
    /// Type of the event.
    event_type: Option<Text>,
    /// ID of the device.
    device_id: Option<Reference>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    event: Event,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let named = match (&request.event_id, &request.device_id, &request.event_type) {
        (Some(id), _, _) => id.as_str().to_owned(),
        (None, Some(id), _) => format!("about {}", id.as_str()),
        (None, None, Some(event_type)) => event_type.to_string(),
        (None, None, None) => {
            return Err(Error::invalid_input("Provide at least one of event_id, event_type and device_id"));
        }
    };
    let event_id: Option<EventId> = request.event_id.as_ref().map(|id| id::known(Noun::Event, id)).transpose()?;
    // A malformed id is that of no device, so of no event either.
    let device_id = request.device_id.as_ref().map(|id| id.as_str().parse::<PhoneId>().ok());
    let filter = Filter {
        event_ids: event_id.map(|id| vec![id]),
        event_types: request.event_type.map(|event_type| vec![event_type.into_string()]),
        device_ids: device_id.map(|id| id.into_iter().collect()),
        ..Filter::default()
    };
    let found = App::look(call, "event.get", |tx, caller| {
        let filter = Filter { sight: caller.sight().cloned(), ..filter };
        events::newest(tx, caller.workspace_id, &filter)?.ok_or_else(|| missing(Noun::Event, &named))
    })?;
    Ok(Answer { event: Event::from(found) })
}
