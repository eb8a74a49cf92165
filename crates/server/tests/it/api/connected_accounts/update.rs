use serde_json::json;

use super::hotel;
use crate::api::{Api, NOBODY};

#[tokio::test]
async fn words_are_replaced_whole_and_a_customer_is_set_once() {
    let api = Api::new();
    let id = hotel(&api).await["connected_account_id"].clone();
    let update = |mut body: serde_json::Value| {
        body["connected_account_id"] = id.clone();
        api.post("/connected_accounts/update", body)
    };
    update(json!({"custom_metadata": {"a": "1", "b": true}})).await.ok();
    let after = update(json!({"custom_metadata": {"c": "3", "d": null}, "display_name": "North"})).await.ok();
    let account = &after["connected_account"];
    assert_eq!((&account["custom_metadata"], &account["display_name"]), (&json!({"c": "3"}), &json!("North")));
    update(json!({"customer_key": "chain"})).await.ok();
    let same = update(json!({"customer_key": "chain", "automatically_manage_new_devices": false})).await.ok();
    assert_eq!(same["connected_account"]["automatically_manage_new_devices"], false);
    assert_eq!(same["connected_account"]["custom_metadata"], json!({"c": "3"}), "what is absent stays");
    assert_eq!(update(json!({"customer_key": "other"})).await.at("customer_key").len(), 1);
    assert_eq!(update(json!({"display_name": "x".repeat(256)})).await.at("display_name").len(), 1);
    assert_eq!(update(json!({"display_name": ""})).await.at("display_name").len(), 1);
    let body = json!({"connected_account_id": id, "display_name": "Theirs"});
    let foreign = api.post_there("/connected_accounts/update", body).await;
    let body = json!({"connected_account_id": NOBODY, "display_name": "Nobody's"});
    let unknown = api.post("/connected_accounts/update", body).await;
    assert_eq!((foreign.refusal().0, foreign.refusal().1), (unknown.refusal().0, unknown.refusal().1));
}
