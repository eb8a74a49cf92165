use serde_json::{Value, json};

use super::space;
use crate::api::{Api, NOBODY};

async fn kinds(api: &Api, body: Value) -> Vec<(String, usize)> {
    let reply = api.post("/spaces/get_related", body).await.ok();
    let batch = reply["batch"].as_object().unwrap();
    batch.iter().map(|(kind, rows)| (kind.clone(), rows.as_array().unwrap().len())).collect()
}

#[tokio::test]
async fn everything_of_several_spaces_comes_once() {
    let api = Api::new();
    let (a, b) = (space(&api, "a", &["101", "Gym"]).await, space(&api, "b", &["102", "Gym"]).await);
    let mut all = kinds(&api, json!({"space_ids": [a, b, a]})).await;
    all.sort();
    for (kind, count) in [("acs_entrances", 3), ("acs_systems", 1), ("devices", 0), ("spaces", 2)] {
        assert!(all.contains(&(kind.to_owned(), count)), "{kind} in {all:?}");
    }
    let only = json!({"space_keys": ["b"], "include": ["acs_entrances", "spaces"], "exclude": ["spaces"]});
    assert_eq!(kinds(&api, only).await, [("acs_entrances".to_owned(), 2)]);
}

#[tokio::test]
async fn unknown_spaces_and_kinds_are_refused() {
    let api = Api::new();
    let id = space(&api, "a", &[]).await;
    let reply = api.post("/spaces/get_related", json!({"space_ids": [id, NOBODY]})).await;
    assert_eq!(reply.refusal().1, "space_not_found");
    let reply = api.post("/spaces/get_related", json!({"space_ids": [id], "include": ["doors"]})).await;
    assert_eq!(reply.at("include.0").len(), 1);
    let text = "Provide exactly one of space_ids or space_keys";
    assert_eq!(api.post("/spaces/get_related", json!({})).await.at(""), [text]);
}
