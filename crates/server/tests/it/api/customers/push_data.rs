use serde_json::{Value, json};

use super::{grant_ids, grants, guest, push, refused, spaces, stay, told};
use crate::api::Api;

#[tokio::test]
async fn a_reservation_becomes_one_grant_per_guest() {
    let api = Api::new();
    spaces(&api, &["101"]).await;
    let body = json!({
        "rooms": [{"room_key": "101", "name": "Room 101"}], "guests": [guest("jane"), guest("john")],
        "reservations": [stay("r1", &["101"], &["jane", "john"], [10, 12])],
    });
    assert_eq!(push(&api, body).await, (4, 0, vec![]));
    let found = grants(&api, "r1").await;
    assert_eq!(found.len(), 2);
    for grant in &found {
        assert_eq!(
            (&grant["starts_at"], &grant["ends_at"]),
            (&json!("2025-06-10T13:00:00.000Z"), &json!("2025-06-12T09:00:00.000Z"))
        );
        let modes: Vec<&Value> =
            grant["requested_access_methods"].as_array().unwrap().iter().map(|one| &one["mode"]).collect();
        assert_eq!(modes, ["card", "mobile_key"]);
        assert_eq!(grant["space_ids"].as_array().unwrap().len(), 1);
    }
    let persons = api.post("/user_identities/get", json!({"user_identity_key": "jane"})).await.ok();
    assert_eq!(persons["user_identity"]["email_address"], "jane@example.com");
    assert_eq!(told(&api).await, []);
}

#[tokio::test]
async fn what_says_the_same_again_changes_nothing() {
    let api = Api::new();
    spaces(&api, &["101", "102"]).await;
    let body = json!({
        "rooms": [{"room_key": "101"}, {"room_key": "102"}], "guests": [guest("jane"), guest("john")],
        "reservations": [stay("r1", &["101"], &["jane"], [10, 12])],
        "bookings": [{
            "booking_key": "b1", "space_key": "102", "user_identity_key": "john", "starts_at": "2025-06-10 13:00",
            "ends_at": "2025-06-12T09:00Z",
        }],
    });
    assert_eq!(push(&api, body.clone()).await, (6, 0, vec![]));
    let events = async || {
        let body = json!({"since": "2025-01-01T00:00:00Z", "limit": 1000});
        api.post("/events/list", body).await.ok()["events"].as_array().unwrap().len()
    };
    let (before, ids) = (events().await, [grant_ids(&api, "r1").await, grant_ids(&api, "b1").await]);
    for _ in 0..2 {
        assert_eq!(push(&api, body.clone()).await, (0, 6, vec![]));
    }
    // The older path is the same route.
    let mut older = body;
    older["customer_key"] = json!("meridian");
    let reply = api.post("/seam/v1/customers/push_data", older).await.ok();
    assert_eq!(reply["innkeep"]["unchanged"], 6);
    assert_eq!((events().await, [grant_ids(&api, "r1").await, grant_ids(&api, "b1").await]), (before, ids));
}

#[tokio::test]
async fn other_times_move_the_grants_that_are_there() {
    let api = Api::new();
    spaces(&api, &["101"]).await;
    let guests = json!([guest("jane"), guest("john")]);
    let of = |days| json!({"guests": guests, "reservations": [stay("r1", &["101"], &["jane", "john"], days)]});
    push(&api, of([10, 12])).await;
    let ids = grant_ids(&api, "r1").await;
    assert_eq!(push(&api, of([11, 15])).await, (1, 2, vec![]));
    assert_eq!(grant_ids(&api, "r1").await, ids);
    for grant in grants(&api, "r1").await {
        assert_eq!(
            (&grant["starts_at"], &grant["ends_at"]),
            (&json!("2025-06-11T13:00:00.000Z"), &json!("2025-06-15T09:00:00.000Z"))
        );
    }
    // Times that share nothing with the former ones are another stay for each of the party.
    assert_eq!(push(&api, of([20, 22])).await, (1, 2, vec![]));
    let moved = grant_ids(&api, "r1").await;
    assert_eq!(moved.len(), 2);
    assert!(moved.iter().all(|id| !ids.contains(id)));
}

#[tokio::test]
async fn companions_come_and_go_and_the_others_keep_their_grants() {
    let api = Api::new();
    spaces(&api, &["101"]).await;
    let guests = json!([guest("jane"), guest("john"), guest("kim")]);
    let of = |who: &[&str]| json!({"guests": guests, "reservations": [stay("r1", &["101"], who, [10, 12])]});
    push(&api, of(&["jane", "john"])).await;
    let person = async |key: &str| {
        let found = api.post("/user_identities/get", json!({ "user_identity_key": key })).await.ok();
        found["user_identity"]["user_identity_id"].clone()
    };
    let janes = async || {
        let jane = person("jane").await;
        let found = grants(&api, "r1").await;
        found.iter().find(|grant| grant["user_identity_id"] == jane).unwrap()["access_grant_id"].clone()
    };
    let before = janes().await;
    assert_eq!(push(&api, of(&["jane", "kim"])).await.0, 1);
    assert_eq!(janes().await, before);
    let present: Vec<Value> = grants(&api, "r1").await.iter().map(|grant| grant["user_identity_id"].clone()).collect();
    assert_eq!(present.len(), 2);
    assert!(present.contains(&person("kim").await) && !present.contains(&person("john").await));
}

#[tokio::test]
async fn a_person_is_kept_up_to_date_by_key() {
    let api = Api::new();
    push(&api, json!({"guests": [guest("jane")]})).await;
    let moved = json!({"guests": [{"guest_key": "jane", "email_address": "new@example.com"}]});
    assert_eq!(push(&api, moved.clone()).await, (1, 0, vec![]));
    assert_eq!(push(&api, moved).await, (0, 1, vec![]));
    let jane =
        api.post("/user_identities/get", json!({"user_identity_key": "jane"})).await.ok()["user_identity"].clone();
    assert_eq!((&jane["email_address"], &jane["full_name"]), (&json!("new@example.com"), &json!("jane")));
}

#[tokio::test]
async fn a_guest_never_becomes_one_of_the_staff_by_a_like_key() {
    let api = Api::new();
    let body = json!({"guests": [guest("1")], "staff_members": [{"staff_member_key": "1", "name": "Manager"}]});
    let expected = refused("1", "user_identity_email_or_phone_conflict");
    assert_eq!(push(&api, body).await, (1, 0, vec![expected]));
    let person = api.post("/user_identities/get", json!({"user_identity_key": "1"})).await.ok();
    assert_eq!(person["user_identity"]["full_name"], "1");
}

#[tokio::test]
async fn a_key_belongs_to_the_customer_who_pushed_it_first() {
    let api = Api::new();
    spaces(&api, &["101"]).await;
    let body = json!({"guests": [guest("jane")], "reservations": [stay("r1", &["101"], &["jane"], [10, 12])]});
    push(&api, body).await;
    let ids = grant_ids(&api, "r1").await;
    let mut theirs = json!({"customer_key": "zenith", "reservations": [stay("r1", &["101"], &["jane"], [15, 16])]});
    theirs["guests"] = json!([guest("jane")]);
    let reply = api.post("/customers/push_data", theirs).await.ok();
    assert_eq!(reply["innkeep"]["acted_on"], 0);
    let reasons: Vec<&str> = reply["innkeep"]["not_acted_on"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["reason"].as_str().unwrap())
        .collect();
    let reason = "another customer (meridian) has pushed this key; keys are unique in a workspace, so use another one";
    assert_eq!(reasons, [reason, reason]);
    assert_eq!(grant_ids(&api, "r1").await, ids);
}

/// Deleting it was deliberate, so a push that says nothing new does not undo it.
#[tokio::test]
async fn a_grant_that_somebody_deleted_is_not_made_again_behind_their_back() {
    let api = Api::new();
    spaces(&api, &["101"]).await;
    let body = json!({"guests": [guest("jane")], "reservations": [stay("r1", &["101"], &["jane"], [10, 12])]});
    push(&api, body.clone()).await;
    let id = grant_ids(&api, "r1").await.remove(0);
    api.post("/access_grants/delete", json!({"access_grant_id": id})).await.ok();
    assert_eq!(push(&api, body.clone()).await, (0, 1, vec![refused("r1", "conflict")]));
    assert_eq!(grant_ids(&api, "r1").await, [""; 0]);
    api.post("/customers/delete_data", json!({"reservation_keys": ["r1"]})).await.ok();
    assert_eq!(push(&api, body).await, (1, 1, vec![]));
    assert_eq!(grant_ids(&api, "r1").await.len(), 1);
}

#[tokio::test]
async fn an_access_grant_is_pushed_under_its_own_key() {
    let api = Api::new();
    spaces(&api, &["101", "Gym"]).await;
    let grant = |key: &str, space: &str| {
        json!({
            "access_grant_key": key, "space_keys": [space], "user_identity_key": "jane",
            "starts_at": "2025-06-10T13:00:00Z", "ends_at": "2025-06-12T09:00:00Z", "name": "A grant",
        })
    };
    let body = json!({
        "user_identities": [{"user_identity_key": "jane", "name": "Jane"}],
        "access_grants": [grant("g1", "101"), grant("g2", "Gym")],
    });
    assert_eq!(push(&api, body).await, (3, 0, vec![]));
    for (key, reservation) in [("g1", json!("g1")), ("g2", json!(null))] {
        let found = api.post("/access_grants/get", json!({ "access_grant_key": key })).await.ok();
        assert_eq!(found["access_grant"]["reservation_key"], reservation, "a gym has no reservations");
        assert_eq!(found["access_grant"]["name"], "A grant");
    }
}

/// Design 6: what is booked twice is said to whoever books it, once, and counted.
#[tokio::test]
async fn a_pushed_stay_beside_another_party_is_named() {
    let api = Api::new();
    spaces(&api, &["101", "102"]).await;
    let pushing = async |stays: Value| {
        let body = json!({
            "customer_key": "meridian", "guests": [guest("jane"), guest("john")], "reservations": stays,
        });
        api.post("/customers/push_data", body).await.ok()["innkeep"]["double_booked"].clone()
    };
    let first = stay("r1", &["101", "102"], &["jane"], [10, 12]);
    assert_eq!(pushing(json!([first])).await, json!(null));
    let stays = json!([first, stay("r2", &["102"], &["john"], [11, 14]), stay("r3", &["101"], &["john"], [12, 14])]);
    let named = json!([
        {"list": "reservations", "index": 1, "key": "r2", "acs_entrance_ids": [api.door("102")]},
    ]);
    assert_eq!(pushing(stays.clone()).await, named);
    assert_eq!(pushing(stays).await, json!(null), "nothing new");
    assert_eq!(api.app.counts.double_booked_doors(), 1);
    let longer = stay("r1", &["101", "102"], &["jane"], [10, 13]);
    let mut doors: Vec<Value> = vec![json!(api.door("101")), json!(api.door("102"))];
    let told = pushing(json!([longer])).await;
    let mut said = told[0]["acs_entrance_ids"].as_array().unwrap().clone();
    said.sort_by_key(Value::to_string);
    doors.sort_by_key(Value::to_string);
    assert_eq!(said, doors);
}
