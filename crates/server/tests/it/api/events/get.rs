use serde_json::json;

use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn an_event_is_got_by_id_as_it_is_listed() {
    let api = Api::new();
    let listed = api.get("/events/list?since=2025-01-01T00:00:00Z").await.ok();
    let event = &listed["events"][3];
    let id = event["event_id"].as_str().unwrap();
    assert_eq!(api.get(&format!("/events/get?event_id={id}")).await.ok()["event"], *event);
    let body = json!({"event_id": id, "event_type": "acs_user.deleted"});
    assert_eq!(api.post("/events/get", body).await.refusal().1, "event_not_found", "the parameters combine with AND");
}

#[tokio::test]
async fn without_an_id_the_newest_that_matches_is_got() {
    let api = Api::new();
    api.user("Jane", None).await;
    api.app.clock.advance(std::time::Duration::from_secs(1)).unwrap();
    let newest = api.user("Joe", None).await;
    let got = api.post("/events/get", json!({"event_type": "acs_user.created"})).await.ok();
    assert_eq!(got["event"]["acs_user_id"], newest);

    let person = api.person("Jane").await;
    let phone = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
    let device = &phone["phone"]["device_id"];
    let none = api.post("/events/get", json!({"device_id": device})).await;
    assert_eq!(none.refusal().1, "event_not_found");
    api.post("/phones/deactivate", json!({"device_id": device})).await.ok();
    let got = api.post("/events/get", json!({"device_id": device})).await.ok();
    assert_eq!(got["event"]["event_type"], "phone.deactivated");
}

#[tokio::test]
async fn something_must_be_said_and_a_foreign_event_is_an_unknown_one() {
    let api = Api::new();
    let reply = api.post("/events/get", json!({})).await;
    assert_eq!(reply.at(""), ["Provide at least one of event_id, event_type and device_id"]);
    let theirs = api.post_there("/events/list", json!({"since": "2025-01-01T00:00:00Z"})).await.ok();
    let theirs = theirs["events"][0]["event_id"].as_str().unwrap();
    let mut replies = Vec::new();
    for id in [NOBODY, theirs, "x"] {
        replies.push((id, api.post("/events/get", json!({"event_id": id})).await));
    }
    assert_all_unknown("event", replies.try_into().unwrap());
}
