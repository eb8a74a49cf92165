use serde_json::json;

use crate::{api::Api, cards::desk::Desk};

#[tokio::test]
async fn a_key_waits_for_a_phone_that_is_cut_off() {
    let desk = Desk::open().await;
    let (first, phone) = desk.phone(&["101"], json!({"override": true})).await;
    desk.wait_until_issued(&first).await;
    let owner = desk.credential(&first).await["user_identity_id"].clone();
    let phones = desk.api.post("/phones/list", json!({"owner_user_identity_id": owner})).await.ok();
    let device = json!({"device_id": phones["phones"][0]["device_id"]});

    desk.api.post("/devices/simulate/disconnect", device.clone()).await.ok();
    let user = desk.credential(&first).await["acs_user_id"].clone();
    let body = json!({
        "acs_user_id": user, "access_method": "mobile_key", "is_multi_phone_sync_credential": true,
        "allowed_acs_entrance_ids": [desk.api.door("102")], "ends_at": "2025-06-04T10:00:00Z",
        "visionline_metadata": {"override": true},
    });
    let made = desk.api.post("/acs/credentials/create", body).await.ok();
    let second = made["acs_credential"]["acs_credential_id"].as_str().unwrap().to_owned();
    desk.until("the lock server has the key", || async {
        let children =
            desk.api.get(&format!("/acs/credentials/list?acs_user_id={}", user.as_str().unwrap())).await.ok();
        let children = children["acs_credentials"].as_array().unwrap().clone();
        let there = |child: &&serde_json::Value| {
            child["parent_acs_credential_id"] == second.as_str() && child["innkeep"]["stage"] == "on_lock_server"
        };
        children.iter().find(there).map(drop)
    })
    .await;
    assert_eq!(desk.hold(&phone, "102"), "no_access");

    desk.api.post("/devices/simulate/connect", device).await.ok();
    desk.wait_until_issued(&second).await;
    assert_eq!(desk.hold(&phone, "102"), "guest");
}

#[tokio::test]
async fn a_phone_that_is_removed_is_deactivated() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let made = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
    let id = &made["phone"]["device_id"];
    api.post("/devices/simulate/remove", json!({"device_id": id})).await.ok();
    assert_eq!(api.post("/phones/get", json!({"device_id": id})).await.refusal().1, "device_not_found");
    let events = api.get("/events/list?since=2020-01-01T00:00:00Z&event_type=phone.deactivated").await.ok();
    assert_eq!(events["events"][0]["device_id"], *id);
}

#[tokio::test]
async fn phones_have_no_hub_and_no_subscription() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let made = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
    let id = &made["phone"]["device_id"];
    for route in ["connect_to_hub", "disconnect_from_hub", "paid_subscription"] {
        let body = json!({"device_id": id, "is_expired": true});
        let reply = api.post(&format!("/devices/simulate/{route}"), body).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (400, "not_supported"), "{route}");
    }
}
