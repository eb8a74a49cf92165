use serde_json::json;

use super::{foreign_webhook, members, webhook};
use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn a_webhook_is_shown_with_its_secret() {
    let api = Api::new();
    let made = api.post("/webhooks/create", json!({"url": "http://127.0.0.1:9/"})).await.ok();
    let id = made["webhook"]["webhook_id"].as_str().unwrap();
    let got = api.get(&format!("/webhooks/get?webhook_id={id}")).await.ok();
    assert_eq!(members(&got), ["webhook", "ok"]);
    assert_eq!(got["webhook"], made["webhook"]);
    assert_ne!(webhook(&api).await, id);
}

#[tokio::test]
async fn a_foreign_webhook_is_an_unknown_one() {
    let api = Api::new();
    let theirs = foreign_webhook(&api).await;
    let mut replies = Vec::new();
    for id in [NOBODY, &theirs, "x"] {
        replies.push((id, api.post("/webhooks/get", json!({"webhook_id": id})).await));
    }
    assert_all_unknown("webhook", replies.try_into().unwrap());
}
