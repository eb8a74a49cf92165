use serde_json::{Value, json};

use crate::api::{Api, NOBODY};

fn names(reply: &Value) -> Vec<String> {
    reply["acs_entrances"]
        .as_array()
        .unwrap()
        .iter()
        .map(|door| door["display_name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let api = Api::new();
    let whole = api.get("/acs/entrances/list").await.ok();
    assert_eq!(names(&whole), ["101", "102", "103", "Gym", "Pool"]);
    assert_eq!(whole["pagination"], json!({"has_next_page": false, "next_page_cursor": null, "next_page_url": null}));
    let mut seen = Vec::new();
    let mut body = json!({"limit": 2});
    loop {
        let page = api.post("/acs/entrances/list", body.clone()).await.ok();
        seen.push(names(&page));
        body["page_cursor"] = page["pagination"]["next_page_cursor"].clone();
        if page["pagination"]["has_next_page"] == false {
            break;
        }
    }
    assert_eq!(seen, [vec!["101", "102"], vec!["103", "Gym"], vec!["Pool"]]);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_request() {
    let api = Api::new();
    let page = api.get("/acs/entrances/list?limit=2").await.ok();
    let cursor = page["pagination"]["next_page_cursor"].clone();
    let reply = api.post("/acs/entrances/list", json!({"limit": 3, "page_cursor": cursor})).await;
    assert_eq!(reply.refusal().1, "mismatched_page_parameters");
    let reply = api.post("/acs/entrances/list", json!({"page_cursor": "AAAA"})).await;
    assert_eq!(reply.at("page_cursor"), ["Invalid page cursor"]);
}

#[tokio::test]
async fn filters_combine_with_and() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let card = api.card(&user, &["102", "Gym"]).await;
    let account = api.get("/acs/entrances/list?limit=1").await.ok()["acs_entrances"][0]["connected_account_id"].clone();
    let ask = async |body: Value| names(&api.post("/acs/entrances/list", body).await.ok());
    assert_eq!(ask(json!({"acs_credential_id": card})).await, ["102", "Gym"]);
    assert_eq!(ask(json!({"acs_credential_id": card, "search": "gY"})).await, ["Gym"]);
    assert_eq!(ask(json!({"acs_entrance_ids": [api.door("103"), NOBODY]})).await, ["103"]);
    assert_eq!(ask(json!({"connected_account_id": account, "search": "10"})).await, ["101", "102", "103"]);
    assert_eq!(ask(json!({"location_id": null, "search": "Pool"})).await, ["Pool"]);
    let none: [&str; 0] = [];
    for body in [
        json!({"acs_entrance_ids": []}),
        json!({"acs_system_id": api.foreign.acs_system_id}),
        json!({"acs_entrance_ids": [api.foreign.doors["101"]]}),
        json!({"acs_credential_id": NOBODY}),
        json!({"connected_account_id": account, "acs_system_id": api.site.manager_id}),
        json!({"connected_account_id": NOBODY}),
        json!({"space_id": NOBODY}),
        json!({"location_id": NOBODY}),
        json!({"access_grant_id": NOBODY}),
        json!({"access_method_id": NOBODY}),
        json!({"customer_key": "c"}),
        json!({"search": "%"}),
    ] {
        assert_eq!(ask(body.clone()).await, none, "{body}");
    }
}

#[tokio::test]
async fn wrong_types_are_named() {
    let api = Api::new();
    let reply = api.post("/acs/entrances/list", json!({"acs_entrance_ids": 4, "limit": "many"})).await;
    assert_eq!(reply.at("acs_entrance_ids"), ["Expected array, received number"]);
    assert_eq!(reply.at("limit"), ["Expected number, received string"]);
}
