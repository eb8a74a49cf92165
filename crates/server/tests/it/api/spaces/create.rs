use serde_json::json;

use crate::api::{Api, NOBODY};

const PATH: &str = "/spaces/create";

#[tokio::test]
async fn a_space_may_have_everything_or_only_a_name() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let phone = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
    let body = json!({
        "name": "Suite 101", "space_key": "suite-101", "customer_key": "hotel-1",
        "acs_entrance_ids": [api.door("101"), api.door("Gym"), api.door("101")],
        "device_ids": [phone["phone"]["device_id"]],
        "customer_data": {
            "address": "Street 1", "default_checkin_time": "15:00", "default_checkout_time": "11:00:00",
            "time_zone": "Europe/Stockholm",
        },
    });
    let made = api.post(PATH, body).await.ok();
    assert_eq!(
        api.redacted(&made),
        json!({
            "space": {
                "space_id": "<id>",
                "workspace_id": "<workspace>",
                "name": "Suite 101",
                "display_name": "Suite 101",
                "space_key": "suite-101",
                "customer_key": "hotel-1",
                "customer_data": {
                    "address": "Street 1", "default_checkin_time": "15:00", "default_checkout_time": "11:00:00",
                    "time_zone": "Europe/Stockholm",
                },
                "created_at": "<now>",
                "acs_entrance_count": 2,
                "device_count": 1,
            },
            "ok": true,
        })
    );
    let plain = api.post(PATH, json!({"name": "Plain"})).await.ok();
    let members: Vec<&String> = plain["space"].as_object().unwrap().keys().collect();
    let always =
        ["space_id", "workspace_id", "name", "display_name", "created_at", "acs_entrance_count", "device_count"];
    assert_eq!(members, always);
}

#[tokio::test]
async fn a_made_space_is_reported_with_all_that_belongs_to_it() {
    let api = Api::new();
    let body = json!({
        "name": "Suite", "space_key": "suite", "customer_key": "hotel-1", "acs_entrance_ids": [api.door("101")],
    });
    api.post(PATH, body).await.ok();
    let asked = json!({"since": "2025-01-01T00:00:00Z", "event_type": "space.created", "customer_key": "hotel-1"});
    let events = api.post("/events/list", asked).await.ok();
    assert_eq!(
        api.redacted(&events["events"]),
        json!([{
            "event_id": "<id>",
            "event_type": "space.created",
            "workspace_id": "<workspace>",
            "created_at": "<now>",
            "occurred_at": "<now>",
            "customer_key": "hotel-1",
            "space_id": "<id>",
            "acs_entrance_ids": ["<101>"],
            "device_ids": [],
            "space_key": "suite",
        }])
    );
}

#[tokio::test]
async fn a_key_names_one_space_of_a_workspace() {
    let api = Api::new();
    let made = api.post(PATH, json!({"name": "Suite", "space_key": "suite"})).await.ok();
    let id = made["space"]["space_id"].as_str().unwrap();
    let message = format!("space_key already belongs to space {id}; use that one or another value");
    let reply = api.post(PATH, json!({"name": "Other", "space_key": "suite"})).await;
    assert_eq!(reply.refusal(), (409, "conflict", message.as_str()));
    api.post_there(PATH, json!({"name": "Suite", "space_key": "suite"})).await.ok();
    api.post("/spaces/delete", json!({"space_id": id})).await.ok();
    api.post(PATH, json!({"name": "Next", "space_key": "suite"})).await.ok();
}

#[tokio::test]
async fn a_refused_space_leaves_nothing() {
    let api = Api::new();
    for (field, foreign, kind) in [
        ("acs_entrance_ids", api.foreign.doors["101"].to_string(), "acs_entrance_not_found"),
        ("acs_entrance_ids", NOBODY.to_owned(), "acs_entrance_not_found"),
        ("device_ids", NOBODY.to_owned(), "device_not_found"),
        ("connected_account_ids", NOBODY.to_owned(), "connected_account_not_found"),
    ] {
        let body = json!({"name": "Suite", "space_key": "suite", field: [foreign]});
        assert_eq!((api.post(PATH, body).await.refusal().0, field), (404, field));
        let body = json!({"name": "Suite", field: [foreign]});
        assert_eq!(api.post(PATH, body).await.refusal().1, kind);
    }
    for (field, value) in [("default_checkin_time", "3pm"), ("default_checkout_time", "25:00"), ("time_zone", "Mars")] {
        let reply = api.post(PATH, json!({"name": "Suite", "customer_data": { field: value }})).await;
        assert_eq!(reply.at(&format!("customer_data.{field}")).len(), 1, "{field}");
    }
    for (body, field) in [
        (json!({}), "name"),
        (json!({"name": " "}), "name"),
        (json!({"name": "Suite", "space_key": ""}), "space_key"),
        (json!({"name": "Suite", "acs_entrance_ids": ["101"]}), "acs_entrance_ids.0"),
    ] {
        assert_eq!(api.post(PATH, body).await.at(field).len(), 1, "{field}");
    }
    assert_eq!(api.get("/spaces/list").await.ok()["spaces"], json!([]));
}
