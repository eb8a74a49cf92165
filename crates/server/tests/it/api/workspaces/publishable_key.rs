//! The publishable key: public, so it makes empty sessions under a key of the caller's and nothing else.

use http::Method;
use serde_json::{Value, json};

use crate::api::{Api, Reply};

async fn enabled(api: &Api) -> String {
    api.post("/workspaces/update", json!({"is_publishable_key_auth_enabled": true})).await.ok();
    let workspace = api.get("/workspaces/get").await.ok();
    workspace["workspace"]["publishable_key"].as_str().unwrap().to_owned()
}

async fn with(api: &Api, key: &str, path: &str, body: Value) -> Reply {
    api.send_with(&[("seam-publishable-key", key)], Method::POST, path, Some(body)).await
}

#[tokio::test]
async fn a_browser_gets_a_session_under_its_users_key_and_the_same_again() {
    let api = Api::new();
    let key = enabled(&api).await;
    assert!(key.starts_with("seam_pk1_"), "{key}");
    let first = with(&api, &key, "/client_sessions/get_or_create", json!({"user_identifier_key": "anna"})).await.ok();
    let headers = [("seam-publishable-key", key.as_str()), ("user-identifier-key", "anna")];
    let second = api.send_with(&headers, Method::POST, "/client_sessions/get_or_create", None).await.ok();
    assert_eq!(second["client_session"], first["client_session"]);
    let token = first["client_session"]["token"].as_str().unwrap();
    let doors = api.post_as(token, "/acs/entrances/list", json!({})).await.ok();
    assert_eq!(doors["acs_entrances"], json!([]));
}

#[tokio::test]
async fn a_publishable_key_gives_nothing_away() {
    let api = Api::new();
    let key = enabled(&api).await;
    let anna = api.person("Anna").await;
    let account = api.look(|tx| store::systems::list(tx, api.site.workspace_id))[0].connected_account_id;
    for more in [
        json!({"connected_account_ids": [account]}),
        json!({"user_identity_id": anna}),
        json!({"user_identity_ids": [anna]}),
    ] {
        for path in ["/client_sessions/create", "/client_sessions/get_or_create"] {
            let mut body = more.clone();
            body["user_identifier_key"] = json!("anna");
            let reply = with(&api, &key, path, body).await;
            let expected = (403, "publishable_keys_must_create_empty_client_sessions");
            assert_eq!((reply.refusal().0, reply.refusal().1), expected, "{path} {more}");
        }
    }
    let customer = json!({"user_identifier_key": "anna", "customer_key": "meridian"});
    assert_eq!(with(&api, &key, "/client_sessions/create", customer).await.refusal().0, 403);
}

#[tokio::test]
async fn a_publishable_key_needs_a_key_of_the_user_and_must_be_switched_on() {
    let api = Api::new();
    let key = enabled(&api).await;
    let kind = "publishable_key_requires_user_identifier_key";
    let reply = with(&api, &key, "/client_sessions/create", json!({})).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (401, kind));
    let reply = with(&api, &key, "/client_sessions/get_or_create", json!({})).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (400, kind));
    let body = json!({"user_identifier_key": "anna"});
    let reply = with(&api, "seam_pk1_unknown", "/client_sessions/get_or_create", body.clone()).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (401, "invalid_publishable_key"));
    api.post("/workspaces/update", json!({"is_publishable_key_auth_enabled": false})).await.ok();
    let reply = with(&api, &key, "/client_sessions/get_or_create", body).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (401, "unauthorized"));
}
