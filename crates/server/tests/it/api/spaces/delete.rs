use serde_json::json;

use super::{events, space};
use crate::api::Api;

#[tokio::test]
async fn a_deleted_space_is_gone_and_its_doors_and_parts_stay() {
    let api = Api::new();
    let (floor, suite) = (space(&api, "floor", &["Gym"]).await, space(&api, "suite", &["101"]).await);
    api.post("/spaces/update", json!({"space_id": suite, "parent_space_id": floor})).await.ok();
    let gym = json!({"acs_entrance_id": api.door("Gym")});
    let entrance = api.post("/acs/entrances/get", gym.clone()).await.ok();
    assert_eq!(entrance["acs_entrance"]["space_ids"], json!([floor]));
    api.post("/spaces/delete", json!({"space_id": floor})).await.ok();
    assert_eq!(api.post("/spaces/get", json!({"space_id": floor})).await.refusal().0, 404);
    assert_eq!(api.post("/spaces/delete", json!({"space_id": floor})).await.refusal().0, 404);
    assert_eq!(api.post("/acs/entrances/get", gym).await.ok()["acs_entrance"]["space_ids"], json!([]));
    let part = api.post("/spaces/get", json!({"space_id": suite})).await.ok();
    assert_eq!(part["space"].get("parent_space_id"), None);
    let expected = [json!(["space.created", ["<Gym>"]]), json!(["space.deleted", ["<Gym>"]])];
    assert_eq!(events(&api, &floor).await, expected);
}
