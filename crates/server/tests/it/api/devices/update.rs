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

#[tokio::test]
async fn words_are_attached_to_a_phone_found_by_and_told_when_it_goes() {
    let api = Api::new();
    let id = phone(&api).await;
    let attach =
        async |words: Value| api.post("/devices/update", json!({"device_id": id, "custom_metadata": words})).await;
    attach(json!({"room": "101", "is_vip": true})).await.ok();
    attach(json!({"room": "102", "floor": "1"})).await.ok();
    attach(json!({"floor": null, "unheard_of": ""})).await.ok();
    api.post("/devices/update", json!({"device_id": id, "name": "Jane's phone"})).await.ok();
    let words = json!({"room": "102", "is_vip": true});
    let phone = api.post("/phones/get", json!({"device_id": id})).await.ok();
    let device = api.post("/devices/get", json!({"device_id": id})).await.ok();
    assert_eq!([&phone["phone"]["custom_metadata"], &device["device"]["custom_metadata"]], [&words, &words]);
    for (has, count) in [
        (json!({"room": "102"}), 1),
        (json!({"room": "101"}), 0),
        (json!({"is_vip": true, "floor": null}), 1),
        (json!({"room": null}), 0),
    ] {
        let body = json!({"device_type": "android_phone", "custom_metadata_has": has});
        let found = api.post("/devices/list", body).await.ok();
        assert_eq!(found["devices"].as_array().unwrap().len(), count, "{has}");
    }
    api.post("/phones/deactivate", json!({"device_id": id})).await.ok();
    let body = json!({"since": "2020-01-01T00:00:00Z", "event_type": "phone.deactivated"});
    let events = api.post("/events/list", body).await.ok();
    assert_eq!(events["events"][0]["device_custom_metadata"], words);
}

#[tokio::test]
async fn words_that_cannot_be_attached_are_named_and_none_is() {
    let api = Api::new();
    let id = phone(&api).await;
    let attach = async |words: Value| {
        api.post("/devices/update", json!({"device_id": id, "custom_metadata": words, "name": "x"})).await
    };
    let period = attach(json!({"a.b": "1", "room": "101"})).await;
    let named = &period.json["error"]["validation_errors"]["custom_metadata"]["a.b"]["_errors"];
    assert_eq!(named, &json!(["A key must not contain a period"]), "{}", period.json);
    let many = |from: usize| -> Value {
        json!((from..from + 30).map(|number| (format!("word{number}"), json!("x"))).collect::<serde_json::Map<_, _>>())
    };
    attach(many(0)).await.ok();
    assert_eq!(attach(many(30)).await.at("custom_metadata"), ["Object must have at most 50 keys"]);
    let phone = api.post("/phones/get", json!({"device_id": id})).await.ok();
    assert_eq!(phone["phone"]["custom_metadata"], many(0));
}
