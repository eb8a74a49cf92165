use serde_json::json;

use crate::api::{Api, NOBODY};

const PATH: &str = "/user_identities/create";

#[tokio::test]
async fn a_person_may_have_everything_or_nothing() {
    let api = Api::new();
    let body = json!({
        "user_identity_key": "jane", "email_address": "jane@example.com", "phone_number": "+15551234",
        "full_name": "Jane Doe", "acs_system_ids": [api.site.acs_system_id],
    });
    let reply = api.post(PATH, body).await.ok();
    assert_eq!(
        api.redacted(&reply),
        json!({
            "user_identity": {
                "user_identity_id": "<id>",
                "workspace_id": "<workspace>",
                "created_at": "<now>",
                "display_name": "Jane Doe",
                "full_name": "Jane Doe",
                "email_address": "jane@example.com",
                "phone_number": "+15551234",
                "user_identity_key": "jane",
                "acs_user_ids": ["<id>"],
                "merged_user_identity_ids": [],
                "merged_user_identity_keys": [],
                "errors": [],
                "warnings": [],
            },
            "ok": true,
        })
    );
    let reply = api.post(PATH, json!({"full_name": null})).await.ok();
    let person = &reply["user_identity"];
    assert_eq!(person["display_name"], person["user_identity_id"]);
    for absent in ["full_name", "email_address", "phone_number", "user_identity_key"] {
        assert_eq!(person.get(absent), Some(&json!(null)), "{absent}");
    }
    assert_eq!(person["acs_user_ids"], json!([]));
}

#[tokio::test]
async fn key_email_and_phone_each_name_one_person() {
    let api = Api::new();
    for (field, value) in [("user_identity_key", "jane"), ("email_address", "a@b.c"), ("phone_number", "+1555")] {
        let first = api.post(PATH, json!({ field: value })).await.ok();
        let id = first["user_identity"]["user_identity_id"].as_str().unwrap();
        let message = format!("{field} already belongs to user identity {id}; use that one or another value");
        assert_eq!(api.post(PATH, json!({ field: value })).await.refusal(), (409, "conflict", message.as_str()));
        api.post_there(PATH, json!({ field: value })).await.ok();
    }
}

#[tokio::test]
async fn a_user_with_the_same_email_address_is_linked_instead_of_made() {
    let api = Api::new();
    let body = json!({"acs_system_id": api.site.acs_system_id, "full_name": "Jane", "email": "jane@example.com"});
    let user = api.post("/acs/users/create", body).await.ok()["acs_user"]["acs_user_id"].clone();
    let body = json!({"email_address": "jane@example.com", "acs_system_ids": [api.site.acs_system_id]});
    assert_eq!(api.post(PATH, body).await.ok()["user_identity"]["acs_user_ids"], json!([user]));
}

#[tokio::test]
async fn a_refused_person_leaves_nothing() {
    let api = Api::new();
    for id in [json!(NOBODY), json!(api.foreign.acs_system_id)] {
        let reply = api.post(PATH, json!({"acs_system_ids": [api.site.acs_system_id, id]})).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (404, "acs_system_not_found"));
    }
    let reply = api.post(PATH, json!({"acs_system_ids": [api.site.manager_id]})).await;
    assert_eq!(reply.at("acs_system_ids").len(), 1);
    let reply = api.post(PATH, json!({"user_identity_key": "  "})).await;
    assert_eq!(reply.at("user_identity_key"), ["String must not be blank"]);
    assert_eq!(api.get("/user_identities/list").await.ok()["user_identities"], json!([]));
    assert_eq!(api.get("/acs/users/list").await.ok()["acs_users"], json!([]));
}
