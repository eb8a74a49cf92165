//! `/customers/push_data`

use std::collections::BTreeMap;

use domain::id::EntranceId;
use engine::{
    Caller,
    access_grants::NewLink,
    customers::{self, Outcome, Problem, Stay},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::record::{self, Read};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Text},
    },
    api::error::wire,
    app::App,
    instant_links, session_tokens,
};

/// Takes over places, people and stays from a property system, each by its own key, and gives each guest of a stay
/// access to its doors. A record that says what it said before changes nothing. Each record is acted on by itself: those
/// that could not be are named in `innkeep.not_acted_on`, and each is an event.
#[derive(Deserialize, JsonSchema)]
pub struct Push {
    /// The customer whose records these are, by your own key.
    customer_key: Text,
    /// Spaces: names for those made with `/spaces/create`, whose `space_key` is the `space_key` here.
    #[serde(default)]
    spaces: Vec<Value>,
    /// Rooms: the `room_key` is the `space_key` of their space.
    #[serde(default)]
    rooms: Vec<Value>,
    /// Sites: the `site_key` is the `space_key` of their space.
    #[serde(default)]
    sites: Vec<Value>,
    /// Properties: the `property_key` is the `space_key` of their space.
    #[serde(default)]
    properties: Vec<Value>,
    /// Units: the `unit_key` is the `space_key` of their space.
    #[serde(default)]
    units: Vec<Value>,
    /// Buildings: the `building_key` is the `space_key` of their space.
    #[serde(default)]
    buildings: Vec<Value>,
    /// Common areas: the `common_area_key` is the `space_key` of their space.
    #[serde(default)]
    common_areas: Vec<Value>,
    /// Listings: the `listing_key` is the `space_key` of their space.
    #[serde(default)]
    listings: Vec<Value>,
    /// Property listings: the `property_listing_key` is the `space_key` of their space.
    #[serde(default)]
    property_listings: Vec<Value>,
    /// Facilities: the `facility_key` is the `space_key` of their space.
    #[serde(default)]
    facilities: Vec<Value>,
    /// Guests, by `guest_key`, with `name`, `email_address` and `phone_number`.
    #[serde(default)]
    guests: Vec<Value>,
    /// Persons, by `user_identity_key`.
    #[serde(default)]
    user_identities: Vec<Value>,
    /// Users, by `user_key`.
    #[serde(default)]
    users: Vec<Value>,
    /// Residents, by `resident_key`.
    #[serde(default)]
    residents: Vec<Value>,
    /// Tenants, by `tenant_key`.
    #[serde(default)]
    tenants: Vec<Value>,
    /// Staff, by `staff_member_key`.
    #[serde(default)]
    staff_members: Vec<Value>,
    /// Reservations, by `reservation_key`, with `starts_at`, `ends_at`, the keys of spaces and of guests.
    #[serde(default)]
    reservations: Vec<Value>,
    /// Bookings, by `booking_key`; otherwise like reservations.
    #[serde(default)]
    bookings: Vec<Value>,
    /// Access grants, by `access_grant_key`; otherwise like reservations.
    #[serde(default)]
    access_grants: Vec<Value>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    innkeep: Pushed,
}

/// What came of a push; not part of the API that we are compatible with.
#[derive(Serialize, JsonSchema)]
struct Pushed {
    /// Records by which something was made or changed.
    acted_on: usize,
    /// Records that say what they said before.
    unchanged: usize,
    /// Records that came to nothing, each with the reason.
    not_acted_on: Vec<NotActedOn>,
    /// Stays that were acted on, and at whose rooms another party is booked for some of the same time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    double_booked: Vec<DoubleBooked>,
}

/// A stay at whose rooms another party is booked for some of the same time.
#[derive(Serialize, JsonSchema)]
struct DoubleBooked {
    /// The list it stands in.
    list: &'static str,
    /// Its place in the list, from 0.
    index: usize,
    /// Its key.
    key: Option<String>,
    /// The rooms.
    #[schemars(with = "Vec<Id>")]
    acs_entrance_ids: Vec<EntranceId>,
}

/// A record that came to nothing.
#[derive(Serialize, JsonSchema)]
struct NotActedOn {
    /// The list it stands in.
    list: &'static str,
    /// Its place in the list, from 0.
    index: usize,
    /// Its key, where it has one.
    key: Option<String>,
    /// Why, for programs.
    reason_code: &'static str,
    /// Why, for people.
    reason: String,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Push) -> Result<Answer, Error> {
    let customer_key = request.customer_key.as_str().to_owned();
    let mut pushed = Pushed { acted_on: 0, unchanged: 0, not_acted_on: Vec::new(), double_booked: Vec::new() };
    // Stays name places and people, so they come last.
    for lists in in_order(request) {
        act_on(call, &customer_key, lists, &mut pushed)?;
    }
    tell(call, &customer_key, &pushed.not_acted_on)?;
    count_double_bookings(call, &pushed.double_booked);
    Ok(Answer { innkeep: pushed })
}

type List = (&'static str, Vec<Value>);

fn in_order(request: Push) -> [Vec<List>; 3] {
    let places = vec![
        ("spaces", request.spaces),
        ("rooms", request.rooms),
        ("sites", request.sites),
        ("properties", request.properties),
        ("units", request.units),
        ("buildings", request.buildings),
        ("common_areas", request.common_areas),
        ("listings", request.listings),
        ("property_listings", request.property_listings),
        ("facilities", request.facilities),
    ];
    let people = vec![
        ("guests", request.guests),
        ("user_identities", request.user_identities),
        ("users", request.users),
        ("residents", request.residents),
        ("tenants", request.tenants),
        ("staff_members", request.staff_members),
    ];
    let stays = vec![
        ("reservations", request.reservations),
        ("bookings", request.bookings),
        ("access_grants", request.access_grants),
    ];
    [places, people, stays]
}

/// Acts on the records of some lists, each in a transaction of its own.
fn act_on(call: &Call<'_, App>, customer_key: &str, lists: Vec<List>, pushed: &mut Pushed) -> Result<(), Error> {
    let mut places: Vec<(&'static str, usize, Option<String>)> = Vec::new();
    let mut works = Vec::new();
    let mut refused: Vec<NotActedOn> = Vec::new();
    for (list, records) in lists {
        let mut last: BTreeMap<String, usize> = BTreeMap::new();
        for (index, record) in records.iter().enumerate() {
            last.extend(record::key_of(list, record).map(|key| (key, index)));
        }
        for (index, record) in records.iter().enumerate() {
            let key = record::key_of(list, record);
            let is_last = key.as_ref().is_none_or(|key| last.get(key) == Some(&index));
            let read =
                record::read(list, record).and_then(|read| if is_last { Ok(read) } else { Err(Problem::superseded()) });
            match read {
                Ok(read) => {
                    let read = with_links(call.state, read)?;
                    places.push((list, index, key));
                    works.push(work(customer_key.to_owned(), read, call.state.automation.clone()));
                }
                Err(problem) => refused.push(not_acted_on(list, index, key, problem)),
            }
        }
    }
    let done = App::change_each(call, "customer.push_data", works)?;
    for ((list, index, key), done) in places.into_iter().zip(done) {
        match done {
            Ok((Outcome::Acted, acs_entrance_ids)) => {
                pushed.acted_on += 1;
                if !acs_entrance_ids.is_empty() {
                    pushed.double_booked.push(DoubleBooked { list, index, key, acs_entrance_ids });
                }
            }
            Ok((Outcome::Unchanged, _)) => pushed.unchanged += 1,
            Err(error) => {
                let problem = Problem::of(list, &error).ok_or_else(|| wire(&error))?;
                refused.push(not_acted_on(list, index, key, problem));
            }
        }
    }
    refused.sort_by_key(|refused| (refused.list, refused.index));
    pushed.not_acted_on.extend(refused);
    Ok(())
}

/// A stay with a link for each guest, to be used if the guest gets a mobile key.
fn with_links(app: &App, read: Read) -> Result<Read, Error> {
    let Read::Stay(stay) = read else { return Ok(read) };
    let count = if app.seal.is_some() { stay.guests.len() } else { 0 };
    let link = |_| {
        Ok(NewLink {
            code: instant_links::fresh(app)?,
            token: session_tokens::fresh(app)?,
            lasts: app.instant_key_life,
        })
    };
    let links = (0..count).map(link).collect::<Result<_, Error>>()?;
    Ok(Read::Stay(Stay { links, ..stay }))
}

fn not_acted_on(list: &'static str, index: usize, key: Option<String>, problem: Problem) -> NotActedOn {
    NotActedOn { list, index, key, reason_code: problem.code, reason: problem.reason }
}

/// What became of a record, and the rooms that are booked twice by it.
type Done = (Outcome, Vec<EntranceId>);

/// The transaction of one record.
fn work(
    customer_key: String,
    read: Read,
    automation: customers::Automation,
) -> impl FnMut(&mut store::Tx<'_>, &mut domain::Moment, &Caller) -> Result<Done, engine::Error> + Send + 'static {
    move |tx, moment, caller| {
        let outcome = match &read {
            Read::Place(name) => customers::push_place(tx, moment, caller, &customer_key, name),
            Read::Person(name, person) => customers::push_person(tx, moment, caller, &customer_key, name, person),
            Read::Stay(stay) => customers::push_stay(tx, moment, caller, &customer_key, stay, &automation),
        }?;
        let doors = match (&read, outcome) {
            (Read::Stay(stay), Outcome::Acted) => customers::double_booked(tx, moment, caller, &stay.name)?,
            _ => Vec::new(),
        };
        Ok((outcome, doors))
    }
}

/// Double bookings are allowed, and counted (design 6).
fn count_double_bookings(call: &Call<'_, App>, double_booked: &[DoubleBooked]) {
    let doors: usize = double_booked.iter().map(|stay| stay.acs_entrance_ids.len()).sum();
    if doors > 0 {
        call.state.counts.add_double_booked_doors(doors);
        let total = call.state.counts.double_booked_doors();
        tracing::warn!(doors, total, "another party is booked at doors of pushed stays for the same time");
    }
}

/// Keeps and tells what came to nothing.
fn tell(call: &Call<'_, App>, customer_key: &str, not_acted_on: &[NotActedOn]) -> Result<(), Error> {
    let works = not_acted_on.iter().map(|refused| {
        let problem = Problem { code: refused.reason_code, reason: refused.reason.clone() };
        let (list, key, customer_key) = (refused.list, refused.key.clone(), customer_key.to_owned());
        move |tx: &mut store::Tx<'_>, moment: &mut domain::Moment, caller: &Caller| {
            customers::report(tx, moment, caller, &customer_key, list, key.as_deref(), &problem)
        }
    });
    for told in App::change_each(call, "customer.report", works)? {
        told.map_err(|error| wire(&error))?;
    }
    Ok(())
}
