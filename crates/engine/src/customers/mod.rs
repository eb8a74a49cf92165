//! What property systems push: places, people and stays by their own keys (`spec/api.md 4.27`).
//!
//! Each record is acted on in a transaction of its own, so that a broken one keeps no good one back, and nothing of a
//! broken one is done. A record that says what it said before changes nothing. What cannot be acted on is an
//! [`Error`] whose words name what is missing; [`report`] keeps it and tells it as an event, once.

mod automation;
mod double_bookings;
mod people;
mod places;
mod problem;
mod remove;
mod stays;

pub use automation::{Automation, Strategy};
pub use double_bookings::double_booked;
pub use people::{Person, push_person};
pub use places::push_place;
pub use problem::{Problem, report};
pub use remove::{Removed, everything_of, remove};
pub use stays::{Stay, push_stay};

use store::{
    Tx,
    customers::{self, Name, Record},
};

use crate::{Caller, Error};

/// The lists of places, each with the name of the key in it.
pub const PLACES: [(&str, &str); 10] = [
    ("spaces", "space_key"),
    ("rooms", "room_key"),
    ("sites", "site_key"),
    ("properties", "property_key"),
    ("units", "unit_key"),
    ("buildings", "building_key"),
    ("common_areas", "common_area_key"),
    ("listings", "listing_key"),
    ("property_listings", "property_listing_key"),
    ("facilities", "facility_key"),
];

/// The lists of people.
pub const PEOPLE: [(&str, &str); 6] = [
    ("guests", "guest_key"),
    ("user_identities", "user_identity_key"),
    ("users", "user_key"),
    ("residents", "resident_key"),
    ("tenants", "tenant_key"),
    ("staff_members", "staff_member_key"),
];

/// The lists of stays.
pub const STAYS: [(&str, &str); 3] =
    [("reservations", "reservation_key"), ("bookings", "booking_key"), ("access_grants", "access_grant_key")];

/// What became of a record that could be acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Something was made or changed.
    Acted,
    /// It says what it said before.
    Unchanged,
}

/// Whether a list holds records of these.
fn is_among(lists: &[(&str, &str)], kind: &str) -> bool {
    lists.iter().any(|(list, _)| *list == kind)
}

/// The record of this name, if it is the customer's.
///
/// # Errors
/// When it is another customer's: who pushes a key first keeps it.
fn own(tx: &mut Tx<'_>, caller: &Caller, customer_key: &str, name: &Name) -> Result<Option<Record>, Error> {
    let found = customers::find(tx, caller.workspace_id, name)?;
    if let Some(other) = found.as_ref().filter(|record| record.customer_key != customer_key) {
        let message = format!(
            "another customer ({}) has pushed this key; keys are unique in a workspace, so use another one",
            other.customer_key
        );
        return Err(Error::Conflict { message });
    }
    Ok(found)
}
