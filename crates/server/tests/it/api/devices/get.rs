use serde_json::{Value, json};

use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn a_phone_is_a_device_of_its_credential_manager() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let made = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
    let id = api.name(&made["phone"]["device_id"], "phone");
    let systems = api.get("/acs/systems/list").await.ok();
    let manager =
        systems["acs_systems"].as_array().unwrap().iter().find(|system| system["is_credential_manager"] == true);
    api.name(&manager.unwrap()["connected_account_id"], "account");
    assert_eq!(
        api.redacted(&api.get(&format!("/devices/get?device_id={id}")).await.ok()),
        json!({
            "device": {
                "device_id": "<phone>",
                "workspace_id": "<workspace>",
                "connected_account_id": "<account>",
                "created_at": "<now>",
                "device_type": "android_phone",
                "display_name": "Samsung Galaxy S10",
                "capabilities_supported": ["phone"],
                "custom_metadata": {},
                "is_managed": true,
                "space_ids": [],
                "properties": {
                    "online": true,
                    "name": "Samsung Galaxy S10",
                    "appearance": {"name": "Samsung Galaxy S10"},
                    "model": {"display_name": "Samsung Galaxy S10", "manufacturer_display_name": "Samsung"},
                    "assa_abloy_credential_service_metadata": {
                        "endpoints": [{"endpoint_id": "<id>", "is_active": true}],
                        "has_active_endpoint": true,
                    },
                },
                "errors": [],
                "warnings": [],
            },
            "ok": true,
        })
    );
}

#[tokio::test]
async fn exactly_one_way_is_needed() {
    let api = Api::new();
    for body in [json!({}), json!({"device_id": NOBODY, "name": "Jane's phone"})] {
        for route in ["/devices/get", "/devices/unmanaged/get"] {
            assert_eq!(api.post(route, body.clone()).await.at(""), ["Provide exactly one of device_id or name"]);
        }
    }
}

#[tokio::test]
async fn a_foreign_phone_is_an_unknown_device_to_every_route() {
    let api = Api::new();
    let person = api.post_there("/user_identities/create", json!({})).await.ok();
    let body = json!({"user_identity_id": person["user_identity"]["user_identity_id"]});
    let made = api.post_there("/phones/simulate/create_sandbox_phone", body).await.ok();
    let foreign = made["phone"]["device_id"].as_str().unwrap();
    let named = json!({"device_id": foreign, "name": "theirs"});
    api.post_there("/devices/update", named).await.ok();
    for (route, more) in [
        ("/devices/get", json!({})),
        ("/devices/update", json!({"name": "ours"})),
        ("/devices/update", json!({})),
        ("/devices/delete", json!({})),
        ("/devices/unmanaged/get", json!({})),
        ("/devices/unmanaged/update", json!({"is_managed": true})),
        ("/devices/simulate/connect", json!({})),
        ("/devices/simulate/disconnect", json!({})),
        ("/devices/simulate/remove", json!({})),
        ("/devices/simulate/connect_to_hub", json!({})),
        ("/devices/simulate/disconnect_from_hub", json!({})),
        ("/devices/simulate/paid_subscription", json!({"is_expired": true})),
    ] {
        let mut replies = Vec::new();
        for id in [NOBODY, foreign, "x"] {
            let mut body: Value = more.clone();
            body["device_id"] = json!(id);
            replies.push((id, api.post(route, body).await));
        }
        assert_all_unknown("device", replies.try_into().unwrap());
    }
    for id in [NOBODY, foreign] {
        let body = json!({"devices": [{"device_id": id}]});
        assert_eq!(api.post("/devices/report_provider_metadata", body).await.refusal().1, "device_not_found");
    }
    assert_eq!(api.get("/devices/get?name=theirs").await.refusal().1, "device_not_found");
    let theirs = api.post_there("/devices/get", json!({"name": "theirs"})).await.ok();
    assert_eq!(theirs["device"]["device_id"], foreign, "untouched");
}
