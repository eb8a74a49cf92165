use serde_json::json;

use super::{doors_of, events, space};
use crate::api::{Api, NOBODY};

const PATH: &str = "/spaces/update";

#[tokio::test]
async fn what_is_absent_stays_and_null_clears() {
    let api = Api::new();
    let id = space(&api, "suite", &["101"]).await;
    let data = json!({"address": "Street 1", "default_checkin_time": "15:00"});
    let body = json!({"space_id": id, "name": "Suite", "customer_key": "hotel-1", "customer_data": data});
    assert_eq!(api.post(PATH, body).await.ok()["space"]["customer_data"], data);
    let changes = json!({"address": null, "default_checkout_time": "11:00"});
    let changed = api.post(PATH, json!({"space_key": "suite", "customer_data": changes})).await.ok();
    let expected = json!({"default_checkin_time": "15:00", "default_checkout_time": "11:00"});
    assert_eq!(changed["space"]["customer_data"], expected);
    assert_eq!((&changed["space"]["name"], &changed["space"]["customer_key"]), (&json!("Suite"), &json!("hotel-1")));
    assert_eq!(changed["space"]["acs_entrance_count"], 1);
    let changed = api.post(PATH, json!({"space_id": id, "customer_key": null})).await.ok();
    assert_eq!(changed["space"].get("customer_key"), None);
    assert_eq!(api.post("/spaces/get", json!({"space_id": id})).await.ok(), changed);
    // Nothing of this changed what belongs to it.
    assert_eq!(events(&api, &id).await, [json!(["space.created", ["<101>"]])]);
}

#[tokio::test]
async fn doors_are_replaced_as_a_whole_and_reported_once() {
    let api = Api::new();
    let id = space(&api, "suite", &["101", "102"]).await;
    for _ in 0..2 {
        let body = json!({"space_id": id, "acs_entrance_ids": [api.door("102"), api.door("Gym")]});
        assert_eq!(api.post(PATH, body).await.ok()["space"]["acs_entrance_count"], 2);
    }
    assert_eq!(doors_of(&api, &id).await, ["102", "Gym"]);
    let expected =
        [json!(["space.created", ["<101>", "<102>"]]), json!(["space.device_membership_changed", ["<102>", "<Gym>"]])];
    assert_eq!(events(&api, &id).await, expected);
    let body = json!({"space_id": id, "name": "New", "acs_entrance_ids": [api.foreign.doors["101"]]});
    assert_eq!(api.post(PATH, body).await.refusal().1, "acs_entrance_not_found");
    assert_eq!(api.post("/spaces/get", json!({"space_id": id})).await.ok()["space"]["name"], "The suite");
}

#[tokio::test]
async fn a_space_is_never_a_part_of_itself() {
    let api = Api::new();
    let (house, floor) = (space(&api, "house", &[]).await, space(&api, "floor", &[]).await);
    let changed = api.post(PATH, json!({"space_id": floor, "parent_space_id": house})).await.ok();
    assert_eq!(
        (&changed["space"]["parent_space_id"], &changed["space"]["parent_space_key"]),
        (&json!(house), &json!("house"))
    );
    let text = "a space cannot be a part of itself; name a space that is no part of it";
    let reply = api.post(PATH, json!({"space_id": house, "parent_space_key": "floor"})).await;
    assert_eq!(reply.at("parent_space_key"), [text]);
    let reply = api.post(PATH, json!({"space_id": house, "parent_space_id": house})).await;
    assert_eq!(reply.at("parent_space_id"), [text]);
    let reply = api.post(PATH, json!({"space_id": house, "parent_space_id": NOBODY})).await;
    assert_eq!(reply.refusal().1, "space_not_found");
    let changed = api.post(PATH, json!({"space_id": floor, "parent_space_id": null})).await.ok();
    assert_eq!(changed["space"].get("parent_space_id"), None);
    api.post(PATH, json!({"space_id": house, "parent_space_id": floor})).await.ok();
}
