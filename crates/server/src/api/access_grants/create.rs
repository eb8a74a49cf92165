//! `/access_grants/create`

use engine::access_grants::{Person, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    one::{self, MOST_METHODS, RequestedMethod},
    resource::{self, AccessGrant},
};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Nullable, Text, When},
    },
    api::{id, list, when},
    app::App,
    counts::Counts,
};

/// Grants a guest doors for a time. Exactly one of `user_identity_id` and `user_identity` says who the guest is. Guest
/// doors are granted for a reservation: the first grant of a `reservation_key` starts a stay, which takes the doors from
/// earlier guests once one of its keys is used there; later grants with the same key share it.
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// ID of the guest.
    user_identity_id: Option<Id>,
    /// A guest to be made.
    user_identity: Option<NewPerson>,
    /// How the doors are to be opened.
    #[schemars(length(max = MOST_METHODS))]
    requested_access_methods: Vec<RequestedMethod>,
    /// IDs of the doors.
    #[schemars(length(max = list::MOST_IDS))]
    acs_entrance_ids: Option<Vec<Id>>,
    /// IDs of spaces; the doors that they have now are granted.
    #[schemars(length(max = list::MOST_IDS))]
    space_ids: Option<Vec<Id>>,
    /// Keys of spaces.
    #[schemars(length(max = list::MOST_IDS))]
    space_keys: Option<Vec<Text>>,
    /// The older name of `space_ids`.
    #[schemars(length(max = list::MOST_IDS), extend("deprecated" = true))]
    location_ids: Option<Vec<Id>>,
    /// Doors under a name; use a space instead.
    #[schemars(extend("deprecated" = true))]
    location: Option<Location>,
    /// IDs of devices; the locks of Visionline are entrances.
    #[schemars(length(max = list::MOST_IDS))]
    device_ids: Option<Vec<Id>>,
    /// When the doors start to open; now if absent or past.
    starts_at: Option<When>,
    /// When they stop opening, in the future and after the start. Without an end each key lasts as long as the system's
    /// `default_stay_hours`.
    #[serde(default)]
    ends_at: Nullable<When>,
    /// Name, for people.
    #[serde(default)]
    name: Nullable<Text>,
    /// The caller's own key of the grant.
    access_grant_key: Option<Text>,
    /// The reservation; needed for guest doors.
    reservation_key: Option<Text>,
    /// Echoed as it is given.
    customization_profile_id: Option<Id>,
}

/// A guest to be made.
#[derive(Deserialize, JsonSchema)]
struct NewPerson {
    /// Name.
    #[serde(default)]
    full_name: Nullable<Text>,
    /// Email address.
    #[serde(default)]
    email_address: Nullable<Text>,
    /// Phone number.
    #[serde(default)]
    phone_number: Nullable<Text>,
    /// The caller's own key for the guest.
    #[serde(default)]
    user_identity_key: Nullable<Text>,
}

/// Doors under a name.
#[derive(Deserialize, JsonSchema)]
struct Location {
    /// Name of the place; not kept.
    #[expect(dead_code, reason = "accepted from older integrations, which had to send it")]
    name: Option<String>,
    /// IDs of the doors.
    #[schemars(length(max = list::MOST_IDS))]
    acs_entrance_ids: Option<Vec<Id>>,
    /// IDs of devices; the locks of Visionline are entrances.
    #[schemars(length(max = list::MOST_IDS))]
    device_ids: Option<Vec<Id>>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    access_grant: AccessGrant,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Create) -> Result<Answer, Error> {
    let asked = asked(call.state, request)?;
    let made = App::change(call, "access_grant.create", move |tx, moment, caller| {
        engine::access_grants::create(tx, moment, caller, &asked)
    })?;
    report_double_booking(&call.state.counts, &made);
    Ok(Answer { access_grant: resource::shown(call, made) })
}

/// Double bookings are allowed, and counted (design 6).
pub fn report_double_booking(counts: &Counts, made: &View) {
    if made.double_booked.is_empty() {
        return;
    }
    counts.add_double_booked_doors(made.double_booked.len());
    tracing::warn!(
        access_grant.id = %made.grant.id,
        doors = made.double_booked.len(),
        total = counts.double_booked_doors(),
        "another party is booked at doors of an access grant for the same time"
    );
}

fn asked(app: &App, request: Create) -> Result<engine::access_grants::Create, Error> {
    let (mut doors, mut devices) =
        (request.acs_entrance_ids.unwrap_or_default(), request.device_ids.unwrap_or_default());
    if let Some(location) = request.location {
        doors.extend(location.acs_entrance_ids.unwrap_or_default());
        devices.extend(location.device_ids.unwrap_or_default());
    }
    one::refuse_devices(&devices)?;
    let mut spaces = request.space_ids.unwrap_or_default();
    spaces.extend(request.location_ids.unwrap_or_default());
    Ok(engine::access_grants::Create {
        person: person(request.user_identity_id.as_ref(), request.user_identity)?,
        requested: one::requested(app, request.requested_access_methods)?,
        entrance_ids: list::ids(&doors)?,
        space_ids: list::ids(&spaces)?,
        space_keys: request.space_keys.unwrap_or_default().into_iter().map(Text::into_string).collect(),
        starts_at: request.starts_at.map(when::meant),
        ends_at: request.ends_at.into_value().map(when::meant),
        name: request.name.into_value().map(Text::into_string),
        access_grant_key: request.access_grant_key.map(Text::into_string),
        reservation_key: request.reservation_key.map(Text::into_string),
        customization_profile_id: request.customization_profile_id.map(Id::into_string),
        customer_key: None,
    })
}

fn person(known: Option<&Id>, new: Option<NewPerson>) -> Result<Person, Error> {
    let text = |given: Nullable<Text>| given.into_value().map(Text::into_string);
    match (known, new) {
        (Some(known), None) => Ok(Person::Id(id::of(known)?)),
        (None, Some(new)) => Ok(Person::New(Box::new(engine::user_identities::Create {
            user_identity_key: text(new.user_identity_key),
            email_address: text(new.email_address),
            phone_number: text(new.phone_number),
            full_name: text(new.full_name),
            acs_system_ids: Vec::new(),
        }))),
        _ => Err(Error::invalid_input("Provide exactly one of user_identity_id or user_identity")),
    }
}
