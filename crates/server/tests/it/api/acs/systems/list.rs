use serde_json::{Value, json};

use crate::api::Api;

fn names(reply: &Value) -> Vec<&str> {
    reply["acs_systems"].as_array().unwrap().iter().map(|system| system["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn all_systems_of_the_workspace_are_listed_and_no_others() {
    let api = Api::new();
    let reply = api.get("/acs/systems/list").await.ok();
    assert_eq!(names(&reply), ["ASSA ABLOY Credential Services", "Hotel Meridian"]);
    assert_eq!(reply.get("pagination"), None);
}

#[tokio::test]
async fn systems_are_searched_by_part_of_name_or_id() {
    let api = Api::new();
    assert_eq!(names(&api.get("/acs/systems/list?search=MERID").await.ok()), ["Hotel Meridian"]);
    let id = api.site.acs_system_id.to_string();
    let reply = api.post("/acs/systems/list", json!({"search": &id[10..]})).await.ok();
    assert!(names(&reply).contains(&"Hotel Meridian"));
    let account = &reply["acs_systems"][0]["connected_account_id"];
    let reply = api.post("/acs/systems/list", json!({"connected_account_id": account})).await.ok();
    assert_eq!(names(&reply).len(), 1);
    assert_eq!(names(&api.get("/acs/systems/list?customer_key=c").await.ok()), [""; 0]);
}

#[tokio::test]
async fn systems_are_found_by_the_customer_whose_account_they_are_of() {
    let api = Api::new();
    let site = api.post("/acs/systems/get", json!({"acs_system_id": api.site.acs_system_id})).await.ok();
    let account = site["acs_system"]["connected_account_id"].clone();
    let change = json!({"connected_account_id": account, "customer_key": "chain"});
    api.post("/connected_accounts/update", change).await.ok();
    assert_eq!(names(&api.get("/acs/systems/list?customer_key=chain").await.ok()), ["Hotel Meridian"]);
    let token = api.session(json!({"customer_key": "chain"})).await;
    assert_eq!(names(&api.post_as(&token, "/acs/systems/list", json!({})).await.ok()), ["Hotel Meridian"]);
    let both = json!({"customer_key": "chain", "search": "credential services"});
    assert_eq!(names(&api.post("/acs/systems/list", both).await.ok()), [""; 0], "filters combine");
}

#[tokio::test]
async fn a_search_of_the_wrong_type_or_length_is_refused() {
    let api = Api::new();
    let reply = api.post("/acs/systems/list", json!({"search": 7})).await;
    assert_eq!(reply.at("search"), ["Expected string, received number"]);
    let reply = api.post("/acs/systems/list", json!({"search": "x".repeat(501)})).await;
    assert_eq!(reply.at("search"), ["String must contain at most 500 character(s)"]);
}
