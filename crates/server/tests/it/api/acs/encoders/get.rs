use serde_json::json;

use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn an_encoder_has_a_name_and_no_errors() {
    let api = Api::new();
    let ids = api.list_encoders(&["Front Desk 1"]);
    let reply = api.get(&format!("/acs/encoders/get?acs_encoder_id={}", ids[0])).await.ok();
    api.name(&reply["acs_encoder"]["acs_encoder_id"], "encoder");
    assert_eq!(
        api.redacted(&reply),
        json!({
            "acs_encoder": {
                "acs_encoder_id": "<encoder>",
                "acs_system_id": "<site>",
                "connected_account_id": "<id>",
                "workspace_id": "<workspace>",
                "created_at": "<now>",
                "display_name": "Front Desk 1",
                "errors": [],
            },
            "ok": true,
        })
    );
}

#[tokio::test]
async fn an_encoder_that_vanished_says_so_until_it_is_back() {
    let api = Api::new();
    let ids = api.list_encoders(&["Front Desk 1", "Front Desk 2"]);
    let target = format!("/acs/encoders/get?acs_encoder_id={}", ids[0]);
    api.list_encoders(&["Front Desk 2"]);
    let errors = api.get(&target).await.ok()["acs_encoder"]["errors"].clone();
    assert_eq!(errors[0]["error_code"], "acs_encoder_removed");
    let kept = format!("/acs/encoders/get?acs_encoder_id={}", ids[1]);
    assert_eq!(api.get(&kept).await.ok()["acs_encoder"]["errors"], json!([]));
    api.list_encoders(&["Front Desk 1", "Front Desk 2"]);
    assert_eq!(api.get(&target).await.ok()["acs_encoder"]["errors"], json!([]));
}

#[tokio::test]
async fn a_foreign_encoder_is_an_unknown_one() {
    let api = Api::new();
    let ids = api.list_encoders(&["Front Desk 1"]);
    let there = api.post_there("/acs/encoders/get", json!({"acs_encoder_id": ids[0]})).await;
    let mut replies = vec![(ids[0].as_str(), there)];
    for id in [NOBODY, "x"] {
        replies.push((id, api.post("/acs/encoders/get", json!({ "acs_encoder_id": id })).await));
    }
    assert_all_unknown("acs_encoder", replies.try_into().unwrap());
}
