use serde_json::json;

use super::{foreign_webhook, webhook};
use crate::api::Api;

#[tokio::test]
async fn the_own_webhooks_are_listed_in_order() {
    let api = Api::new();
    let first = webhook(&api).await;
    foreign_webhook(&api).await;
    let second = webhook(&api).await;
    let reply = api.post("/webhooks/list", json!({})).await.ok();
    let listed: Vec<_> = reply["webhooks"].as_array().unwrap().iter().map(|one| one["webhook_id"].clone()).collect();
    assert_eq!(listed, [json!(first), json!(second)]);
    assert_eq!(reply.get("pagination"), None);
}
