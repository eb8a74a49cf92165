use serde_json::json;

use super::{page, target};
use crate::api::Api;

#[tokio::test]
async fn the_answer_has_the_address_of_a_page_and_everything_that_was_asked_for() {
    let api = Api::new();
    let mut webview = page(
        &api,
        json!({
            "accepted_providers": ["visionline"], "custom_redirect_url": "https://app.example/done",
            "custom_redirect_failure_url": "https://app.example/failed", "customer_key": "chain",
            "custom_metadata": {"internal": "7", "vip": true, "gone": null, "empty": ""},
            "wait_for_device_creation": true, "automatically_manage_new_devices": false,
            "device_selection_mode": "single",
        }),
    )
    .await;
    assert!(target(&webview).starts_with("/connect_webviews/view?connect_webview_id="));
    assert!(target(&webview).contains("&auth_token="));
    webview["url"] = json!("<url>");
    assert_eq!(
        api.redacted(&webview),
        json!({
            "connect_webview_id": "<id>", "workspace_id": "<workspace>", "url": "<url>", "status": "pending",
            "login_successful": false, "created_at": "<now>", "authorized_at": null, "connected_account_id": null,
            "selected_provider": null, "accepted_providers": ["visionline"],
            "accepted_capabilities": ["access_control"], "accepted_devices": [], "any_device_allowed": false,
            "any_provider_allowed": false, "automatically_manage_new_devices": false,
            "wait_for_device_creation": true, "device_selection_mode": "single",
            "custom_metadata": {"internal": "7", "vip": true}, "custom_redirect_url": "https://app.example/done",
            "custom_redirect_failure_url": "https://app.example/failed", "customer_key": "chain",
        })
    );
}

#[tokio::test]
async fn without_a_provider_everything_that_is_served_is_offered() {
    let api = Api::new();
    let webview = page(&api, json!({})).await;
    assert_eq!(webview["accepted_providers"], json!(["visionline", "assa_abloy_credential_service"]));
    assert_eq!(webview["any_provider_allowed"], true);
    assert_eq!(webview["device_selection_mode"], "none");
    let webview = page(&api, json!({"excluded_providers": ["visionline"]})).await;
    assert_eq!(webview["accepted_providers"], json!(["assa_abloy_credential_service"]));
    // The historic name, and names of others beside one of ours.
    let webview = page(&api, json!({"accepted_providers": ["seam_bridge"]})).await;
    assert_eq!(webview["accepted_providers"], json!(["seam_bridge"]));
    page(&api, json!({"accepted_providers": ["salto_ks", "visionline"]})).await;
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_at_its_field() {
    let api = Api::new();
    let refused = |body| api.post("/connect_webviews/create", body);
    let providers = "Name visionline or assa_abloy_credential_service; no other is served here";
    assert_eq!(refused(json!({"accepted_providers": ["august"]})).await.at("accepted_providers"), [providers]);
    assert_eq!(refused(json!({"accepted_providers": []})).await.at("accepted_providers"), [providers]);
    let wrong = "Invalid url: expected an absolute address to go to";
    for url in ["app.example", "javascript:alert(1)", "data:text/html,x", "https://", "/done"] {
        assert_eq!(refused(json!({"custom_redirect_url": url})).await.at("custom_redirect_url"), [wrong], "{url}");
    }
    page(&api, json!({"custom_redirect_url": "hotelapp://connected"})).await;
    let words: serde_json::Map<_, _> = (0..51).map(|number| (format!("key{number}"), json!("x"))).collect();
    let many = refused(json!({"custom_metadata": words})).await;
    assert_eq!(many.at("custom_metadata"), ["Object must have at most 50 keys"]);
    let long = "k".repeat(41);
    let keys = refused(json!({"custom_metadata": {"a.b": "x", &long: "x", "ok": "x".repeat(501)}})).await;
    assert_eq!(keys.at("custom_metadata.ok"), ["String must contain at most 500 character(s)"]);
    let keys = refused(json!({"custom_metadata": {&long: "x"}})).await;
    assert_eq!(keys.at(&format!("custom_metadata.{long}")), ["A key must have at most 40 characters"]);
    assert_eq!(refused(json!({"custom_metadata": {"number": 7}})).await.status, 400);
    assert_eq!(refused(json!({"device_selection_mode": "all"})).await.status, 400);
}
