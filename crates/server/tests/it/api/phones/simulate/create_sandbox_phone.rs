use serde_json::json;

use crate::api::{Api, NOBODY};

const PATH: &str = "/phones/simulate/create_sandbox_phone";

#[tokio::test]
async fn a_phone_is_an_active_android_unless_said_otherwise() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let reply = api.post(PATH, json!({"user_identity_id": person})).await.ok();
    api.name(&reply["phone"]["device_id"], "phone");
    assert_eq!(
        api.redacted(&reply),
        json!({
            "phone": {
                "device_id": "<phone>",
                "workspace_id": "<workspace>",
                "created_at": "<now>",
                "device_type": "android_phone",
                "display_name": "Samsung Galaxy S10",
                "custom_metadata": {},
                "properties": {
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
async fn the_model_and_the_system_are_as_asked() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let metadata = json!({"operating_system": "ios", "device_model": "iPhone 15"});
    let body = json!({
        "user_identity_id": person, "phone_metadata": metadata, "assa_abloy_metadata": {"nfc_capability": true},
        "custom_sdk_installation_id": "install-1",
    });
    let reply = api.post(PATH, body).await.ok();
    assert_eq!(
        (&reply["phone"]["device_type"], &reply["phone"]["display_name"]),
        (&json!("ios_phone"), &json!("iPhone 15"))
    );
}

#[tokio::test]
async fn an_unknown_operating_system_is_refused() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let body = json!({"user_identity_id": person, "phone_metadata": {"operating_system": "symbian"}});
    let reply = api.post(PATH, body).await;
    assert_eq!(
        reply.at("phone_metadata.operating_system"),
        ["Invalid enum value. Expected 'android' | 'ios', received 'symbian'"]
    );
}

#[tokio::test]
async fn the_person_must_be_one_of_the_workspace() {
    let api = Api::new();
    let there = api.post_there("/user_identities/create", json!({})).await.ok();
    let foreign = there["user_identity"]["user_identity_id"].as_str().unwrap();
    for id in [NOBODY, foreign] {
        let reply = api.post(PATH, json!({"user_identity_id": id})).await;
        let message = format!("user_identity {id} was not found in this workspace");
        assert_eq!(reply.refusal(), (404, "user_identity_not_found", message.as_str()));
    }
    assert_eq!(api.post(PATH, json!({"user_identity_id": "x"})).await.at("user_identity_id"), ["Invalid uuid"]);
    let reply = api.post(PATH, json!({})).await;
    assert_eq!(reply.refusal(), (400, "invalid_input", "user_identity_id is required"));
}

#[tokio::test]
async fn outside_a_sandbox_there_are_no_simulated_phones() {
    let api = Api::with_sandbox(false);
    api.change(|tx| store::testing::execute(tx, "UPDATE workspaces SET is_sandbox = false"));
    let person = api.person("Jane").await;
    let reply = api.post(PATH, json!({"user_identity_id": person})).await;
    let message = "this operation is available in sandbox workspaces only";
    assert_eq!(reply.refusal(), (400, "workspace_not_sandbox", message));
    assert_eq!(api.get("/phones/list").await.ok()["phones"], json!([]));
}
