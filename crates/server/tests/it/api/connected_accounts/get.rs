use serde_json::json;

use super::hotel;
use crate::api::{Api, NOBODY};

#[tokio::test]
async fn an_account_is_shown_with_what_belongs_to_it() {
    let api = Api::new();
    let id = hotel(&api).await["connected_account_id"].clone();
    let got = api.post("/connected_accounts/get", json!({"connected_account_id": id})).await.ok();
    let mut account = got["connected_account"].clone();
    assert!(account["image_url"].as_str().unwrap().starts_with("data:image/svg+xml"));
    account["image_url"] = json!("<image>");
    assert_eq!(
        api.redacted(&account),
        json!({
            "connected_account_id": "<id>", "account_type": "visionline", "account_type_display_name": "Visionline",
            "display_name": "Hotel Meridian", "created_at": "<now>", "automatically_manage_new_devices": true,
            "accepted_capabilities": ["access_control"], "custom_metadata": {}, "image_url": "<image>",
            "time_zone": "Europe/Stockholm", "errors": [], "warnings": [],
        })
    );
}

#[tokio::test]
async fn exactly_one_of_id_and_email_finds_it_and_foreign_looks_like_unknown() {
    let api = Api::new();
    let id = hotel(&api).await["connected_account_id"].clone();
    let get = |body| api.post("/connected_accounts/get", body);
    let rule = "Provide either connected_account_id or email, and not both";
    assert_eq!(get(json!({})).await.at(""), [rule]);
    assert_eq!(get(json!({"connected_account_id": id, "email": "a@b.c"})).await.at(""), [rule]);
    assert_eq!(get(json!({"email": "a@b.c"})).await.refusal().1, "connected_account_not_found");
    let foreign = api.post_there("/connected_accounts/get", json!({"connected_account_id": id})).await;
    let unknown = get(json!({"connected_account_id": NOBODY})).await;
    assert_eq!(foreign.refusal().1, "connected_account_not_found");
    assert_eq!((foreign.refusal().0, foreign.refusal().1), (unknown.refusal().0, unknown.refusal().1));
}
