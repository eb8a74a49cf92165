use serde_json::{Value, json};

use super::hotel;
use crate::api::{Api, NOBODY};

/// P8 beside what is gone: the other hotel keeps everything.
#[tokio::test]
async fn everything_that_came_with_an_account_goes_with_its_events() {
    let api = Api::new();
    let encoders = api.list_encoders(&["Front Desk 1"]);
    let guest = api.user("Ada", None).await;
    let card = api.card(&guest, &["101"]).await;
    let id = hotel(&api).await["connected_account_id"].clone();
    let body = json!({"connected_account_id": id, "sync": true});
    assert_eq!(api.post_there("/connected_accounts/delete", body.clone()).await.refusal().0, 404);
    api.post("/connected_accounts/delete", body.clone()).await.ok();

    let listed = api.post("/events/list", json!({"since": "2020-01-01T00:00:00Z", "limit": 1000})).await.ok();
    let events = listed["events"].as_array().unwrap();
    let about = |kind: &str, member: &str, id: &Value| {
        let found = events.iter().filter(|event| event["event_type"] == kind && &event[member] == id);
        assert_eq!(found.count(), 1, "{kind}");
    };
    about("acs_credential.deleted", "acs_credential_id", &json!(card));
    about("acs_user.deleted", "acs_user_id", &json!(guest));
    about("acs_encoder.removed", "acs_encoder_id", &json!(encoders[0]));
    for door in ["101", "102", "103", "Gym", "Pool"] {
        about("acs_entrance.removed", "acs_entrance_id", &json!(api.door(door)));
    }
    about("connected_account.deleted", "connected_account_id", &id);

    let status = async |path: &str, body: Value| api.post(path, body).await.status.as_u16();
    assert_eq!(status("/connected_accounts/get", json!({"connected_account_id": id})).await, 404);
    assert_eq!(status("/acs/systems/get", json!({"acs_system_id": api.site.acs_system_id})).await, 404);
    assert_eq!(status("/acs/users/get", json!({"acs_user_id": guest})).await, 404);
    assert_eq!(status("/acs/credentials/get", json!({"acs_credential_id": card})).await, 404);
    assert_eq!(status("/acs/entrances/get", json!({"acs_entrance_id": api.door("101")})).await, 404);
    assert_eq!(status("/acs/encoders/get", json!({"acs_encoder_id": encoders[0]})).await, 404);
    assert_eq!(status("/connected_accounts/delete", body).await, 404);
    for (path, key) in [
        ("/acs/entrances/list", "acs_entrances"),
        ("/acs/encoders/list", "acs_encoders"),
        ("/acs/users/list", "acs_users"),
        ("/acs/credentials/list", "acs_credentials"),
    ] {
        assert_eq!(api.post(path, json!({})).await.ok()[key], json!([]), "{path}");
    }
    let theirs = api.post_there("/acs/entrances/list", json!({})).await.ok();
    assert_eq!(theirs["acs_entrances"].as_array().unwrap().len(), 5);
    assert_eq!(status("/connected_accounts/delete", json!({"connected_account_id": NOBODY})).await, 404);
}

#[tokio::test]
async fn a_hotel_whose_manager_is_deleted_has_none() {
    let api = Api::new();
    let listed = api.post("/connected_accounts/list", json!({})).await.ok();
    let manager = &listed["connected_accounts"][0];
    assert_eq!(manager["account_type"], "assa_abloy_credential_service");
    let body = json!({"connected_account_id": manager["connected_account_id"]});
    api.post("/connected_accounts/delete", body).await.ok();
    let site = api.post("/acs/systems/get", json!({"acs_system_id": api.site.acs_system_id})).await.ok();
    assert_eq!(site["acs_system"]["default_credential_manager_acs_system_id"], Value::Null);
}
