use serde_json::json;

use super::generate;
use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn a_link_is_found_by_id_and_by_itself_and_shown_whole_each_time() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let made = generate(&api, &person).await;
    for body in [
        json!({"instant_key_id": made["instant_key_id"]}),
        json!({"instant_key_url": made["instant_key_url"]}),
        json!({"instant_key_url": format!("https://keys.example{}", made["instant_key_url"].as_str().unwrap())}),
    ] {
        assert_eq!(api.post("/instant_keys/get", body).await.ok()["instant_key"], made);
    }
    for body in [json!({}), json!({"instant_key_id": NOBODY, "instant_key_url": "x"})] {
        let reply = api.post("/instant_keys/get", body).await;
        assert_eq!(reply.at(""), ["Provide exactly one of instant_key_id or instant_key_url"]);
    }
}

/// P8. Whoever tries links learns nothing, and what they tried is not repeated.
#[tokio::test]
async fn a_foreign_link_is_an_unknown_one() {
    let api = Api::new();
    let stranger = api.post_there("/user_identities/create", json!({})).await.ok();
    let body = json!({"user_identity_id": stranger["user_identity"]["user_identity_id"]});
    let theirs = api.post_there("/user_identities/generate_instant_key", body).await.ok()["instant_key"].clone();
    for path in ["/instant_keys/get", "/instant_keys/delete"] {
        let mut replies = Vec::new();
        for id in [NOBODY, theirs["instant_key_id"].as_str().unwrap(), "x"] {
            replies.push((id, api.post(path, json!({ "instant_key_id": id })).await));
        }
        assert_all_unknown("instant_key", replies.try_into().unwrap());
    }
    for url in [theirs["instant_key_url"].as_str().unwrap(), "/ik/nothing", "nothing", "/ik/"] {
        let reply = api.post("/instant_keys/get", json!({"instant_key_url": url})).await;
        let message = "instant_key with this link was not found in this workspace";
        assert_eq!(reply.refusal(), (404, "instant_key_not_found", message), "{url}");
    }
}
