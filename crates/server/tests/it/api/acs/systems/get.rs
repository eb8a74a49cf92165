use serde_json::json;

use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn a_site_shows_its_type_under_both_names() {
    let api = Api::new();
    api.user("Jane", None).await;
    let reply = api.get(&format!("/acs/systems/get?acs_system_id={}", api.site.acs_system_id)).await.ok();
    let mut shown = api.redacted(&reply);
    assert!(shown["acs_system"]["image_url"].take().as_str().unwrap().starts_with("data:image/svg+xml,"));
    assert_eq!(
        shown,
        json!({
            "acs_system": {
                "acs_system_id": "<site>",
                "workspace_id": "<workspace>",
                "connected_account_id": "<id>",
                "connected_account_ids": ["<id>"],
                "name": "Hotel Meridian",
                "created_at": "<now>",
                "external_type": "visionline_system",
                "external_type_display_name": "Visionline",
                "system_type": "visionline_system",
                "system_type_display_name": "Visionline",
                "image_url": null,
                "image_alt_text": "A door",
                "is_credential_manager": false,
                "default_credential_manager_acs_system_id": "<manager>",
                "location": {"time_zone": "Europe/Stockholm"},
                "visionline_metadata": {"mobile_access_uuid": "1", "system_id": "1"},
                "acs_user_count": 1,
                "acs_access_group_count": 0,
                "errors": [],
                "warnings": [],
                "innkeep": {"timestamps_without_zone": "utc", "default_stay_hours": 24, "double_bookings": "allow"},
            },
            "ok": true,
        })
    );
}

#[tokio::test]
async fn a_manager_has_no_visionline_metadata_and_no_zone() {
    let api = Api::new();
    let reply = api.post("/acs/systems/get", json!({"acs_system_id": api.site.manager_id})).await.ok();
    let system = &reply["acs_system"];
    assert_eq!(system["external_type"], "assa_abloy_credential_service");
    assert_eq!(system["is_credential_manager"], true);
    assert_eq!(system["default_credential_manager_acs_system_id"], json!(null));
    assert_eq!(system["location"], json!({"time_zone": null}));
    assert_eq!(system.get("visionline_metadata"), None);
    assert_eq!(system.get("innkeep"), None);
}

#[tokio::test]
async fn a_foreign_system_is_an_unknown_one() {
    let api = Api::new();
    let foreign = api.foreign.acs_system_id.to_string();
    for path in ["/acs/systems/get", "/acs/systems/list_compatible_credential_manager_acs_systems"] {
        let mut replies = Vec::new();
        for id in [NOBODY, &foreign, "x"] {
            replies.push((id, api.post(path, json!({ "acs_system_id": id })).await));
        }
        assert_all_unknown("acs_system", replies.try_into().unwrap());
    }
}
