use serde_json::{Value, json};

use super::page;
use crate::api::Api;

async fn listed(api: &Api, parameters: Value) -> Vec<String> {
    let found = api.post("/connect_webviews/list", parameters).await.ok();
    let rows = found["connect_webviews"].as_array().unwrap().iter();
    rows.map(|row| row["custom_metadata"]["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn webviews_are_found_by_words_customer_and_text_and_come_in_pages() {
    let api = Api::new();
    page(&api, json!({"custom_metadata": {"name": "one", "room": "101", "vip": true}, "customer_key": "chain"})).await;
    page(&api, json!({"custom_metadata": {"name": "two", "room": "102"}})).await;
    page(&api, json!({"custom_metadata": {"name": "three", "room": "101"}, "customer_key": "other"})).await;
    assert_eq!(listed(&api, json!({})).await, ["one", "two", "three"]);
    let has = |words: Value| json!({"custom_metadata_has": words});
    assert_eq!(listed(&api, has(json!({"room": "101"}))).await, ["one", "three"]);
    assert_eq!(listed(&api, has(json!({"room": "101", "vip": true}))).await, ["one"]);
    assert_eq!(listed(&api, has(json!({"room": "101", "vip": null}))).await, ["three"]);
    assert_eq!(listed(&api, has(json!({"room": "", "vip": null}))).await, ["two", "three"]);
    assert_eq!(listed(&api, has(json!({"room": "10"}))).await, [] as [&str; 0]);
    assert_eq!(listed(&api, json!({"customer_key": "chain"})).await, ["one"]);
    assert_eq!(listed(&api, json!({"search": "OTHE"})).await, ["three"]);
    assert_eq!(listed(&api, json!({"user_identifier_key": "nobody"})).await, [] as [&str; 0]);

    let query = "/connect_webviews/list?custom_metadata_has.vip=true&custom_metadata_has.room=101&_strict=true";
    let found = api.get(query).await.ok();
    assert_eq!(found["connect_webviews"].as_array().unwrap().len(), 1);

    let first = api.post("/connect_webviews/list", json!({"limit": 2})).await.ok();
    assert_eq!(first["pagination"]["has_next_page"], true);
    let cursor = &first["pagination"]["next_page_cursor"];
    assert_eq!(listed(&api, json!({"limit": 2, "page_cursor": cursor})).await, ["three"]);
    let elsewhere = api.post_there("/connect_webviews/list", json!({})).await.ok();
    assert_eq!(elsewhere["connect_webviews"], json!([]));
}
