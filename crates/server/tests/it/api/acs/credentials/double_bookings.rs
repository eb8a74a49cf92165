//! Two parties at one door at the same time: allowed, and reported (design 6).

use serde_json::{Value, json};

use crate::api::Api;

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
