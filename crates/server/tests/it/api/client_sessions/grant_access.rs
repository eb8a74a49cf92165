use serde_json::json;

use crate::api::Api;

#[tokio::test]
async fn a_session_sees_from_then_on_what_it_is_given() {
    let api = Api::new();
    let systems = api.look(|tx| store::systems::list(tx, api.site.workspace_id));
    let site = systems.iter().find(|system| system.id == api.site.acs_system_id).unwrap();
    let made = api.post("/client_sessions/create", json!({"user_identifier_key": "desk"})).await.ok();
    let token = made["client_session"]["token"].as_str().unwrap();
    let doors = async || {
        let listed = api.post_as(token, "/acs/entrances/list", json!({})).await.ok();
        listed["acs_entrances"].as_array().unwrap().len()
    };
    assert_eq!(doors().await, 0);
    let body = json!({"user_identifier_key": "desk", "connected_account_ids": [site.connected_account_id]});
    let granted = api.post("/client_sessions/grant_access", body.clone()).await.ok();
    assert_eq!(granted["client_session"]["connected_account_ids"], json!([site.connected_account_id]));
    assert_eq!(doors().await, 5);
    api.post("/client_sessions/grant_access", body).await.ok();
    assert_eq!(doors().await, 5, "granting twice is one grant");
}
