use serde_json::json;

use super::generate;
use crate::api::Api;

#[tokio::test]
async fn a_deleted_link_takes_its_session_with_it() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let made = generate(&api, &person).await;
    let body = json!({"instant_key_id": made["instant_key_id"]});
    api.post("/instant_keys/delete", body.clone()).await.ok();
    assert_eq!(api.post("/instant_keys/get", body.clone()).await.refusal().1, "instant_key_not_found");
    assert_eq!(api.post("/instant_keys/delete", body).await.refusal().0, 404);
    let session = json!({"client_session_id": made["client_session_id"]});
    assert_eq!(api.post("/client_sessions/get", session).await.refusal().1, "client_session_not_found");
}

#[tokio::test]
async fn a_link_whose_session_is_gone_can_still_be_deleted() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let made = generate(&api, &person).await;
    let session = json!({"client_session_id": made["client_session_id"]});
    api.post("/client_sessions/delete", session).await.ok();
    api.post("/instant_keys/delete", json!({"instant_key_id": made["instant_key_id"]})).await.ok();
}
