use serde_json::json;

use super::generate;
use crate::api::{Api, NOBODY};

const PATH: &str = "/user_identities/generate_instant_key";

#[tokio::test]
async fn a_link_comes_with_a_client_session_of_its_guest() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let body = json!({"user_identity_id": person, "max_use_count": 3, "customization_profile_id": "ours"});
    let made = api.post(PATH, body).await.ok();
    let url = made["instant_key"]["instant_key_url"].as_str().unwrap();
    let (_, code) = url.split_once("/ik/").unwrap();
    assert!(code.len() >= 32, "128 bits at least: {code}");
    let mut shown = made.clone();
    shown["instant_key"]["instant_key_url"] = json!("<link>");
    // A week after it was made.
    assert!(shown["instant_key"]["expires_at"].as_str().unwrap().starts_with("2025-06-08T10:"), "{shown}");
    shown["instant_key"]["expires_at"] = json!("<end>");
    assert_eq!(
        api.redacted(&shown),
        json!({
            "instant_key": {
                "instant_key_id": "<id>",
                "instant_key_url": "<link>",
                "client_session_id": "<id>",
                "user_identity_id": "<Jane>",
                "workspace_id": "<workspace>",
                "created_at": "<now>",
                "expires_at": "<end>",
                "customization_profile_id": "ours",
                "innkeep": {"max_use_count": 3, "use_count": 0},
            },
            "ok": true,
        })
    );
    let session = json!({"client_session_id": made["instant_key"]["client_session_id"]});
    let session = api.post("/client_sessions/get", session).await.ok();
    assert_eq!(session["client_session"]["user_identity_id"], json!(person));
}

#[tokio::test]
async fn two_links_have_nothing_in_common_and_one_use_if_nobody_says_otherwise() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let (first, second) = (generate(&api, &person).await, generate(&api, &person).await);
    for member in ["instant_key_id", "instant_key_url", "client_session_id"] {
        assert_ne!(first[member], second[member]);
    }
    assert_eq!(first["innkeep"]["max_use_count"], 1);
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let stranger = api.post_there("/user_identities/create", json!({})).await.ok();
    for id in [json!(NOBODY), stranger["user_identity"]["user_identity_id"].clone()] {
        let reply = api.post(PATH, json!({"user_identity_id": id})).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (404, "user_identity_not_found"));
    }
    for count in [json!(0), json!(-1), json!(1.5), json!("many")] {
        let reply = api.post(PATH, json!({"user_identity_id": person, "max_use_count": count})).await;
        assert_eq!(reply.at("max_use_count").len(), 1, "{count}");
    }
    assert_eq!(api.get("/instant_keys/list").await.ok()["instant_keys"], json!([]));
}

/// A guest whose stay is made longer keeps the link.
#[tokio::test]
async fn a_link_lasts_as_long_as_its_guest_has_a_mobile_key() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let user = api.user("Jane", Some(&person)).await;
    let link = generate(&api, &person).await;
    let expiry = async || {
        let body = json!({"instant_key_id": link["instant_key_id"]});
        api.post("/instant_keys/get", body).await.ok()["instant_key"]["expires_at"].clone()
    };
    let body = json!({
        "acs_user_id": user, "access_method": "mobile_key", "is_multi_phone_sync_credential": true,
        "allowed_acs_entrance_ids": [api.door("101")], "ends_at": "2025-06-03T10:00:00Z",
    });
    let key = api.post("/acs/credentials/create", body).await.ok()["acs_credential"]["acs_credential_id"].clone();
    assert_eq!(expiry().await, "2025-06-03T10:00:00.000Z");
    let longer = json!({"acs_credential_id": key, "ends_at": "2025-07-01T10:00:00Z"});
    api.post("/acs/credentials/update", longer).await.ok();
    assert_eq!(expiry().await, "2025-07-01T10:00:00.000Z");
    api.post("/acs/credentials/delete", json!({"acs_credential_id": key})).await.ok();
    assert_eq!(expiry().await, link["expires_at"]);
}
