use serde_json::json;

use super::{foreign_webhook, webhook};
use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn a_deleted_webhook_is_gone() {
    let api = Api::new();
    let id = webhook(&api).await;
    assert_eq!(api.post("/webhooks/delete", json!({"webhook_id": id})).await.ok(), json!({"ok": true}));
    assert_eq!(api.get("/webhooks/list").await.ok()["webhooks"], json!([]));
    let again = api.post("/webhooks/delete", json!({"webhook_id": id})).await;
    assert_eq!(again.refusal().1, "webhook_not_found");
}

#[tokio::test]
async fn a_foreign_webhook_is_not_deleted() {
    let api = Api::new();
    let theirs = foreign_webhook(&api).await;
    let mut replies = Vec::new();
    for id in [NOBODY, &theirs, "x"] {
        replies.push((id, api.post("/webhooks/delete", json!({"webhook_id": id})).await));
    }
    assert_all_unknown("webhook", replies.try_into().unwrap());
    assert_eq!(api.post_there("/webhooks/list", json!({})).await.ok()["webhooks"].as_array().unwrap().len(), 1);
}
