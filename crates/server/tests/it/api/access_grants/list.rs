use serde_json::{Value, json};

use super::{Api, asked, granted, id};

async fn listed(api: &Api, route: &str, filter: Value) -> Vec<Value> {
    let answer = api.post(&format!("/{route}/list"), filter).await.ok();
    answer[route].as_array().unwrap().clone()
}

#[tokio::test]
async fn grants_are_found_by_what_they_are_about() {
    let api = Api::new();
    let (ada, bob) = (api.person("ada").await, api.person("bob").await);
    let first = granted(&api, &ada, "R1", &["101"], &["card"]).await;
    let second = granted(&api, &bob, "R1", &["101"], &["card"]).await;
    let keyed = asked(&api, &bob, &["102"], &["card"], json!({"reservation_key": "R2", "access_grant_key": "K"}));
    let third = api.post("/access_grants/create", keyed).await.ok()["access_grant"].clone();
    let found = async |filter| {
        let grants = listed(&api, "access_grants", filter).await;
        grants.iter().map(id).collect::<Vec<_>>()
    };
    let (first, second, third) = (id(&first), id(&second), id(&third));
    assert_eq!(found(json!({})).await, [first.as_str(), &second, &third]);
    assert_eq!(found(json!({"reservation_key": "R1"})).await, [first.as_str(), &second]);
    assert_eq!(found(json!({"user_identity_id": bob})).await, [second.as_str(), &third]);
    assert_eq!(found(json!({"acs_entrance_id": api.door("102")})).await, [third.as_str()]);
    assert_eq!(found(json!({"access_grant_key": "K"})).await, [third.as_str()]);
    assert_eq!(found(json!({"access_grant_key": null})).await, [first.as_str(), &second]);
    assert_eq!(found(json!({"access_grant_ids": [third, first]})).await, [first.as_str(), &third]);
    assert_eq!(found(json!({"acs_system_id": api.site.acs_system_id})).await.len(), 3);
    assert_eq!(found(json!({"acs_system_id": api.foreign.acs_system_id})).await, [""; 0]);
    assert_eq!(found(json!({"customer_key": "nobody"})).await, [""; 0]);
    assert_eq!(found(json!({"reservation_key": "R1", "user_identity_id": bob})).await, [second.as_str()]);

    let page = api.post("/access_grants/list", json!({"limit": 2})).await.ok();
    let cursor = page["pagination"]["next_page_cursor"].clone();
    let rest = api.post("/access_grants/list", json!({"limit": 2, "page_cursor": cursor})).await.ok();
    assert_eq!(id(&rest["access_grants"][0]), third);
    assert_eq!(rest["pagination"]["has_next_page"], false);
}

#[tokio::test]
async fn methods_are_listed_of_a_grant_or_a_door() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let grant = granted(&api, &ada, "R1", &["101"], &["card", "mobile_key"]).await;
    granted(&api, &ada, "R2", &["102"], &["card"]).await;
    assert_eq!(listed(&api, "access_methods", json!({})).await.len(), 3);
    assert_eq!(listed(&api, "access_methods", json!({"access_grant_id": id(&grant)})).await.len(), 2);
    assert_eq!(listed(&api, "access_methods", json!({"acs_entrance_id": api.door("102")})).await.len(), 1);
    let keyed = asked(&api, &ada, &["103"], &["card"], json!({"reservation_key": "R3", "access_grant_key": "K"}));
    api.post("/access_grants/create", keyed).await.ok();
    assert_eq!(listed(&api, "access_methods", json!({"access_grant_key": "K"})).await.len(), 1);
    for none in [
        json!({"access_grant_key": "nothing"}),
        json!({"access_grant_key": "K", "access_grant_id": id(&grant)}),
        json!({"access_grant_id": crate::api::NOBODY}),
    ] {
        assert_eq!(listed(&api, "access_methods", none.clone()).await.len(), 0, "{none}");
    }
    let both = json!({"access_grant_id": id(&grant), "acs_entrance_id": api.door("102")});
    assert_eq!(listed(&api, "access_methods", both).await.len(), 0);
    let alone = api.post("/access_methods/list", json!({"space_id": api.door("101")})).await;
    assert_eq!(alone.refusal().0, 400);
}

#[tokio::test]
async fn what_belongs_to_a_grant_comes_in_one_answer() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let grant = granted(&api, &ada, "R1", &["101", "Gym"], &["card", "mobile_key"]).await;
    let related = api.post("/access_grants/get_related", json!({"access_grant_ids": [id(&grant)]})).await.ok();
    let batch = related["batch"].as_object().unwrap();
    let count = |kind: &str| batch[kind].as_array().unwrap().len();
    assert_eq!(["acs_entrances", "acs_systems", "user_identities", "access_methods"].map(count), [2, 1, 1, 2]);
    assert_eq!(batch["connected_accounts"][0]["connected_account_id"], batch["acs_systems"][0]["connected_account_id"]);
    assert_eq!(count("connected_accounts"), 1);
    assert_eq!(["spaces", "devices", "acs_access_groups"].map(count), [0; 3]);
    let body = json!({"access_grant_ids": [id(&grant)], "include": ["acs_systems", "spaces"], "exclude": ["spaces"]});
    let only = api.post("/access_grants/get_related", body).await.ok();
    assert_eq!(only["batch"].as_object().unwrap().keys().collect::<Vec<_>>(), ["acs_systems"]);
    let doors = json!({"access_method_ids": grant["access_method_ids"], "include": ["acs_entrances", "access_grants"]});
    let doors = api.post("/access_methods/get_related", doors).await.ok();
    assert_eq!(doors["batch"]["acs_entrances"].as_array().unwrap().len(), 2);
    assert_eq!(doors["batch"]["access_grants"].as_array().unwrap().len(), 1);
    let of_method = json!({"access_method_id": grant["access_method_ids"][0]});
    assert_eq!(api.post("/acs/entrances/list", of_method).await.ok()["acs_entrances"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn nothing_is_unmanaged() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let grant = granted(&api, &ada, "R1", &["101"], &["card"]).await;
    let named = json!({"access_grant_id": id(&grant), "is_managed": true});
    for route in ["get", "update"] {
        let reply = api.post(&format!("/access_grants/unmanaged/{route}"), named.clone()).await;
        assert_eq!(reply.refusal().1, "access_grant_not_found");
    }
    let none = api.post("/access_grants/unmanaged/list", json!({})).await.ok();
    assert_eq!(none["access_grants"], json!([]));
    let none = api.post("/access_methods/unmanaged/list", json!({"access_grant_id": id(&grant)})).await.ok();
    assert_eq!(none["access_methods"], json!([]));
    let method = json!({"access_method_id": grant["access_method_ids"][0]});
    let method = api.post("/access_methods/unmanaged/get", method).await;
    assert_eq!(method.refusal().1, "access_method_not_found");
}
