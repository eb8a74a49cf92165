use serde_json::{Value, json};

use crate::api::Api;

fn types(reply: &Value) -> Vec<&str> {
    reply["events"].as_array().unwrap().iter().map(|event| event["event_type"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_event_is_one_flat_object() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let reply = api.get(&format!("/events/list?since=2025-01-01T00:00:00Z&acs_user_id={user}")).await.ok();
    assert_eq!(
        api.redacted(&reply),
        json!({
            "events": [{
                "event_id": "<id>",
                "event_type": "acs_user.created",
                "workspace_id": "<workspace>",
                "created_at": "<now>",
                "occurred_at": "<now>",
                "connected_account_id": "<id>",
                "acs_system_id": "<site>",
                "acs_user_id": "<Jane>",
            }],
            "ok": true,
        })
    );
}

#[tokio::test]
async fn the_details_of_an_event_stand_beside_its_ids() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let body = json!({"user_identity_id": person});
    let phone = api.post("/phones/simulate/create_sandbox_phone", body).await.ok()["phone"]["device_id"].clone();
    api.post("/phones/deactivate", json!({"device_id": phone})).await.ok();
    let body = json!({"since": "2025-01-01T00:00:00Z", "event_type": "phone.deactivated"});
    let reply = api.post("/events/list", body).await.ok();
    assert_eq!(reply["events"][0]["device_id"], phone);
    assert_eq!(reply["events"][0]["device_custom_metadata"], json!({}));
}

#[tokio::test]
async fn exactly_one_of_since_and_between_is_needed() {
    let api = Api::new();
    let between = json!(["2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"]);
    for body in [json!({}), json!({"since": "2025-01-01T00:00:00Z", "between": between})] {
        let reply = api.post("/events/list", body).await;
        assert_eq!(reply.refusal(), (400, "invalid_input", "Provide either since or between, and not both"));
        assert_eq!(reply.at(""), ["Provide either since or between, and not both"]);
    }
    let reply = api.post("/events/list", json!({"between": ["2025-01-01T00:00:00Z"]})).await;
    assert_eq!(reply.at("between"), ["Array must contain at least 2 element(s)"]);
}

#[tokio::test]
async fn both_bounds_are_exclusive() {
    let api = Api::new();
    let all = api.get("/events/list?between=2025-06-01T09:59:59Z&between=2025-06-01T10:00:01Z").await.ok();
    assert_eq!(types(&all).len(), 9, "two systems added and connected, five doors: {all}");
    let none = api.get("/events/list?between=2025-06-01T10:00:00Z&between=2025-06-01T10:00:00Z").await.ok();
    assert_eq!(types(&none), [""; 0]);
    let after = api.get("/events/list?since=2025-06-01T10:00:00Z").await.ok();
    assert_eq!(types(&after), [""; 0], "the first events happened at that very instant");
}

#[tokio::test]
async fn filters_combine_and_events_without_the_member_do_not_match() {
    let api = Api::new();
    let site = api.site.acs_system_id;
    let ask = async |parameters: Value| {
        let mut body = json!({"since": "2025-01-01T00:00:00Z"});
        body.as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
        let reply = api.post("/events/list", body).await.ok();
        types(&reply).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let connected = ["acs_system.connected"];
    assert_eq!(ask(json!({"acs_system_id": site, "event_types": ["acs_system.connected"]})).await, connected);
    assert_eq!(ask(json!({"acs_system_ids": [site], "event_type": "acs_system.connected"})).await, connected);
    assert_eq!(ask(json!({"acs_entrance_id": api.door("101")})).await, ["acs_entrance.added"]);
    let none: [&str; 0] = [];
    assert_eq!(ask(json!({"acs_system_id": site, "acs_system_ids": []})).await, none);
    assert_eq!(ask(json!({"event_type": "acs_system.added", "event_types": ["acs_system.connected"]})).await, none);
    assert_eq!(ask(json!({"event_type": "acs_system.launched"})).await, none);
    assert_eq!(ask(json!({"space_ids": []})).await, none);
    assert_eq!(ask(json!({"customer_key": "c"})).await, none);
    assert_eq!(ask(json!({"acs_system_id": api.foreign.acs_system_id})).await, none);
}

#[tokio::test]
async fn limit_and_offset_cut_the_list_in_order() {
    let api = Api::new();
    let first = api.get("/events/list?since=2025-01-01T00:00:00Z&limit=2").await.ok();
    let second = api.get("/events/list?since=2025-01-01T00:00:00Z&limit=2&unstable_offset=2").await.ok();
    assert_eq!(types(&first), ["acs_system.added", "acs_system.connected"]);
    assert_eq!(types(&second), ["acs_system.added", "acs_system.connected"]);
    assert_ne!(first["events"][0]["acs_system_id"], second["events"][0]["acs_system_id"]);
    assert_eq!(first.get("pagination"), None);
    let reply = api.get("/events/list?since=2025-01-01T00:00:00Z&limit=0").await;
    assert_eq!(reply.at("limit"), ["Number must be greater than 0"]);
    let reply = api.get("/events/list?since=2025-01-01T00:00:00Z&unstable_offset=-1").await;
    assert_eq!(reply.at("unstable_offset").len(), 1);
}
