//! `/customers/delete_data`

use engine::customers::{self, Removed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::customers::Name;

use crate::{
    adapter::{Call, Error, field::Text},
    api::{error::wire, list::MOST_IDS},
    app::App,
};

/// Takes back what was pushed, by its keys. Grants of stays end at once; people who were made by a push go with all
/// their keys; with a place all stays that name it lose their grants. Each key is acted on by itself.
#[derive(Deserialize, JsonSchema)]
#[serde(default)]
#[derive(Default)]
pub struct Delete {
    /// Customers, with everything that they pushed.
    #[schemars(length(max = MOST_IDS))]
    customer_keys: Vec<Text>,
    /// Keys of spaces.
    #[schemars(length(max = MOST_IDS))]
    space_keys: Vec<Text>,
    /// Keys of rooms.
    #[schemars(length(max = MOST_IDS))]
    room_keys: Vec<Text>,
    /// Keys of sites.
    #[schemars(length(max = MOST_IDS))]
    site_keys: Vec<Text>,
    /// Keys of properties.
    #[schemars(length(max = MOST_IDS))]
    property_keys: Vec<Text>,
    /// Keys of units.
    #[schemars(length(max = MOST_IDS))]
    unit_keys: Vec<Text>,
    /// Keys of buildings.
    #[schemars(length(max = MOST_IDS))]
    building_keys: Vec<Text>,
    /// Keys of common areas.
    #[schemars(length(max = MOST_IDS))]
    common_area_keys: Vec<Text>,
    /// Keys of listings.
    #[schemars(length(max = MOST_IDS))]
    listing_keys: Vec<Text>,
    /// Keys of property listings.
    #[schemars(length(max = MOST_IDS))]
    property_listing_keys: Vec<Text>,
    /// Keys of facilities.
    #[schemars(length(max = MOST_IDS))]
    facility_keys: Vec<Text>,
    /// Keys of guests.
    #[schemars(length(max = MOST_IDS))]
    guest_keys: Vec<Text>,
    /// Keys of user identities.
    #[schemars(length(max = MOST_IDS))]
    user_identity_keys: Vec<Text>,
    /// Keys of users.
    #[schemars(length(max = MOST_IDS))]
    user_keys: Vec<Text>,
    /// Keys of residents.
    #[schemars(length(max = MOST_IDS))]
    resident_keys: Vec<Text>,
    /// Keys of tenants.
    #[schemars(length(max = MOST_IDS))]
    tenant_keys: Vec<Text>,
    /// Keys of staff members.
    #[schemars(length(max = MOST_IDS))]
    staff_member_keys: Vec<Text>,
    /// Keys of reservations.
    #[schemars(length(max = MOST_IDS))]
    reservation_keys: Vec<Text>,
    /// Keys of bookings.
    #[schemars(length(max = MOST_IDS))]
    booking_keys: Vec<Text>,
    /// Keys of access grants.
    #[schemars(length(max = MOST_IDS))]
    access_grant_keys: Vec<Text>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    innkeep: Deleted,
}

/// What came of a deletion; not part of the API that we are compatible with.
#[derive(Serialize, JsonSchema)]
struct Deleted {
    /// How many records were removed.
    removed: usize,
    /// Keys that no record has.
    not_found: Vec<NotFound>,
}

/// A key that no record has.
#[derive(Serialize, JsonSchema)]
struct NotFound {
    /// The list it was looked for in.
    list: String,
    /// The key.
    key: String,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Delete) -> Result<Answer, Error> {
    let mut names: Vec<Name> = Vec::new();
    let mut not_found = Vec::new();
    for customer in &request.customer_keys {
        let key = customer.as_str().to_owned();
        let all = App::look(call, "customer.everything", |tx, caller| customers::everything_of(tx, caller, &key))?;
        if all.is_empty() {
            not_found.push(NotFound { list: "customers".to_owned(), key });
        }
        names.extend(all);
    }
    names.extend(named(request));
    let works = names.clone().into_iter().map(|name| {
        move |tx: &mut store::Tx<'_>, moment: &mut domain::Moment, caller: &engine::Caller| {
            customers::remove(tx, moment, caller, &name)
        }
    });
    let mut removed = 0;
    for (name, done) in names.iter().zip(App::change_each(call, "customer.delete_data", works)?) {
        let Removed { was_there, endpoints } = done.map_err(|error| wire(&error))?;
        if was_there {
            removed += 1;
        } else {
            not_found.push(NotFound { list: name.kind.clone(), key: name.key.clone() });
        }
        if let Some(sandbox) = &call.state.sandbox {
            for endpoint in endpoints {
                sandbox.remove_phone(&endpoint.to_string());
            }
        }
    }
    Ok(Answer { innkeep: Deleted { removed, not_found } })
}

/// The records that are named by their own keys: stays first, places last.
fn named(request: Delete) -> Vec<Name> {
    let lists = [
        ("reservations", request.reservation_keys),
        ("bookings", request.booking_keys),
        ("access_grants", request.access_grant_keys),
        ("guests", request.guest_keys),
        ("user_identities", request.user_identity_keys),
        ("users", request.user_keys),
        ("residents", request.resident_keys),
        ("tenants", request.tenant_keys),
        ("staff_members", request.staff_member_keys),
        ("spaces", request.space_keys),
        ("rooms", request.room_keys),
        ("sites", request.site_keys),
        ("properties", request.property_keys),
        ("units", request.unit_keys),
        ("buildings", request.building_keys),
        ("common_areas", request.common_area_keys),
        ("listings", request.listing_keys),
        ("property_listings", request.property_listing_keys),
        ("facilities", request.facility_keys),
    ];
    let of = |(kind, keys): (&str, Vec<Text>)| {
        let kind = kind.to_owned();
        keys.into_iter().map(move |key| Name { kind: kind.clone(), key: key.into_string() })
    };
    lists.into_iter().flat_map(of).collect()
}
