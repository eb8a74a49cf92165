use serde_json::{Value, json};

use crate::api::{Api, NOBODY};

fn ids(reply: &Value) -> Vec<String> {
    reply["acs_credentials"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["acs_credential_id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn credentials_are_listed_page_by_page_oldest_first() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let cards = [api.card(&user, &["101"]).await, api.card(&user, &["102"]).await, api.card(&user, &["103"]).await];
    let first = api.post("/acs/credentials/list", json!({"limit": 2})).await.ok();
    assert_eq!(ids(&first), cards[..2]);
    let second = api.get(first["pagination"]["next_page_url"].as_str().unwrap()).await.ok();
    assert_eq!(ids(&second), cards[2..]);
    assert_eq!(second["pagination"], json!({"has_next_page": false, "next_page_cursor": null, "next_page_url": null}));
}

#[tokio::test]
async fn filters_combine_with_and() {
    let api = Api::new();
    let person = api.person("person").await;
    let (jane, john) = (api.user("Jane", Some(&person)).await, api.user("John", None).await);
    let (of_jane, of_john) = (api.card(&jane, &["101"]).await, api.card(&john, &["102"]).await);
    let ask = async |body: Value| ids(&api.post("/acs/credentials/list", body).await.ok());
    assert_eq!(ask(json!({"acs_user_id": jane})).await, std::slice::from_ref(&of_jane));
    assert_eq!(ask(json!({"user_identity_id": person})).await, std::slice::from_ref(&of_jane));
    assert_eq!(ask(json!({"search": "john"})).await, std::slice::from_ref(&of_john));
    assert_eq!(ask(json!({"is_multi_phone_sync_credential": false})).await, [of_jane, of_john]);
    let none: [&str; 0] = [];
    assert_eq!(ask(json!({"is_multi_phone_sync_credential": true})).await, none);
    assert_eq!(ask(json!({"acs_user_id": jane, "search": "john"})).await, none);
    assert_eq!(ask(json!({"acs_system_id": NOBODY})).await, none);
    assert_eq!(ask(json!({"acs_system_id": api.foreign.acs_system_id})).await, none);
    assert_eq!(ask(json!({"created_before": "2025-01-01T00:00:00Z"})).await, none);
}

#[tokio::test]
async fn a_search_looks_at_doors_numbers_and_owners() {
    let api = Api::new();
    let user = api.user("Jørgen", None).await;
    let (room, suite) = (api.card(&user, &["101"]).await, api.card(&user, &["102", "Gym"]).await);
    let ask = async |search: &str| ids(&api.post("/acs/credentials/list", json!({ "search": search })).await.ok());
    assert_eq!(ask("gYM").await, std::slice::from_ref(&suite));
    assert_eq!(ask(&room).await, std::slice::from_ref(&room));
    for of_both in [user.as_str(), &user[..30], "rgen"] {
        assert_eq!(ask(of_both).await, [room.clone(), suite.clone()], "{of_both}");
    }
    assert_eq!(ask("g%m").await, [""; 0], "wildcards stand for themselves");
    let empty = api.post("/acs/credentials/list", json!({"search": ""})).await;
    assert_eq!(empty.at("search").len(), 1);
}

#[tokio::test]
async fn wrong_types_are_named() {
    let api = Api::new();
    let reply = api.get("/acs/credentials/list?is_multi_phone_sync_credential=maybe").await;
    assert_eq!(reply.at("is_multi_phone_sync_credential"), ["Expected boolean, received string"]);
}
