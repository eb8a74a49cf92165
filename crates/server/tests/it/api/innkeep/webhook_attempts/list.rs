use serde_json::{Value, json};

use super::{KEY, THEIRS, attempt};
use crate::api::Api;

fn ids(reply: &Value) -> Vec<&str> {
    let attempts = reply["webhook_attempts"].as_array().unwrap();
    attempts.iter().map(|attempt| attempt["webhook_attempt_id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn attempts_are_found_by_webhook_event_and_outcome() {
    let api = Api::new();
    let (webhook, delivered) = attempt(&api, KEY, 200).await;
    let (_, failed) = attempt(&api, KEY, 500).await;
    let (theirs, _) = attempt(&api, THEIRS, 200).await;
    let ask = async |body: Value| api.post("/innkeep/webhook_attempts/list", body).await.ok();
    assert_eq!(ids(&ask(json!({})).await), [delivered.as_str(), &failed]);
    assert_eq!(ids(&ask(json!({"webhook_id": webhook})).await), [delivered.as_str()]);
    assert_eq!(ids(&ask(json!({"webhook_id": theirs})).await), [""; 0]);
    assert_eq!(ids(&ask(json!({"status": "failed"})).await), [failed.as_str()]);
    assert_eq!(ids(&ask(json!({"status": "succeeded"})).await), [delivered.as_str()]);
    let event = ask(json!({"status": "failed"})).await["webhook_attempts"][0]["event_id"].clone();
    assert_eq!(ids(&ask(json!({"event_id": event})).await), [failed.as_str()]);
    let refused = api.post("/innkeep/webhook_attempts/list", json!({"status": "lost"})).await;
    assert_eq!(refused.at("status").len(), 1);
}

#[tokio::test]
async fn attempts_come_in_pages() {
    let api = Api::new();
    let (_, first) = attempt(&api, KEY, 200).await;
    let (_, second) = attempt(&api, KEY, 200).await;
    let page = api.get("/innkeep/webhook_attempts/list?limit=1").await.ok();
    assert_eq!(ids(&page), [first.as_str()]);
    let cursor = page["pagination"]["next_page_cursor"].as_str().unwrap();
    let body = json!({"limit": 1, "page_cursor": cursor});
    let page = api.post("/innkeep/webhook_attempts/list", body).await.ok();
    assert_eq!(ids(&page), [second.as_str()]);
    assert_eq!(page["pagination"]["has_next_page"], false);
}
