mod delete;
mod disconnect;
mod get;
mod list;
mod update;

use serde_json::{Value, json};

use super::Api;

/// The account of our hotel, as it is there from the start.
pub async fn hotel(api: &Api) -> Value {
    let listed = api.post("/connected_accounts/list", json!({})).await.ok();
    let all = listed["connected_accounts"].as_array().unwrap().clone();
    all.into_iter().find(|account| account["account_type"] == "visionline").unwrap()
}
