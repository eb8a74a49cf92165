use serde_json::json;

use crate::api::Api;

#[tokio::test]
async fn the_live_session_with_the_key_is_answered_and_gets_the_new_end() {
    let api = Api::new();
    let first = api.post("/client_sessions/get_or_create", json!({"user_identifier_key": "anna"})).await.ok();
    let body = json!({"user_identifier_key": "anna", "expires_at": "2025-07-01T00:00:00Z"});
    let second = api.post("/client_sessions/get_or_create", body).await.ok();
    let (first, second) = (&first["client_session"], &second["client_session"]);
    assert_eq!(second["client_session_id"], first["client_session_id"]);
    assert_eq!(second["token"], first["token"]);
    assert_eq!(second["expires_at"], "2025-07-01T00:00:00.000Z");
}

#[tokio::test]
async fn a_revoked_session_does_not_come_back_with_its_key() {
    let api = Api::new();
    let body = json!({"user_identifier_key": "anna"});
    let first = api.post("/client_sessions/get_or_create", body.clone()).await.ok();
    let id = first["client_session"]["client_session_id"].clone();
    api.post("/client_sessions/revoke", json!({"client_session_id": id})).await.ok();
    let second = api.post("/client_sessions/get_or_create", body).await.ok();
    assert_ne!(second["client_session"]["client_session_id"], id);
    let token = first["client_session"]["token"].as_str().unwrap();
    let reply = api.post_as(token, "/workspaces/get", json!({})).await;
    assert_eq!(reply.refusal().1, "client_session_revoked");
}

#[tokio::test]
async fn without_a_key_the_session_that_was_given_the_same_is_answered() {
    let api = Api::new();
    let [anna, ben] = [api.person("Anna").await, api.person("Ben").await];
    let id = async |person: &str| {
        let body = json!({"user_identity_id": person});
        api.post("/client_sessions/get_or_create", body).await.ok()["client_session"]["client_session_id"].clone()
    };
    let of_anna = id(&anna).await;
    assert_eq!(id(&anna).await, of_anna);
    assert_ne!(id(&ben).await, of_anna);
    let empty = api.post("/client_sessions/get_or_create", json!({})).await.ok();
    let other = api.post("/client_sessions/get_or_create", json!({})).await.ok();
    assert_ne!(empty["client_session"]["client_session_id"], other["client_session"]["client_session_id"]);
}

#[tokio::test]
async fn a_key_does_not_hand_a_session_from_one_person_to_another() {
    let api = Api::new();
    let [anna, ben] = [api.person("Anna").await, api.person("Ben").await];
    let body = |person: &str| json!({"user_identifier_key": "room-101", "user_identity_id": person});
    api.post("/client_sessions/get_or_create", body(&anna)).await.ok();
    let reply = api.post("/client_sessions/get_or_create", body(&ben)).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (409, "conflict"));
}
