use serde_json::{Value, json};

use super::hotel;
use crate::api::{Api, NOBODY, connect_webviews::connected};

#[tokio::test]
async fn a_simulated_disconnect_shows_as_a_real_one_and_connecting_again_heals_without_new_ids() {
    let api = Api::new();
    let account = hotel(&api).await;
    let id = account["connected_account_id"].clone();
    let disconnect = async |id: &Value| {
        api.post("/connected_accounts/simulate/disconnect", json!({"connected_account_id": id})).await
    };
    disconnect(&id).await.ok();
    let shown = hotel(&api).await;
    assert_eq!(shown["errors"][0]["error_code"], "account_disconnected");
    assert_eq!(shown["errors"][0]["is_connected_account_error"], true);
    assert_eq!(shown["errors"][0]["is_bridge_error"], false);
    let system = api.post("/acs/systems/get", json!({"acs_system_id": api.site.acs_system_id})).await.ok();
    assert_eq!(system["acs_system"]["errors"][0]["error_code"], "account_disconnected");
    // Doing so twice tells it once.
    disconnect(&id).await.ok();

    let webview = connected(&api, json!({"custom_metadata": {"again": true}})).await;
    assert_eq!(webview["connected_account_id"], id);
    let shown = hotel(&api).await;
    assert_eq!((&shown["errors"], &shown["custom_metadata"]), (&json!([]), &json!({"again": true})));
    let system = api.post("/acs/systems/get", json!({"acs_system_id": api.site.acs_system_id})).await.ok();
    assert_eq!(system["acs_system"]["errors"], json!([]));
    let door = api.post("/acs/entrances/get", json!({"acs_entrance_id": api.door("101")})).await.ok();
    assert_eq!(door["acs_entrance"]["display_name"], "101");

    let filter = json!({"since": "2020-01-01T00:00:00Z", "connected_account_id": id, "limit": 1000});
    let events = api.post("/events/list", filter).await.ok()["events"].clone();
    let types: Vec<&str> = events
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["event_type"].as_str().unwrap())
        .filter(|kind| !kind.starts_with("acs_entrance.") && !kind.starts_with("acs_encoder."))
        .collect();
    assert_eq!(
        types,
        [
            "acs_system.added",
            "acs_system.connected",
            "acs_system.disconnected",
            "connected_account.disconnected",
            "connect_webview.login_succeeded",
            "connected_account.successful_login",
            "connected_account.connected",
            "acs_system.connected",
            "connected_account.completed_first_sync_after_reconnection",
        ]
    );
}

#[tokio::test]
async fn a_foreign_account_is_not_disconnected() {
    let api = Api::new();
    let id = hotel(&api).await["connected_account_id"].clone();
    let body = json!({"connected_account_id": id});
    for path in ["/connected_accounts/simulate/disconnect", "/connected_accounts/sync"] {
        let foreign = api.post_there(path, body.clone()).await;
        let unknown = api.post(path, json!({"connected_account_id": NOBODY})).await;
        assert_eq!(foreign.refusal().1, "connected_account_not_found");
        assert_eq!((foreign.refusal().0, foreign.refusal().1), (unknown.refusal().0, unknown.refusal().1));
    }
    assert_eq!(hotel(&api).await["errors"], json!([]));
    api.post("/connected_accounts/sync", body).await.ok();
}
