use serde_json::{Value, json};

use crate::api::{Api, NOBODY};

fn ids(reply: &Value) -> Vec<Value> {
    reply["phones"].as_array().unwrap().iter().map(|phone| phone["device_id"].clone()).collect()
}

#[tokio::test]
async fn phones_are_listed_by_owner() {
    let api = Api::new();
    let (jane, john) = (api.person("Jane").await, api.person("John").await);
    let mut made = Vec::new();
    for owner in [&jane, &john] {
        let reply = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": owner})).await.ok();
        made.push(reply["phone"]["device_id"].clone());
    }
    assert_eq!(ids(&api.get("/phones/list").await.ok()), made);
    let of_john = api.get(&format!("/phones/list?owner_user_identity_id={john}")).await.ok();
    assert_eq!(ids(&of_john), made[1..]);
    let of_nobody = api.get(&format!("/phones/list?owner_user_identity_id={NOBODY}")).await.ok();
    assert_eq!(of_nobody, json!({"phones": [], "ok": true}));
}

#[tokio::test]
async fn an_unknown_credential_is_on_no_phone() {
    let api = Api::new();
    let jane = api.person("Jane").await;
    api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": jane})).await.ok();
    let reply = api.post("/phones/list", json!({"acs_credential_id": NOBODY})).await.ok();
    assert_eq!(ids(&reply), Vec::<Value>::new());
    assert_eq!(api.get("/phones/list?acs_credential_id=x").await.at("acs_credential_id"), ["Invalid uuid"]);
}
