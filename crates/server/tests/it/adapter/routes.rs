//! The table under test: a few routes that echo what reached them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, StatusCode};
use innkeep_server::adapter::field::{Id, Limit, Nullable, Reference, Text, When};
use innkeep_server::adapter::page::{Cursor, Pagination, Position};
use innkeep_server::adapter::{
    Access, Actor, Call, Error, Nothing, Route, Settings, api_key, create, put, read, remove, router as adapter_router,
    update,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

pub struct Hotel {
    /// Creation second and id of each door, in order.
    pub doors: Vec<(i64, &'static str)>,
    /// One permit for every request whose head has been seen.
    pub seen: Semaphore,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Echo {
    echo: Value,
}

/// Gets a door.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct GetDoor {
    door_id: Reference,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Door {
    door_id: String,
    /// Shown on the door.
    name: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct DoorAnswer {
    door: Door,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Doors {
    doors: Vec<Door>,
    pagination: Pagination,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "echoed from the parameters; the types are what is tested")]
pub struct Filter {
    acs_system_id: Option<Id>,
    device_ids: Option<Vec<String>>,
    numbers: Option<Vec<f64>>,
    is_open: Option<bool>,
    #[serde(default)]
    search: Nullable<String>,
    name: Option<String>,
    created_before: Option<When>,
    custom_metadata_has: Option<BTreeMap<String, String>>,
    place: Option<Place>,
    limit: Option<Limit>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "echoed from the parameters; the types are what is tested")]
pub struct Place {
    floor: Option<i32>,
    wings: Option<Vec<String>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct ListDoors {
    search: Option<String>,
    limit: Option<Limit>,
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Guest,
    /// Every other door.
    Common,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "echoed from the parameters; the types are what is tested")]
pub struct Schedule {
    starts_at: When,
    ends_at: Option<When>,
}

/// Creates a door.
#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "echoed from the parameters; the types are what is tested")]
pub struct CreateDoor {
    #[schemars(extend("x-aliases" = ["entrance_id"]))]
    acs_entrance_id: Id,
    #[schemars(length(min = 1, max = 20))]
    name: Option<String>,
    door_key: Option<Text>,
    category: Option<Category>,
    level: Option<u32>,
    access_schedule: Option<Schedule>,
    #[serde(default)]
    note: Nullable<String>,
    #[schemars(length(max = 3))]
    device_ids: Option<Vec<Id>>,
    target: Option<Target>,
    detail: Option<Value>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(dead_code, reason = "echoed from the parameters; the types are what is tested")]
pub enum Target {
    Room { number: u32 },
    Suite { name: String },
}

fn echo<T>(call: &Call<'_, Hotel>, _: T) -> Result<Echo, Error> {
    Ok(Echo { echo: Value::Object(call.parameters.clone()) })
}

fn nothing(_: &Call<'_, Hotel>, _: GetDoor) -> Result<Nothing, Error> {
    Ok(Nothing {})
}

fn get_door(call: &Call<'_, Hotel>, request: GetDoor) -> Result<DoorAnswer, Error> {
    let id = request.door_id.as_str();
    if !call.state.doors.iter().any(|(_, door)| *door == id) {
        let error = Error::not_found("door_not_found", "There is no such door");
        return Err(error.with_data(json!({"door_id": id})));
    }
    Ok(DoorAnswer { door: Door { door_id: id.to_owned(), name: None } })
}

fn list_doors(call: &Call<'_, Hotel>, request: ListDoors) -> Result<Doors, Error> {
    let page = call.page(request.limit, &request.page_cursor, 3)?;
    let position = |(second, id): &(i64, &'static str)| Position {
        created_at: Timestamp::from_second(*second).unwrap(),
        id: (*id).to_owned(),
    };
    let wanted = |id: &str| request.search.as_deref().is_none_or(|search| id.contains(search));
    let after = page.after.clone();
    let rest = call.state.doors.iter().filter(|row| after.as_ref().is_none_or(|after| position(row) > *after));
    let fetched = usize::try_from(page.rows_to_fetch()).unwrap();
    let rows: Vec<_> = rest.filter(|(_, id)| wanted(id)).take(fetched).copied().collect();
    let (rows, pagination) = page.finish(rows, position);
    let doors = rows.into_iter().map(|(_, id)| Door { door_id: id.to_owned(), name: None }).collect();
    Ok(Doors { doors, pagination })
}

fn panics(_: &Call<'_, Hotel>, _: Nothing) -> Result<Nothing, Error> {
    panic!("the secret of room 101");
}

fn breaks(_: &Call<'_, Hotel>, _: Nothing) -> Result<Nothing, Error> {
    Err(Error::internal(&std::io::Error::other("the secret of room 102")))
}

fn conflicts(_: &Call<'_, Hotel>, _: Nothing) -> Result<Nothing, Error> {
    Err(Error::conflict("conflict", "The key is taken").with_title("Taken"))
}

fn refuses(_: &Call<'_, Hotel>, _: Nothing) -> Result<Nothing, Error> {
    Err(Error::invalid_input("Give exactly one of acs_user_id and user_identity_id"))
}

pub fn table() -> Vec<Route<Hotel>> {
    vec![
        read("/doors/get", get_door),
        read("/doors/list", list_doors),
        read("/doors/filter", echo::<Filter>).client_sessions(),
        create("/doors/create", echo::<CreateDoor>),
        update("/doors/update", nothing),
        put("/doors/put", nothing),
        remove("/doors/delete", nothing),
        create("/doors/panic", panics),
        create("/doors/break", breaks),
        create("/doors/conflict", conflicts),
        create("/doors/refuse", refuses),
    ]
}

fn authenticate(hotel: &Hotel, headers: &HeaderMap, _: Timestamp) -> Result<Access, Error> {
    hotel.seen.add_permits(1);
    let token = api_key::bearer(headers).ok_or_else(|| Error::unauthorized("Send an API key"))?;
    let who = match api_key::parse(token) {
        Some((short, _)) => Actor::ApiKey(short.to_owned()),
        None if token.starts_with("seam_cst") => Actor::ClientSession(token.to_owned()),
        None => return Err(Error::unauthorized("This is not an API key")),
    };
    Ok(Access { workspace_id: "w1".to_owned(), who })
}

pub fn settings() -> Settings<Hotel> {
    let count = AtomicU64::new(0);
    Settings {
        state: Arc::new(Hotel {
            doors: vec![(1, "a"), (2, "b"), (2, "c"), (3, "d"), (4, "e")],
            seen: Semaphore::new(0),
        }),
        authenticate,
        clock: |_| Timestamp::UNIX_EPOCH,
        request_ids: Box::new(move || format!("request-{}", count.fetch_add(1, Ordering::Relaxed))),
        reads_wait: false,
        public_url: None,
        answers: None,
        extra: axum::Router::new()
            .route("/openapi.json", axum::routing::get(|| async { "{}" }))
            .route("/teapot", axum::routing::post(|| async { StatusCode::IM_A_TEAPOT })),
    }
}

pub fn router() -> axum::Router {
    adapter_router(table(), settings()).unwrap()
}
