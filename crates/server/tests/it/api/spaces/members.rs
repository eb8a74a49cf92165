use http::Method;
use serde_json::json;

use super::{doors_of, events, space};
use crate::api::{Api, NOBODY};

const KEY: &str = "seam_testmeridian_0123456789abcdef";

#[tokio::test]
async fn doors_come_and_go_and_each_change_is_reported_with_the_whole_list() {
    let api = Api::new();
    let id = space(&api, "suite", &["101"]).await;
    let add = json!({"space_id": id, "acs_entrance_ids": [api.door("Gym"), api.door("101")]});
    // The second time nothing changes.
    for _ in 0..2 {
        api.send(KEY, Method::PUT, "/spaces/add_acs_entrances", Some(add.clone())).await.ok();
    }
    assert_eq!(doors_of(&api, &id).await, ["101", "Gym"]);
    // As the SDKs do it: an array in the query of a DELETE.
    let (gym, pool) = (api.door("Gym"), api.door("Pool"));
    let target = format!("/spaces/remove_acs_entrances?space_id={id}&acs_entrance_ids={gym}&acs_entrance_ids={pool}");
    api.send(KEY, Method::DELETE, &target, None).await.ok();
    assert_eq!(doors_of(&api, &id).await, ["101"]);
    let expected = [
        json!(["space.created", ["<101>"]]),
        json!(["space.device_membership_changed", ["<101>", "<Gym>"]]),
        json!(["space.device_membership_changed", ["<101>"]]),
    ];
    assert_eq!(events(&api, &id).await, expected);
}

#[tokio::test]
async fn phones_and_accounts_come_and_go() {
    let api = Api::new();
    let id = space(&api, "suite", &[]).await;
    let person = api.person("Jane").await;
    let phone = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
    let phones = json!({"space_id": id, "device_ids": [phone["phone"]["device_id"]]});
    let count = async || api.post("/spaces/get", json!({"space_id": id})).await.ok()["space"]["device_count"].clone();
    api.post("/spaces/add_devices", phones.clone()).await.ok();
    assert_eq!(count().await, 1);
    api.post("/spaces/remove_devices", phones).await.ok();
    assert_eq!(count().await, 0);
    let account = api.get("/acs/entrances/list?limit=1").await.ok()["acs_entrances"][0]["connected_account_id"].clone();
    let of_account = json!({"connected_account_id": account});
    let listed = async || api.post("/spaces/list", of_account.clone()).await.ok()["spaces"].as_array().unwrap().len();
    let named = json!({"space_id": id, "connected_account_id": account});
    api.post("/spaces/add_connected_account", named.clone()).await.ok();
    assert_eq!(listed().await, 1);
    api.post("/spaces/remove_connected_account", named).await.ok();
    assert_eq!(listed().await, 0);
}

#[tokio::test]
async fn a_phone_that_is_no_more_has_left_the_space_already_and_taking_it_out_changes_nothing() {
    let api = Api::new();
    let id = space(&api, "suite", &[]).await;
    let person = api.person("Jane").await;
    let phone = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
    let phone = phone["phone"]["device_id"].clone();
    let phones = json!({"space_id": id, "device_ids": [phone]});
    api.post("/spaces/add_devices", phones.clone()).await.ok();
    api.post("/phones/deactivate", json!({"device_id": phone})).await.ok();
    let written = || {
        let query = "SELECT total_changes() || ' ' || (SELECT count(*) FROM audit) AS text";
        api.look(|tx| store::testing::texts(tx, query))
    };
    let before = written();
    api.post("/spaces/remove_devices", phones).await.ok();
    assert_eq!(written(), before);
}

#[tokio::test]
async fn a_refused_addition_adds_nothing() {
    let api = Api::new();
    let id = space(&api, "suite", &[]).await;
    let body = json!({"space_id": id, "acs_entrance_ids": [api.door("101"), api.foreign.doors["101"]]});
    assert_eq!(api.post("/spaces/add_acs_entrances", body).await.refusal().1, "acs_entrance_not_found");
    let body = json!({"space_id": NOBODY, "acs_entrance_ids": [api.door("101")]});
    assert_eq!(api.post("/spaces/add_acs_entrances", body).await.refusal().1, "space_not_found");
    let body = json!({"space_id": id, "acs_entrance_ids": []});
    assert_eq!(api.post("/spaces/add_acs_entrances", body).await.at("acs_entrance_ids").len(), 1);
    assert_eq!(doors_of(&api, &id).await, [""; 0]);
}
