use serde_json::json;

use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn a_deactivated_phone_leaves_the_list_and_others_stay() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let made = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
        ids.push(made["phone"]["device_id"].clone());
    }
    let answer = api.post("/phones/deactivate", json!({"device_id": ids[0]})).await.ok();
    assert_eq!(answer, json!({"ok": true}));
    let left = api.get("/phones/list").await.ok();
    assert_eq!(left["phones"].as_array().unwrap().len(), 1);
    assert_eq!(left["phones"][0]["device_id"], ids[1]);
    let again = api.post("/phones/deactivate", json!({"device_id": ids[0]})).await;
    assert_eq!(again.refusal().1, "device_not_found");
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
        replies.push((id, api.post("/phones/deactivate", json!({ "device_id": id })).await));
    }
    assert_all_unknown("device", replies.try_into().unwrap());
    let theirs = api.post_there("/phones/list", json!({})).await.ok();
    assert_eq!(theirs["phones"].as_array().unwrap().len(), 1, "it is untouched");
}
