use http::Method;
use serde_json::json;

use crate::api::{Api, NOBODY};

#[tokio::test]
async fn a_session_opens_for_a_year_what_is_its_persons() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let body = json!({"user_identity_id": person, "user_identifier_key": "room-101"});
    let made = api.post("/client_sessions/create", body).await.ok();
    let token = made["client_session"]["token"].as_str().unwrap();
    let parts: Vec<&str> = token.split('_').collect();
    assert_eq!((parts.len(), parts[0], &parts[1][..4], parts[2].len()), (3, "seam", "cst1", 64), "{token}");
    let mut shown = api.redacted(&made["client_session"]);
    shown["token"] = json!("<token>");
    let expires_at = shown["expires_at"].take();
    assert!(expires_at.as_str().unwrap().starts_with("2026-06-01T10:00:0"), "{expires_at}");
    assert_eq!(
        shown,
        json!({
            "client_session_id": "<id>",
            "token": "<token>",
            "workspace_id": "<workspace>",
            "created_at": "<now>",
            "expires_at": null,
            "user_identifier_key": "room-101",
            "user_identity_id": "<Jane>",
            "user_identity_ids": ["<Jane>"],
            "connected_account_ids": [],
            "connect_webview_ids": [],
            "device_count": 0,
        })
    );
}

#[tokio::test]
async fn nothing_of_a_token_stands_in_the_database_in_the_clear() {
    let api = Api::new();
    let token = api.session(json!({})).await;
    let row = api
        .look(|tx| store::client_sessions::list(tx, api.site.workspace_id, &store::client_sessions::Filter::default()));
    let (short, long) = token.strip_prefix("seam_cst1").unwrap().split_once('_').unwrap();
    assert_eq!(row[0].short_token, short);
    assert!(!row[0].sealed_token.contains(long) && !row[0].long_token_sha256.contains(long));
}

#[tokio::test]
async fn a_second_session_with_a_used_key_is_refused_by_post_and_answered_by_put() {
    let api = Api::new();
    let body = json!({"user_identifier_key": "room-101"});
    let first = api.post("/client_sessions/create", body.clone()).await.ok();
    let refused = api.post("/client_sessions/create", body.clone()).await;
    assert_eq!(refused.refusal().0, 400);
    assert_eq!(refused.refusal().1, "client_session_token_already_exists");
    let again = api.send(crate::api::OURS, Method::PUT, "/client_sessions/create", Some(body)).await.ok();
    assert_eq!(again["client_session"], first["client_session"]);
}

#[tokio::test]
async fn what_a_session_is_to_open_must_be_there() {
    let api = Api::new();
    let foreign_account = api.look(|tx| store::systems::list(tx, api.foreign.workspace_id))[0].connected_account_id;
    for account in [NOBODY.to_owned(), foreign_account.to_string(), "101".to_owned()] {
        let body = json!({"connected_account_ids": [account]});
        let reply = api.post("/client_sessions/create", body).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (404, "connected_account_not_found"), "{account}");
    }
    let reply = api.post("/client_sessions/create", json!({"user_identity_id": NOBODY})).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (404, "user_identity_not_found"));
    let reply = api.post("/client_sessions/create", json!({"expires_at": "2025-06-01T09:59:59Z"})).await;
    assert_eq!(reply.at("expires_at"), ["expires_at must be in the future"]);
    let reply = api.post("/client_sessions/create", json!({"user_identity_ids": [NOBODY, NOBODY]})).await;
    assert_eq!(reply.refusal().1, "invalid_input");
}
