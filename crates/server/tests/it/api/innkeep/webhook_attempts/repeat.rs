//! That the repeated event really arrives is in `webhooks/delivery.rs`.

use serde_json::json;
use store::events;

use super::{KEY, THEIRS, attempt};
use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn a_repeated_attempt_is_due_at_once() {
    let api = Api::new();
    let (_, id) = attempt(&api, KEY, 200).await;
    let get = async || api.post("/innkeep/webhook_attempts/get", json!({"webhook_attempt_id": id})).await.ok();
    assert_eq!(get().await["webhook_attempt"]["delivery_status"], "delivered");
    let reply = api.post("/innkeep/webhook_attempts/repeat", json!({"webhook_attempt_id": id})).await;
    assert_eq!(reply.ok(), json!({"ok": true}));
    let shown = get().await;
    assert_eq!(shown["webhook_attempt"]["delivery_status"], "pending");
    let due: jiff::Timestamp = shown["webhook_attempt"]["next_try_at"].as_str().unwrap().parse().unwrap();
    assert!(due <= api.app.clock.now());
}

#[tokio::test]
async fn what_is_no_longer_kept_cannot_be_repeated() {
    let api = Api::new();
    let (_, id) = attempt(&api, KEY, 200).await;
    let (workspace, later) = (api.site.workspace_id, "2026-01-01T00:00:00Z".parse().unwrap());
    api.change(move |tx| events::prune(tx, workspace, later, 1000).map(|_| ()));
    let reply = api.post("/innkeep/webhook_attempts/repeat", json!({"webhook_attempt_id": id})).await;
    assert!(reply.at("webhook_attempt_id")[0].contains("is no longer kept"));
}

#[tokio::test]
async fn a_foreign_attempt_is_not_repeated() {
    let api = Api::new();
    let (_, theirs) = attempt(&api, THEIRS, 200).await;
    let mut replies = Vec::new();
    for id in [NOBODY, &theirs, "x"] {
        replies.push((id, api.post("/innkeep/webhook_attempts/repeat", json!({"webhook_attempt_id": id})).await));
    }
    assert_all_unknown("webhook_attempt", replies.try_into().unwrap());
}
