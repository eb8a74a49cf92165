use serde_json::{Value, json};

use crate::api::Api;

#[tokio::test]
async fn what_can_be_connected_is_listed_by_category() {
    let api = Api::new();
    let names = |reply: &Value| -> Vec<Value> {
        reply["device_providers"].as_array().unwrap().iter().map(|one| one["device_provider_name"].clone()).collect()
    };
    let all = [json!("visionline"), json!("assa_abloy_credential_service")];
    for query in ["", "?provider_category=access_control_systems"] {
        let reply = api.get(&format!("/devices/list_device_providers{query}")).await.ok();
        assert_eq!(names(&reply), all);
        assert_eq!(reply["device_providers"][0]["provider_categories"], json!(["access_control_systems"]));
    }
    let thermostats = api.get("/devices/list_device_providers?provider_category=thermostats").await.ok();
    assert_eq!(names(&thermostats), [Value::Null; 0]);
}
