use serde_json::json;

use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn a_guest_door_shows_what_opens_it() {
    let api = Api::new();
    let reply = api.get(&format!("/acs/entrances/get?acs_entrance_id={}", api.door("101"))).await.ok();
    assert_eq!(
        api.redacted(&reply),
        json!({
            "acs_entrance": {
                "acs_entrance_id": "<101>",
                "acs_system_id": "<site>",
                "connected_account_id": "<id>",
                "workspace_id": "<workspace>",
                "display_name": "101",
                "created_at": "<now>",
                "space_ids": [],
                "can_belong_to_reservation": true,
                "can_unlock_with_card": true,
                "can_unlock_with_mobile_key": true,
                "can_unlock_with_code": false,
                "can_unlock_with_cloud_key": false,
                "visionline_metadata": {
                    "door_name": "101",
                    "door_category": "guest",
                    "profiles": [{"visionline_door_profile_id": "1", "visionline_door_profile_type": "BLE"}],
                },
                "errors": [],
                "warnings": [],
            },
            "ok": true,
        })
    );
}

#[tokio::test]
async fn a_common_door_without_radio_opens_with_cards_only() {
    let api = Api::new();
    let reply = api.get(&format!("/acs/entrances/get?acs_entrance_id={}", api.door("Gym"))).await.ok();
    assert_eq!(reply["acs_entrance"]["can_unlock_with_mobile_key"], false);
    assert_eq!(reply["acs_entrance"]["can_belong_to_reservation"], false);
}

#[tokio::test]
async fn a_door_is_found_by_its_exact_name_as_old_samples_do() {
    let api = Api::new();
    let reply = api.get("/acs/entrances/get?name=Pool").await.ok();
    assert_eq!(reply["acs_entrance"]["visionline_metadata"]["door_category"], "common (PMS)");
    let reply = api.get("/acs/entrances/get?name=Poo").await;
    let message = "acs_entrance Poo was not found in this workspace";
    assert_eq!(reply.refusal(), (404, "acs_entrance_not_found", message));
    let reply = api.get("/acs/entrances/get").await;
    assert_eq!(reply.refusal(), (400, "invalid_input", "acs_entrance_id is required"));
}

#[tokio::test]
async fn a_foreign_door_is_an_unknown_one() {
    let api = Api::new();
    let foreign = api.foreign.doors["101"].to_string();
    for path in ["/acs/entrances/get", "/acs/entrances/list_credentials_with_access"] {
        let mut replies = Vec::new();
        for id in [NOBODY, &foreign, "x"] {
            replies.push((id, api.post(path, json!({ "acs_entrance_id": id })).await));
        }
        assert_all_unknown("acs_entrance", replies.try_into().unwrap());
    }
}
