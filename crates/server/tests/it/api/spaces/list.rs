use serde_json::{Value, json};

use super::space;
use crate::api::{Api, NOBODY};

async fn keys(api: &Api, body: Value) -> Vec<String> {
    let reply = api.post("/spaces/list", body).await.ok();
    let spaces = reply["spaces"].as_array().unwrap();
    spaces.iter().map(|space| space["space_key"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn filters_combine_with_and() {
    let api = Api::new();
    let floor = space(&api, "floor", &[]).await;
    space(&api, "a", &["101"]).await;
    space(&api, "b", &[]).await;
    let account = api.get("/acs/entrances/list?limit=1").await.ok()["acs_entrances"][0]["connected_account_id"].clone();
    let add = json!({"space_id": floor, "connected_account_id": account});
    api.post("/spaces/add_connected_account", add).await.ok();
    for key in ["a", "b"] {
        let body = json!({"space_key": key, "parent_space_key": "floor", "customer_key": "hotel-1"});
        api.post("/spaces/update", body).await.ok();
    }
    let none: [&str; 0] = [];
    for (body, expected) in [
        (json!({}), &["floor", "a", "b"] as &[&str]),
        (json!({"parent_space_id": floor}), &["a", "b"]),
        (json!({"parent_space_key": "floor", "search": "THE A"}), &["a"]),
        (json!({"parent_space_key": "floor", "parent_space_id": floor}), &["a", "b"]),
        (json!({"parent_space_key": "a", "parent_space_id": floor}), &none),
        (json!({"parent_space_key": "nobody"}), &none),
        (json!({"customer_key": "hotel-1", "space_key": "b"}), &["b"]),
        (json!({"customer_key": "hotel-2"}), &none),
        (json!({"connected_account_id": account}), &["floor", "a"]),
        (json!({"connected_account_id": NOBODY}), &none),
        (json!({"search": "%"}), &none),
    ] {
        assert_eq!(keys(&api, body.clone()).await, expected, "{body}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let api = Api::new();
    for key in ["a", "b", "c"] {
        space(&api, key, &[]).await;
    }
    let first = api.get("/spaces/list?limit=2").await.ok();
    assert_eq!(first["pagination"]["has_next_page"], true);
    let cursor = &first["pagination"]["next_page_cursor"];
    assert_eq!(keys(&api, json!({"limit": 2, "page_cursor": cursor})).await, ["c"]);
}
