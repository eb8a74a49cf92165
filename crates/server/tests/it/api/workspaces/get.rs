use serde_json::json;

use crate::api::Api;

#[tokio::test]
async fn the_workspace_is_the_keys_own() {
    let api = Api::new();
    let reply = api.get("/workspaces/get").await.ok();
    assert_eq!(
        api.redacted(&reply),
        json!({
            "workspace": {
                "workspace_id": "<workspace>",
                "name": "Hotel Meridian (sandbox)",
                "company_name": "Hotel Meridian (sandbox)",
                "connect_partner_name": null,
                "connect_webview_customization": {},
                "organization_id": null,
                "is_sandbox": true,
                "is_suspended": false,
                "is_publishable_key_auth_enabled": false,
            },
            "ok": true,
        })
    );
}

#[tokio::test]
async fn a_key_nobody_has_opens_nothing() {
    let api = Api::new();
    let reply = api.send("seam_testmeridian_wrong", http::Method::GET, "/workspaces/get", None).await;
    assert_eq!(reply.refusal(), (401, "unauthorized", "the API key is not known here"));
}
