use http::Method;
use serde_json::json;

use crate::api::{Api, NOBODY};

const PATH: &str = "/user_identities/add_acs_user";

#[tokio::test]
async fn a_user_is_linked_and_linking_again_changes_nothing() {
    let api = Api::new();
    let (person, user) = (api.person("person").await, api.user("Jane", None).await);
    let body = json!({"acs_user_id": user, "user_identity_id": person});
    for method in [Method::PUT, Method::POST] {
        let reply = api.send("seam_testmeridian_0123456789abcdef", method, PATH, Some(body.clone())).await.ok();
        assert_eq!(reply, json!({"ok": true}));
    }
    let reply = api.get(&format!("/user_identities/get?user_identity_id={person}")).await.ok();
    assert_eq!(reply["user_identity"]["acs_user_ids"], json!([user]));
}

#[tokio::test]
async fn an_unknown_key_makes_a_person_from_the_users_data() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    api.post(PATH, json!({"acs_user_id": user, "user_identity_key": "jane"})).await.ok();
    let reply = api.get("/user_identities/get?user_identity_key=jane").await.ok();
    assert_eq!(reply["user_identity"]["full_name"], "Jane");
    assert_eq!(reply["user_identity"]["acs_user_ids"], json!([user]));
}

#[tokio::test]
async fn the_person_is_named_in_exactly_one_way() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let text = "Provide exactly one of user_identity_id or user_identity_key";
    for body in [
        json!({"acs_user_id": user}),
        json!({"acs_user_id": user, "user_identity_id": NOBODY, "user_identity_key": "jane"}),
    ] {
        assert_eq!(api.post(PATH, body).await.at(""), [text]);
    }
}

#[tokio::test]
async fn unknown_foreign_and_taken_ones_are_refused() {
    let api = Api::new();
    let (person, other) = (api.person("person").await, api.person("other").await);
    let (user, stranger) = (api.user("Jane", Some(&person)).await, api.foreign_user().await);
    for id in [NOBODY, &stranger] {
        let reply = api.post(PATH, json!({"acs_user_id": id, "user_identity_id": person})).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (404, "acs_user_not_found"));
    }
    let reply = api.post(PATH, json!({"acs_user_id": user, "user_identity_id": NOBODY})).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (404, "user_identity_not_found"));
    let reply = api.post(PATH, json!({"acs_user_id": user, "user_identity_id": other})).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (409, "conflict"));
    let reply = api.post(PATH, json!({"acs_user_id": "x", "user_identity_id": person})).await;
    assert_eq!(reply.at("acs_user_id"), ["Invalid uuid"]);
}
