use serde_json::{Value, json};

use super::hotel;
use crate::api::Api;

#[tokio::test]
async fn accounts_are_found_by_words_customer_space_and_text() {
    let api = Api::new();
    let id = hotel(&api).await["connected_account_id"].clone();
    let body = json!({"connected_account_id": id, "custom_metadata": {"branch": "north"}, "customer_key": "chain"});
    api.post("/connected_accounts/update", body).await.ok();
    let types = async |parameters: Value| {
        let found = api.post("/connected_accounts/list", parameters).await.ok();
        assert_eq!(found["pagination"]["has_next_page"], false);
        let rows = found["connected_accounts"].as_array().unwrap().iter();
        rows.map(|row| row["account_type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (manager, site) = ("assa_abloy_credential_service", "visionline");
    assert_eq!(types(json!({})).await, [manager, site]);
    assert_eq!(types(json!({"custom_metadata_has": {"branch": "north"}})).await, [site]);
    assert_eq!(types(json!({"custom_metadata_has": {"branch": null}})).await, [manager]);
    assert_eq!(types(json!({"customer_key": "chain"})).await, [site]);
    assert_eq!(types(json!({"search": "MERIDIAN"})).await, [site]);
    assert_eq!(types(json!({"space_id": crate::api::NOBODY})).await, [] as [&str; 0]);
    assert_eq!(types(json!({"user_identifier_key": "x"})).await, [] as [&str; 0]);
    let page = api.post("/connected_accounts/list", json!({"limit": 1})).await.ok();
    assert_eq!(page["pagination"]["has_next_page"], true);
}
