//! Two parties at one door at the same time: allowed, and reported (design 6), or refused where the hotel says so.

use serde_json::{Value, json};

use crate::api::{Api, Reply};

/// A card by override for these doors and days of January 2030.
async fn card(api: &Api, user: &str, doors: &[&str], days: [u8; 2]) -> Value {
    let doors: Vec<String> = doors.iter().map(|name| api.door(name)).collect();
    let day = |day: u8| format!("2030-01-{day:02} 12:00:00.000");
    let body = json!({
        "acs_user_id": user, "access_method": "card", "allowed_acs_entrance_ids": doors,
        "starts_at": day(days[0]), "ends_at": day(days[1]), "visionline_metadata": {"override": true},
    });
    api.post("/acs/credentials/create", body).await.ok()["acs_credential"].clone()
}

#[tokio::test]
async fn a_room_that_is_booked_twice_is_named_when_it_is_booked() {
    let api = Api::new();
    let (ada, bob) = (api.user("Ada", None).await, api.user("Bob", None).await);
    let first = card(&api, &ada, &["101", "102", "Gym"], [1, 5]).await;
    assert_eq!(first.get("innkeep"), None, "nobody else is there");
    let second = card(&api, &bob, &["103", "102", "101", "Gym"], [4, 8]).await;
    let expected = json!({"double_booked_acs_entrance_ids": [api.door("102"), api.door("101")]});
    assert_eq!(second["innkeep"], expected, "in the order in which the doors were named; common doors are never");
    assert_eq!(api.app.counts.double_booked_doors(), 2);
}

#[tokio::test]
async fn stays_that_touch_or_share_a_stamp_are_no_double_booking() {
    let api = Api::new();
    let (ada, bob) = (api.user("Ada", None).await, api.user("Bob", None).await);
    let first = card(&api, &ada, &["101"], [1, 5]).await;
    let next = card(&api, &bob, &["101"], [5, 8]).await;
    assert_eq!(next.get("innkeep"), None);
    let body = json!({
        "acs_user_id": bob, "access_method": "card", "starts_at": "2030-01-02T00:00:00Z", "ends_at": "2030-01-05T00:00:00Z",
        "visionline_metadata": {"joiners": [first["acs_credential_id"]]},
    });
    let joined = api.post("/acs/credentials/create", body).await.ok()["acs_credential"].clone();
    assert_eq!(joined.get("innkeep"), None);
    assert_eq!(api.app.counts.double_booked_doors(), 0);
}

#[tokio::test]
async fn a_guest_whose_key_is_replaced_is_not_booked_twice() {
    let api = Api::new();
    let person = api.person("person").await;
    let user = api.user("Ada", Some(&person)).await;
    let body = json!({
        "acs_user_id": user, "access_method": "mobile_key", "is_multi_phone_sync_credential": true,
        "allowed_acs_entrance_ids": [api.door("101")], "ends_at": "2030-01-08T00:00:00Z",
        "visionline_metadata": {"override": true},
    });
    api.post("/acs/credentials/create", body.clone()).await.ok();
    let second = api.post("/acs/credentials/create", body).await.ok()["acs_credential"].clone();
    assert_eq!(second.get("innkeep"), None);
}

#[tokio::test]
async fn a_cancelled_stay_is_no_double_booking() {
    let api = Api::new();
    let (ada, bob) = (api.user("Ada", None).await, api.user("Bob", None).await);
    let first = card(&api, &ada, &["101"], [1, 5]).await;
    let body = json!({"acs_credential_id": first["acs_credential_id"]});
    api.post("/acs/credentials/delete", body).await.ok();
    let second = card(&api, &bob, &["101"], [4, 8]).await;
    assert_eq!(second.get("innkeep"), None);
}

/// Sets what becomes of double bookings.
async fn choose(api: &Api, choice: &str) {
    let body = json!({"acs_system_id": api.site.acs_system_id, "double_bookings": choice});
    let system = api.post("/innkeep/acs_systems/update", body).await.ok();
    assert_eq!(system["acs_system"]["innkeep"]["double_bookings"], choice);
}

async fn try_card(api: &Api, user: &str, doors: &[&str], days: [u8; 2], metadata: Value) -> Reply {
    let doors: Vec<String> = doors.iter().map(|name| api.door(name)).collect();
    let day = |day: u8| format!("2030-01-{day:02} 12:00:00.000");
    let body = json!({
        "acs_user_id": user, "access_method": "card", "allowed_acs_entrance_ids": doors,
        "starts_at": day(days[0]), "ends_at": day(days[1]), "visionline_metadata": metadata,
    });
    api.post("/acs/credentials/create", body).await
}

#[tokio::test]
async fn a_hotel_that_refuses_double_bookings_names_the_doors() {
    let api = Api::new();
    choose(&api, "refuse").await;
    let (ada, bob) = (api.user("Ada", None).await, api.user("Bob", None).await);
    card(&api, &ada, &["101", "102", "Gym"], [1, 5]).await;
    let twice = try_card(&api, &bob, &["103", "102", "101", "Gym"], [4, 8], json!({"override": true})).await;
    let message = "another party has 102, 101 for some of this time, and this hotel refuses double bookings; choose \
                   other doors or times, join the other party's credential, or delete it first";
    assert_eq!(twice.refusal(), (409, "conflict", message));
    let credentials = api.post("/acs/credentials/list", json!({"acs_user_id": bob})).await.ok();
    assert_eq!(credentials["acs_credentials"], json!([]), "nothing half done");
    assert_eq!(api.app.counts.double_booked_doors(), 0);
    // A common door belongs to everybody, and a room may be had by the day.
    card(&api, &bob, &["103", "Gym"], [4, 8]).await;
    card(&api, &bob, &["101"], [5, 8]).await;
}

#[tokio::test]
async fn who_joins_a_stay_is_not_refused_even_where_it_is_booked_twice() {
    let api = Api::new();
    let (ada, bob) = (api.user("Ada", None).await, api.user("Bob", None).await);
    let first = card(&api, &ada, &["101"], [1, 5]).await;
    card(&api, &bob, &["101"], [3, 8]).await;
    choose(&api, "refuse").await;
    let joiners = json!({"joiners": [first["acs_credential_id"]]});
    try_card(&api, &api.user("Eve", None).await, &["101"], [2, 5], joiners).await.ok();
    // With auto-join the stay in force is entered.
    try_card(&api, &api.user("Dan", None).await, &["101"], [2, 5], json!({"auto_join": true})).await.ok();
    choose(&api, "allow").await;
    card(&api, &api.user("Flo", None).await, &["101"], [4, 6]).await;
}

#[tokio::test]
async fn a_stay_is_not_made_longer_into_that_of_another_party() {
    let api = Api::new();
    choose(&api, "refuse").await;
    let (ada, bob) = (api.user("Ada", None).await, api.user("Bob", None).await);
    let first = card(&api, &ada, &["101"], [1, 5]).await;
    card(&api, &bob, &["101"], [5, 8]).await;
    let until = |end: &str| json!({"acs_credential_id": first["acs_credential_id"], "ends_at": end});
    let longer = api.post("/acs/credentials/update", until("2030-01-06T12:00:00Z")).await;
    assert_eq!((longer.refusal().0, longer.refusal().1), (409, "conflict"));
    let kept = api.post("/acs/credentials/get", json!({"acs_credential_id": first["acs_credential_id"]})).await.ok();
    assert_eq!(kept["acs_credential"]["ends_at"], "2030-01-05T12:00:00.000Z");
    api.post("/acs/credentials/update", until("2030-01-04T12:00:00Z")).await.ok();
}
