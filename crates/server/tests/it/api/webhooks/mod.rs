mod create;
mod delete;
mod get;
mod list;
mod update;

use serde_json::{Value, json};

use super::Api;

/// A webhook of ours; answers its id.
async fn webhook(api: &Api) -> String {
    let made = api.post("/webhooks/create", json!({"url": "http://127.0.0.1:9/hook"})).await.ok();
    made["webhook"]["webhook_id"].as_str().unwrap().to_owned()
}

/// A webhook of the other workspace.
async fn foreign_webhook(api: &Api) -> String {
    let made = api.post_there("/webhooks/create", json!({"url": "http://127.0.0.1:9/hook"})).await.ok();
    made["webhook"]["webhook_id"].as_str().unwrap().to_owned()
}

fn members(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}
