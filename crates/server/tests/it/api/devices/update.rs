use serde_json::{Value, json};

use crate::api::Api;

async fn phone(api: &Api) -> Value {
    let person = api.person("Jane").await;
    let made = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
    made["phone"]["device_id"].clone()
}

#[tokio::test]
async fn a_phone_is_called_what_people_call_it_until_they_take_the_name_back() {
    let api = Api::new();
    let id = phone(&api).await;
    for (change, nickname, display_name) in [
        (json!({"name": "Jane's phone"}), json!("Jane's phone"), "Jane's phone"),
        (json!({}), json!("Jane's phone"), "Jane's phone"),
        (json!({"properties": {"name": "Mobile"}}), json!("Mobile"), "Mobile"),
        (json!({"name": null}), Value::Null, "Samsung Galaxy S10"),
    ] {
        let mut body = change.clone();
        body["device_id"] = id.clone();
        assert_eq!(api.post("/devices/update", body).await.ok(), json!({"ok": true}));
        let phone = api.post("/phones/get", json!({"device_id": id})).await.ok()["phone"].clone();
        let device = api.post("/devices/get", json!({"device_id": id})).await.ok()["device"].clone();
        for shown in [&phone, &device] {
            assert_eq!((&shown["nickname"], &shown["display_name"]), (&nickname, &json!(display_name)), "{change}");
        }
        assert_eq!(device["properties"]["appearance"]["name"], "Samsung Galaxy S10", "its own name stays");
    }
}

#[tokio::test]
async fn a_phone_is_found_by_its_name() {
    let api = Api::new();
    let id = phone(&api).await;
    api.post("/devices/update", json!({"device_id": id, "name": "Jane's phone"})).await.ok();
    assert_eq!(api.get("/devices/get?name=Jane%27s+phone").await.ok()["device"]["device_id"], id);
    assert_eq!(api.get("/devices/get?name=Samsung+Galaxy+S10").await.refusal().1, "device_not_found");
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    let api = Api::new();
    let id = phone(&api).await;
    let unmanaged = api.post("/devices/update", json!({"device_id": id, "is_managed": false, "name": "x"})).await;
    assert_eq!(unmanaged.refusal().1, "not_supported");
    let two = json!({"device_id": id, "name": "x", "properties": {"name": "y"}});
    assert_eq!(api.post("/devices/update", two).await.at("properties.name").len(), 1);
    for name in ["", " "] {
        let blank = api.post("/devices/update", json!({"device_id": id, "name": name})).await;
        assert_eq!(blank.refusal().1, "invalid_input");
    }
    let phone = api.post("/phones/get", json!({"device_id": id})).await.ok();
    assert_eq!(phone["phone"]["nickname"], Value::Null);
    assert_eq!(api.post("/devices/delete", json!({"device_id": id})).await.refusal().1, "not_supported");
    let told = api.post("/devices/report_provider_metadata", json!({"devices": [{"device_id": id}]})).await;
    assert_eq!(told.refusal().1, "not_supported");
}
