use serde_json::{Value, json};

use crate::api::{Api, NOBODY};

fn names(reply: &Value) -> Vec<&str> {
    reply["user_identities"].as_array().unwrap().iter().map(|person| person["display_name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn persons_are_listed_page_by_page_oldest_first() {
    let api = Api::new();
    for name in ["Ann", "Bea", "Cid"] {
        api.person(name).await;
    }
    let first = api.get("/user_identities/list?limit=2").await.ok();
    assert_eq!(names(&first), ["Ann", "Bea"]);
    let second = api.get(first["pagination"]["next_page_url"].as_str().unwrap()).await.ok();
    assert_eq!(names(&second), ["Cid"]);
    assert_eq!(second["pagination"]["has_next_page"], false);
}

#[tokio::test]
async fn filters_combine_with_and() {
    let api = Api::new();
    // No text that an id could hold is searched for.
    let (ann, ivy) = (api.person("Ann").await, api.person("Ivy").await);
    api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": ivy})).await.ok();
    let ask = async |body: Value| {
        let reply = api.post("/user_identities/list", body).await.ok();
        names(&reply).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ask(json!({"user_identity_ids": [ann, NOBODY]})).await, ["Ann"]);
    assert_eq!(ask(json!({"credential_manager_acs_system_id": api.site.manager_id})).await, ["Ivy"]);
    assert_eq!(ask(json!({"search": "VY"})).await, ["Ivy"]);
    let none: [&str; 0] = [];
    assert_eq!(ask(json!({"credential_manager_acs_system_id": api.foreign.manager_id})).await, none);
    assert_eq!(ask(json!({"user_identity_ids": []})).await, none);
    assert_eq!(ask(json!({"user_identity_ids": [ann], "search": "VY"})).await, none);
    assert_eq!(ask(json!({"created_before": "2025-06-01T09:00:00Z"})).await, none);
}
