//! From a push to the door.

use serde_json::{Value, json};

use super::{guest, push, spaces};
use crate::cards::desk::Desk;

/// A stay from now on for two nights.
fn now(desk: &Desk, key: &str, room: &str, guests: &[&str]) -> Value {
    let start = desk.api.app.clock.now();
    let end = start + jiff::SignedDuration::from_hours(48);
    json!({
        "reservation_key": key, "room_keys": [room], "guest_keys": guests, "starts_at": start.to_string(),
        "ends_at": end.to_string(),
    })
}

/// A phone of the pushed guest; its endpoint.
async fn phone(desk: &Desk, guest: &str) -> String {
    let person = desk.api.post("/user_identities/get", json!({ "user_identity_key": guest })).await.ok();
    let body = json!({"user_identity_id": person["user_identity"]["user_identity_id"]});
    let made = desk.api.post("/phones/simulate/create_sandbox_phone", body).await.ok();
    let endpoints = &made["phone"]["properties"]["assa_abloy_credential_service_metadata"]["endpoints"];
    endpoints[0]["endpoint_id"].as_str().unwrap().to_owned()
}

async fn until_says(desk: &Desk, phone: &str, door: &str, word: &str) {
    desk.until(&format!("{door} says {word}"), || async { (desk.hold(phone, door) == word).then_some(()) }).await;
}

/// P3, P4, P7.
#[tokio::test]
async fn a_pushed_stay_opens_its_door_and_moves_and_ends_with_what_is_pushed() {
    let desk = Desk::open().await;
    spaces(&desk.api, &["101", "102"]).await;
    let guests = json!([guest("jane"), guest("john")]);
    let first = now(&desk, "r1", "101", &["jane", "john"]);
    let body = json!({"guests": guests, "reservations": [first]});
    assert_eq!(push(&desk.api, body).await, (3, 0, vec![]));
    let (jane, john) = (phone(&desk, "jane").await, phone(&desk, "john").await);
    for phone in [&jane, &john, &jane] {
        until_says(&desk, phone, "101", "guest").await;
    }
    assert_eq!(desk.hold(&jane, "102"), "no_access");

    // Another room.
    let moved = now(&desk, "r1", "102", &["jane", "john"]);
    assert_eq!(push(&desk.api, json!({"reservations": [moved]})).await, (1, 0, vec![]));
    for phone in [&jane, &john, &jane] {
        until_says(&desk, phone, "102", "guest").await;
    }
    until_says(&desk, &jane, "101", "no_access").await;

    // One of the two leaves.
    let alone = now(&desk, "r1", "102", &["jane"]);
    assert_eq!(push(&desk.api, json!({"reservations": [alone]})).await, (1, 0, vec![]));
    until_says(&desk, &john, "102", "no_key").await;
    assert_eq!(desk.hold(&jane, "102"), "guest");

    let taken_back = json!({"reservation_keys": ["r1"]});
    desk.api.post("/customers/delete_data", taken_back).await.ok();
    until_says(&desk, &jane, "102", "no_key").await;
}

#[tokio::test]
async fn the_next_reservation_of_a_room_ends_the_one_before() {
    let desk = Desk::open().await;
    spaces(&desk.api, &["101"]).await;
    let body = json!({"guests": [guest("jane")], "reservations": [now(&desk, "r1", "101", &["jane"])]});
    push(&desk.api, body).await;
    let jane = phone(&desk, "jane").await;
    until_says(&desk, &jane, "101", "guest").await;
    let body = json!({"guests": [guest("john")], "reservations": [now(&desk, "r2", "101", &["john"])]});
    push(&desk.api, body).await;
    let john = phone(&desk, "john").await;
    until_says(&desk, &john, "101", "guest").await;
    until_says(&desk, &jane, "101", "overridden").await;
}
