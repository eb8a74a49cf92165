mod create;
mod customers;
mod delete;
mod list;
mod rules;
mod update;

use serde_json::{Value, json};

use super::Api;

/// A grant that is asked for; members of `more` come on top.
pub fn asked(api: &Api, person: &str, doors: &[&str], modes: &[&str], more: Value) -> Value {
    let mut body = json!({
        "user_identity_id": person,
        "acs_entrance_ids": doors.iter().map(|door| api.door(door)).collect::<Vec<_>>(),
        "requested_access_methods": modes.iter().map(|mode| json!({ "mode": mode })).collect::<Vec<_>>(),
        "starts_at": "2030-01-01T15:00:00Z",
        "ends_at": "2030-01-03T10:00:00Z",
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// A grant of ours for a reservation.
pub async fn granted(api: &Api, person: &str, reservation: &str, doors: &[&str], modes: &[&str]) -> Value {
    let body = asked(api, person, doors, modes, json!({ "reservation_key": reservation }));
    api.post("/access_grants/create", body).await.ok()["access_grant"].clone()
}

pub fn id(grant: &Value) -> String {
    grant["access_grant_id"].as_str().unwrap().to_owned()
}

/// The types of all events of grants and methods, oldest first.
pub async fn told(api: &Api) -> Vec<String> {
    let events = api.post("/events/list", json!({"since": "2020-01-01T00:00:00Z"})).await.ok();
    let types = events["events"].as_array().unwrap().iter().map(|event| event["event_type"].as_str().unwrap());
    types.filter(|name| name.starts_with("access_")).map(str::to_owned).collect()
}
