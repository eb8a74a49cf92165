use serde_json::json;

use crate::api::Api;

#[tokio::test]
async fn a_revoked_session_is_shown_and_opens_nothing() {
    let api = Api::new();
    let made = api.post("/client_sessions/create", json!({})).await.ok();
    let id = &made["client_session"]["client_session_id"];
    for _ in 0..2 {
        api.post("/client_sessions/revoke", json!({"client_session_id": id})).await.ok();
    }
    let token = made["client_session"]["token"].as_str().unwrap();
    let reply = api.post_as(token, "/workspaces/get", json!({})).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (401, "client_session_revoked"));
    api.post("/client_sessions/get", json!({"client_session_id": id})).await.ok();
}

#[tokio::test]
async fn a_deleted_session_is_gone_and_its_end_is_told() {
    let api = Api::new();
    let made = api.post("/client_sessions/create", json!({})).await.ok();
    let id = &made["client_session"]["client_session_id"];
    api.post("/client_sessions/delete", json!({"client_session_id": id})).await.ok();
    let token = made["client_session"]["token"].as_str().unwrap();
    let reply = api.post_as(token, "/workspaces/get", json!({})).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (401, "client_session_not_found"));
    let reply = api.post("/client_sessions/get", json!({"client_session_id": id})).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (404, "client_session_not_found"));
    let body = json!({"since": "2025-01-01T00:00:00Z", "event_type": "client_session.deleted"});
    let told = api.post("/events/list", body).await.ok();
    assert_eq!(told["events"][0]["client_session_id"], *id, "{told}");
}

#[tokio::test]
async fn the_sessions_of_a_person_go_with_the_person() {
    let api = Api::new();
    let anna = api.person("Anna").await;
    let token = api.session(json!({"user_identity_id": anna})).await;
    api.post_as(&token, "/workspaces/get", json!({})).await.ok();
    api.post("/user_identities/delete", json!({"user_identity_id": anna})).await.ok();
    let reply = api.post_as(&token, "/workspaces/get", json!({})).await;
    assert_eq!(reply.refusal().1, "client_session_not_found");
}
