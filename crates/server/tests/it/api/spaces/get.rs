use serde_json::json;

use super::space;
use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn a_space_is_found_by_id_and_by_key() {
    let api = Api::new();
    let id = space(&api, "suite", &["101"]).await;
    let by_id = api.post("/spaces/get", json!({ "space_id": id })).await.ok();
    assert_eq!(by_id["space"]["space_key"], "suite");
    assert_eq!(api.get("/spaces/get?space_key=suite").await.ok(), by_id);
    for body in [json!({}), json!({"space_id": id, "space_key": "suite"})] {
        let reply = api.post("/spaces/get", body).await;
        assert_eq!(reply.at(""), ["Provide exactly one of space_id or space_key"]);
    }
}

/// P8.
#[tokio::test]
async fn a_foreign_space_is_an_unknown_one() {
    let api = Api::new();
    let there = api.post_there("/spaces/create", json!({"name": "Suite", "space_key": "suite"})).await.ok();
    let foreign = there["space"]["space_id"].as_str().unwrap();
    for path in ["/spaces/get", "/spaces/update", "/spaces/delete"] {
        let mut replies = Vec::new();
        for id in [NOBODY, foreign, "x"] {
            replies.push((id, api.post(path, json!({ "space_id": id })).await));
        }
        assert_all_unknown("space", replies.try_into().unwrap());
    }
    let reply = api.post("/spaces/get", json!({"space_key": "suite"})).await;
    assert_eq!(reply.refusal(), (404, "space_not_found", "space suite was not found in this workspace"));
}
