mod bad_input;
mod delete_data;
mod doors;
mod push_data;

use serde_json::{Value, json};

use crate::api::Api;

/// Spaces of ours, each with the one door of its name.
async fn spaces(api: &Api, names: &[&str]) {
    for name in names {
        let body = json!({"name": name, "space_key": name, "acs_entrance_ids": [api.door(name)]});
        api.post("/spaces/create", body).await.ok();
    }
}

/// What came of a push of the customer `meridian`: acted on, unchanged, and key and code of what came to nothing.
async fn push(api: &Api, mut body: Value) -> (u64, u64, Vec<(String, String)>) {
    body["customer_key"] = json!("meridian");
    let reply = api.post("/customers/push_data", body).await.ok()["innkeep"].clone();
    let refused = reply["not_acted_on"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let refused = refused.map(|one| (text(&one["key"]), text(&one["reason_code"]))).collect();
    (reply["acted_on"].as_u64().unwrap(), reply["unchanged"].as_u64().unwrap(), refused)
}

/// A stay of these guests in these rooms, from day to day of June.
fn stay(key: &str, rooms: &[&str], guests: &[&str], days: [u8; 2]) -> Value {
    json!({
        "reservation_key": key, "room_keys": rooms, "guest_keys": guests,
        "starts_at": format!("2025-06-{:02}T13:00:00Z", days[0]), "ends_at": format!("2025-06-{:02}T09:00:00Z", days[1]),
    })
}

fn guest(key: &str) -> Value {
    json!({"guest_key": key, "name": key, "email_address": format!("{key}@example.com")})
}

/// The grants of a reservation that are not being deleted.
async fn grants(api: &Api, key: &str) -> Vec<Value> {
    let reply = api.post("/access_grants/list", json!({"reservation_key": key})).await.ok();
    let live =
        |grant: &&Value| grant["warnings"].as_array().unwrap().iter().all(|one| one["warning_code"] != "being_deleted");
    reply["access_grants"].as_array().unwrap().iter().filter(live).cloned().collect()
}

async fn grant_ids(api: &Api, key: &str) -> Vec<String> {
    let found = grants(api, key).await;
    found.iter().map(|grant| grant["access_grant_id"].as_str().unwrap().to_owned()).collect()
}

/// The events of ours about what was not acted on, with key and reason code.
async fn told(api: &Api) -> Vec<(String, String)> {
    let body = json!({
        "since": "2025-01-01T00:00:00Z", "event_type": "innkeep.customer_record_not_acted_on", "customer_key": "meridian",
    });
    let reply = api.post("/events/list", body).await.ok();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let events = reply["events"].as_array().unwrap().iter();
    events.map(|event| (text(&event["innkeep"]["key"]), text(&event["innkeep"]["reason_code"]))).collect()
}

fn refused(key: &str, code: &str) -> (String, String) {
    (key.to_owned(), code.to_owned())
}
