use serde_json::{Value, json};

use super::space;
use crate::api::{
    Api, NOBODY,
    access_grants::{asked, granted},
};

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
async fn accounts_and_access_methods_belong_to_the_spaces_of_their_doors_and_grants() {
    let api = Api::new();
    let (a, b) = (space(&api, "a", &["101"]).await, space(&api, "b", &[]).await);
    let ada = api.person("ada").await;
    let more = json!({"space_ids": [a, b], "reservation_key": "R1"});
    let grant = asked(&api, &ada, &[], &["card", "mobile_key"], more);
    let grant = api.post("/access_grants/create", grant).await.ok()["access_grant"].clone();
    granted(&api, &ada, "R2", &["102"], &["card"]).await;
    let include = ["access_methods", "connected_accounts"];
    let related = async |space: &str| {
        let body = json!({"space_ids": [space], "include": include});
        let batch = api.post("/spaces/get_related", body).await.ok()["batch"].clone();
        let ids = |kind: &str, member: &str| -> Vec<Value> {
            batch[kind].as_array().unwrap().iter().map(|one| one[member].clone()).collect()
        };
        (json!(ids("access_methods", "access_method_id")), ids("connected_accounts", "connected_account_id"))
    };
    let site = api.post("/acs/systems/get", json!({"acs_system_id": api.site.acs_system_id})).await.ok();
    let account = site["acs_system"]["connected_account_id"].clone();
    assert_eq!(related(&a).await, (grant["access_method_ids"].clone(), vec![account.clone()]));
    assert_eq!(related(&b).await, (grant["access_method_ids"].clone(), vec![]));
    let mut both = kinds(&api, json!({"space_ids": [a, b], "include": include})).await;
    both.sort();
    assert_eq!(both, [("access_methods".to_owned(), 2), ("connected_accounts".to_owned(), 1)]);
    api.post("/spaces/add_connected_account", json!({"space_id": b, "connected_account_id": account})).await.ok();
    assert_eq!(related(&b).await.1, [account]);
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
