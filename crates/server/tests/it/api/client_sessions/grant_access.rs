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

#[tokio::test]
async fn a_session_sees_the_webview_that_it_was_given_and_no_other() {
    let api = Api::new();
    let webview = async |key: &str| {
        let body = json!({"accepted_providers": ["visionline"]});
        let made = api.send(key, http::Method::POST, "/connect_webviews/create", Some(body)).await.ok();
        made["connect_webview"]["connect_webview_id"].as_str().unwrap().to_owned()
    };
    let [given, other] = [webview(crate::api::OURS).await, webview(crate::api::OURS).await];
    let token = api.session(json!({"connect_webview_ids": [given]})).await;
    let get = async |id: &str| {
        api.post_as(&token, "/connect_webviews/get", json!({"connect_webview_id": id})).await.status.as_u16()
    };
    assert_eq!((get(&given).await, get(&other).await), (200, 404));
    let theirs = webview(crate::api::app::THEIRS).await;
    let reply = api.post("/client_sessions/create", json!({"connect_webview_ids": [theirs]})).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (404, "connect_webview_not_found"));
}
