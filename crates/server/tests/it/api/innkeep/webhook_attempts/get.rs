use serde_json::json;

use super::{KEY, THEIRS, attempt};
use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn an_attempt_says_what_came_of_it_and_what_follows() {
    let api = Api::new();
    let (webhook, id) = attempt(&api, KEY, 503).await;
    let event = api.post("/events/get", json!({"event_type": "acs_user.created"})).await.ok()["event"].clone();
    let got = api.get(&format!("/innkeep/webhook_attempts/get?webhook_attempt_id={id}")).await.ok();
    let mut shown = got["webhook_attempt"].clone();
    let message = shown["message_id"].take();
    assert!(message.as_str().unwrap().starts_with("msg_"), "{message}");
    let (made, next) = (shown["created_at"].take(), shown["next_try_at"].take());
    let time = |value: &serde_json::Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!(time(&next).duration_since(time(&made)).as_secs(), 5);
    let expected = json!({
        "webhook_attempt_id": id, "webhook_id": webhook, "event_id": event["event_id"],
        "event_type": "acs_user.created", "message_id": null, "status": "failed", "response_status": 503,
        "error_message": "the webhook answered 503", "duration_ms": 7, "created_at": null,
        "delivery_status": "pending", "next_try_at": null,
    });
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn a_foreign_attempt_is_an_unknown_one() {
    let api = Api::new();
    let (_, theirs) = attempt(&api, THEIRS, 200).await;
    let mut replies = Vec::new();
    for id in [NOBODY, &theirs, "x"] {
        replies.push((id, api.post("/innkeep/webhook_attempts/get", json!({"webhook_attempt_id": id})).await));
    }
    assert_all_unknown("webhook_attempt", replies.try_into().unwrap());
}
