mod create;
mod delete;
mod get;
mod get_related;
mod list;
mod members;
mod update;

use serde_json::{Value, json};

use crate::api::Api;

/// A space of ours with these doors; answers its id.
async fn space(api: &Api, key: &str, doors: &[&str]) -> String {
    let doors: Vec<String> = doors.iter().map(|name| api.door(name)).collect();
    let body = json!({"name": format!("The {key}"), "space_key": key, "acs_entrance_ids": doors});
    let made = api.post("/spaces/create", body).await.ok();
    api.name(&made["space"]["space_id"], key)
}

/// The names of the doors that belong to a space now.
async fn doors_of(api: &Api, space: &str) -> Vec<String> {
    let reply = api.post("/acs/entrances/list", json!({"space_id": space})).await.ok();
    let doors = reply["acs_entrances"].as_array().unwrap();
    doors.iter().map(|door| door["display_name"].as_str().unwrap().to_owned()).collect()
}

/// Type, doors and phones of the events of a space, oldest first.
async fn events(api: &Api, space: &str) -> Vec<Value> {
    let body = json!({"since": "2025-01-01T00:00:00Z", "space_id": space});
    let reply = api.post("/events/list", body).await.ok();
    let events = reply["events"].as_array().unwrap();
    events.iter().map(|event| api.redacted(&json!([event["event_type"], event["acs_entrance_ids"]]))).collect()
}
