//! The rules of `spec/api.md 4.19`, with their statuses, types and titles.

use serde_json::{Value, json};

use super::{Api, asked, granted, id};

/// Status, type and title, which stands in both places.
fn refused(reply: &crate::api::app::Reply) -> (u16, String, String) {
    let (status, kind, message) = reply.refusal();
    assert!(!message.is_empty());
    let title = reply.json["error"]["title"].as_str().unwrap();
    assert_eq!(reply.json["error"]["data"]["title"], title);
    (status, kind.to_owned(), title.to_owned())
}

/// All that a grant could have made.
async fn everything(api: &Api) -> Vec<Value> {
    let mut all = Vec::new();
    for list in ["/access_grants", "/access_methods", "/acs/credentials", "/acs/users", "/instant_keys", "/events"] {
        all.push(api.post(&format!("{list}/list"), json!({"since": "2020-01-01T00:00:00Z"})).await.ok());
    }
    all
}

#[tokio::test]
async fn each_rule_refuses_with_its_title() {
    let api = Api::new();
    let (ada, bob) = (api.person("ada").await, api.person("bob").await);
    granted(&api, &ada, "R1", &["101", "102", "Gym"], &["card"]).await;
    let ask = async |doors: &[&str], more: Value| {
        refused(&api.post("/access_grants/create", asked(&api, &bob, doors, &["card"], more)).await)
    };
    let is = |status: u16, kind: &str, title: &str| (status, kind.to_owned(), title.to_owned());
    let key = json!({"reservation_key": "R1"});
    let before = everything(&api).await;
    for (doors, more) in [(["Gym"], &key), (["101"], &json!({}))] {
        let reply = api.post("/access_grants/create", asked(&api, &bob, &doors, &["card"], more.clone())).await;
        assert_eq!(reply.at("reservation_key"), [reply.refusal().2], "the field is named");
    }
    assert_eq!(ask(&["Gym"], key.clone()).await, is(400, "invalid_input", "reservation_key not supported."));
    assert_eq!(ask(&["101"], json!({})).await, is(400, "invalid_input", "reservation_key required for guest cards."));
    let change = "Reservation entrance change requires cleanup.";
    assert_eq!(ask(&["103"], key.clone()).await, is(409, "conflict", change));
    assert_eq!(ask(&["101", "103"], key.clone()).await, is(409, "conflict", change));
    let superset = "Reservation joiner entrance set conflict.";
    assert_eq!(ask(&["101", "102", "103"], key.clone()).await, is(409, "conflict", superset));
    let apart =
        json!({"reservation_key": "R1", "starts_at": "2030-01-03T10:00:00Z", "ends_at": "2030-01-05T10:00:00Z"});
    assert_eq!(ask(&["101"], apart).await, is(409, "conflict", "Reservation time frames must overlap."));
    assert_eq!(everything(&api).await, before, "nothing was stored");
}

#[tokio::test]
async fn doors_that_belong_to_no_reservation_are_left_out_of_the_comparison() {
    let api = Api::new();
    let (ada, bob) = (api.person("ada").await, api.person("bob").await);
    granted(&api, &ada, "R1", &["101", "Gym"], &["card"]).await;
    granted(&api, &bob, "R1", &["101", "Pool"], &["card"]).await;
    let common = asked(&api, &bob, &["Gym", "Pool"], &["card"], json!({}));
    let common = api.post("/access_grants/create", common).await.ok();
    assert_eq!(common["access_grant"]["reservation_key"], json!(null));
}

#[tokio::test]
async fn the_first_live_grant_fixes_the_rooms_and_deleting_all_frees_them() {
    let api = Api::new();
    let (ada, bob) = (api.person("ada").await, api.person("bob").await);
    let first = granted(&api, &ada, "R1", &["101", "102"], &["card"]).await;
    let second = granted(&api, &bob, "R1", &["101"], &["card"]).await;
    let both = asked(&api, &ada, &["101", "102"], &["card"], json!({"reservation_key": "R1"}));
    api.post("/access_grants/create", both.clone()).await.ok();
    let all = api.post("/access_grants/list", json!({"reservation_key": "R1"})).await.ok();
    for grant in [&first, &all["access_grants"][2]] {
        api.post("/access_grants/delete", json!({"access_grant_id": grant["access_grant_id"]})).await.ok();
    }
    let exceeds = api.post("/access_grants/create", both).await;
    assert_eq!(refused(&exceeds).2, "Reservation joiner entrance set conflict.");
    api.post("/access_grants/delete", json!({"access_grant_id": id(&second)})).await.ok();
    granted(&api, &ada, "R1", &["103"], &["card"]).await;
}

#[tokio::test]
async fn an_open_end_overlaps_whatever_comes() {
    let api = Api::new();
    let (ada, bob) = (api.person("ada").await, api.person("bob").await);
    let open = asked(&api, &ada, &["101"], &["card"], json!({"reservation_key": "R1", "ends_at": null}));
    let open = api.post("/access_grants/create", open).await.ok()["access_grant"].clone();
    assert_eq!(open["ends_at"], json!(null));
    let later =
        json!({"reservation_key": "R1", "starts_at": "2030-06-01T15:00:00Z", "ends_at": "2030-06-02T10:00:00Z"});
    api.post("/access_grants/create", asked(&api, &bob, &["101"], &["card"], later)).await.ok();
}

#[tokio::test]
async fn a_key_names_one_grant_and_is_free_once_its_grant_is_being_deleted() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let body = asked(&api, &ada, &["101"], &["card"], json!({"reservation_key": "R1", "access_grant_key": "K"}));
    let first = api.post("/access_grants/create", body.clone()).await.ok()["access_grant"].clone();
    let again = api.post("/access_grants/create", body.clone()).await;
    assert_eq!((again.refusal().0, again.refusal().1), (409, "conflict"));
    assert!(again.refusal().2.contains("access_grant_key"), "{}", again.json);
    api.post("/access_grants/delete", json!({"access_grant_id": id(&first)})).await.ok();
    let second = api.post("/access_grants/create", body).await.ok()["access_grant"].clone();
    let got = api.post("/access_grants/get", json!({"access_grant_key": "K"})).await.ok();
    assert_eq!(got["access_grant"]["access_grant_id"], second["access_grant_id"]);
}
