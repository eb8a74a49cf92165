use serde_json::json;

use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn a_phone_looks_as_it_did_when_it_was_made() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let made = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
    let id = made["phone"]["device_id"].as_str().unwrap();
    assert_eq!(api.get(&format!("/phones/get?device_id={id}")).await.ok(), made);
}

#[tokio::test]
async fn a_foreign_phone_is_an_unknown_device() {
    let api = Api::new();
    let person = api.post_there("/user_identities/create", json!({})).await.ok();
    let body = json!({"user_identity_id": person["user_identity"]["user_identity_id"]});
    let made = api.post_there("/phones/simulate/create_sandbox_phone", body).await.ok();
    let foreign = made["phone"]["device_id"].as_str().unwrap();
    let mut replies = Vec::new();
    for id in [NOBODY, foreign, "x"] {
        replies.push((id, api.post("/phones/get", json!({ "device_id": id })).await));
    }
    assert_all_unknown("device", replies.try_into().unwrap());
}
