use serde_json::{Value, json};

use crate::api::{Api, NOBODY};

fn names(reply: &Value) -> Vec<&str> {
    reply["acs_users"].as_array().unwrap().iter().map(|user| user["display_name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn users_are_listed_page_by_page_oldest_first() {
    let api = Api::new();
    for name in ["Ann", "Bea", "Cid"] {
        api.user(name, None).await;
    }
    api.foreign_user().await;
    let first = api.get("/acs/users/list?limit=2").await.ok();
    assert_eq!(names(&first), ["Ann", "Bea"]);
    let url = first["pagination"]["next_page_url"].as_str().unwrap();
    let second = api.get(url).await.ok();
    assert_eq!(names(&second), ["Cid"]);
    assert_eq!(second["pagination"]["has_next_page"], false);
}

#[tokio::test]
async fn filters_combine_with_and() {
    let api = Api::new();
    let body = json!({"full_name": "Ann", "email_address": "ann@example.com"});
    let person = api.post("/user_identities/create", body).await.ok();
    let person = person["user_identity"]["user_identity_id"].as_str().unwrap();
    api.user("Ann", Some(person)).await;
    api.user("Zoe", None).await;
    let ask = async |body: Value| {
        let reply = api.post("/acs/users/list", body).await.ok();
        names(&reply).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ask(json!({"user_identity_id": person})).await, ["Ann"]);
    assert_eq!(ask(json!({"user_identity_email_address": "ann@example.com"})).await, ["Ann"]);
    assert_eq!(ask(json!({"user_identity_phone_number": null})).await, ["Ann"]);
    assert_eq!(ask(json!({"search": "zO"})).await, ["Zoe"]);
    assert_eq!(ask(json!({"created_before": "2031-01-01T00:00:00Z"})).await, ["Ann", "Zoe"]);
    let none: [&str; 0] = [];
    assert_eq!(ask(json!({"user_identity_email_address": null})).await, none);
    assert_eq!(ask(json!({"created_before": "2025-01-01T00:00:00Z"})).await, none);
    assert_eq!(ask(json!({"acs_system_id": NOBODY})).await, none);
    assert_eq!(ask(json!({"user_identity_id": person, "search": "Zoe"})).await, none);
}

#[tokio::test]
async fn a_search_looks_at_the_person_as_well() {
    let api = Api::new();
    let body = json!({"full_name": "Wyntergreen", "phone_number": "+4670WW"});
    let person = api.post("/user_identities/create", body).await.ok()["user_identity"]["user_identity_id"].clone();
    let person = person.as_str().unwrap();
    api.user("Zoe", Some(person)).await;
    api.user("Roy", None).await;
    for search in ["wynter", "+4670w", person, "zOE"] {
        let found = api.post("/acs/users/list", json!({ "search": search })).await.ok();
        assert_eq!(names(&found), ["Zoe"], "{search}");
    }
    let empty = api.post("/acs/users/list", json!({"search": ""})).await;
    assert_eq!(empty.at("search").len(), 1);
}

#[tokio::test]
async fn what_is_not_nullable_may_not_be_null() {
    let api = Api::new();
    let reply = api.post("/acs/users/list", json!({"acs_system_id": null, "created_before": "2030"})).await;
    assert_eq!(reply.at("acs_system_id"), ["Expected string, received null"]);
    assert_eq!(reply.at("created_before"), ["Invalid datetime"]);
}
