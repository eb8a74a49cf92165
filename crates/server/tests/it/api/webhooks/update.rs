use http::Method;
use serde_json::json;

use super::{foreign_webhook, webhook};
use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn the_types_of_a_webhook_are_changed() {
    let api = Api::new();
    let id = webhook(&api).await;
    let body = json!({"webhook_id": id, "event_types": ["acs_user.created"]});
    let reply = api.send("seam_testmeridian_0123456789abcdef", Method::PUT, "/webhooks/update", Some(body)).await;
    assert_eq!(reply.ok(), json!({"ok": true}));
    let got = api.get(&format!("/webhooks/get?webhook_id={id}")).await.ok();
    assert_eq!(got["webhook"]["event_types"], json!(["acs_user.created"]));
    let body = json!({"webhook_id": id, "event_types": ["acs_user.made"]});
    let reply = api.post("/webhooks/update", body).await;
    assert_eq!(reply.refusal().1, "invalid_event_types");
    assert_eq!(api.post("/webhooks/update", json!({"webhook_id": id})).await.at("event_types"), ["Required"]);
}

#[tokio::test]
async fn a_foreign_webhook_is_not_changed() {
    let api = Api::new();
    let theirs = foreign_webhook(&api).await;
    let mut replies = Vec::new();
    for id in [NOBODY, &theirs, "x"] {
        let body = json!({"webhook_id": id, "event_types": ["*"]});
        replies.push((id, api.post("/webhooks/update", body).await));
    }
    assert_all_unknown("webhook", replies.try_into().unwrap());
}
