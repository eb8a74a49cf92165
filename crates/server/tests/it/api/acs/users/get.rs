use serde_json::json;

use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn a_user_is_found_in_every_way() {
    let api = Api::new();
    let person = api.person("person").await;
    let body = json!({
        "acs_system_id": api.site.acs_system_id, "full_name": "Jane", "email_address": "jane@example.com",
        "user_identity_id": person,
    });
    let made = api.post("/acs/users/create", body).await.ok();
    let site = api.site.acs_system_id;
    for body in [
        json!({"acs_user_id": made["acs_user"]["acs_user_id"]}),
        json!({"user_identity_id": person, "acs_system_id": site}),
        json!({"email_address": "jane@example.com"}),
        json!({"email": "jane@example.com", "acs_system_id": site}),
    ] {
        assert_eq!(api.post("/acs/users/get", body).await.ok(), made);
    }
}

#[tokio::test]
async fn exactly_one_way_is_needed() {
    let api = Api::new();
    let text = "Provide exactly one of acs_user_id, user_identity_id (with acs_system_id) or email_address";
    for body in [json!({}), json!({"acs_user_id": NOBODY, "user_identity_id": NOBODY})] {
        assert_eq!(api.post("/acs/users/get", body).await.at(""), [text]);
    }
    let reply = api.post("/acs/users/get", json!({"user_identity_id": NOBODY})).await;
    assert_eq!(reply.refusal(), (400, "invalid_input", "acs_system_id is required"));
}

#[tokio::test]
async fn a_foreign_user_is_an_unknown_one() {
    let api = Api::new();
    let foreign = api.foreign_user().await;
    let mut replies = Vec::new();
    for id in [NOBODY, &foreign, "x"] {
        replies.push((id, api.post("/acs/users/get", json!({ "acs_user_id": id })).await));
    }
    assert_all_unknown("acs_user", replies.try_into().unwrap());
    let reply = api.post("/acs/users/get", json!({"email_address": "nobody@example.com"})).await;
    assert_eq!(reply.refusal().1, "acs_user_not_found");
}
