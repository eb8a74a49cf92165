use serde_json::json;

use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn a_person_is_found_in_every_way() {
    let api = Api::new();
    let body = json!({"user_identity_key": "jane", "email_address": "jane@example.com", "phone_number": "+15551234"});
    let made = api.post("/user_identities/create", body).await.ok();
    for (field, value) in [
        ("user_identity_id", made["user_identity"]["user_identity_id"].clone()),
        ("user_identity_key", json!("jane")),
        ("email_address", json!("jane@example.com")),
        ("phone_number", json!("+15551234")),
    ] {
        assert_eq!(api.post("/user_identities/get", json!({ field: value })).await.ok(), made, "{field}");
    }
}

#[tokio::test]
async fn exactly_one_way_is_needed() {
    let api = Api::new();
    let text = "Provide exactly one of user_identity_id, user_identity_key, email_address or phone_number";
    for body in [json!({}), json!({"user_identity_id": NOBODY, "user_identity_key": "jane"})] {
        assert_eq!(api.post("/user_identities/get", body).await.at(""), [text]);
    }
}

#[tokio::test]
async fn a_foreign_person_is_an_unknown_one() {
    let api = Api::new();
    let there = api.post_there("/user_identities/create", json!({"user_identity_key": "jane"})).await.ok();
    let foreign = there["user_identity"]["user_identity_id"].as_str().unwrap();
    let mut replies = Vec::new();
    for id in [NOBODY, foreign, "x"] {
        replies.push((id, api.post("/user_identities/get", json!({ "user_identity_id": id })).await));
    }
    assert_all_unknown("user_identity", replies.try_into().unwrap());
    let reply = api.post("/user_identities/get", json!({"user_identity_key": "jane"})).await;
    assert_eq!(reply.refusal().1, "user_identity_not_found");
}
