use serde_json::{Value, json};

use crate::{
    api::{Api, NOBODY},
    cards::desk::Desk,
};

const PATH: &str = "/user_identities/merge";

/// A person with these members.
async fn person(api: &Api, body: Value) -> String {
    let made = api.post("/user_identities/create", body).await.ok();
    made["user_identity"]["user_identity_id"].as_str().unwrap().to_owned()
}

async fn get(api: &Api, body: Value) -> Value {
    api.post("/user_identities/get", body).await.ok()["user_identity"].clone()
}

#[tokio::test]
async fn old_ids_and_keys_keep_resolving() {
    let api = Api::new();
    let stays = person(&api, json!({"user_identity_key": "jane", "full_name": "Jane"})).await;
    let goes = person(&api, json!({"user_identity_key": "jane-2", "email_address": "jane@example.com"})).await;
    let body = json!({"user_identity_id": stays, "merged_user_identity_ids": [goes]});
    assert_eq!(api.post(PATH, body.clone()).await.ok(), json!({"ok": true}));

    let merged = get(&api, json!({"user_identity_id": stays})).await;
    assert_eq!(merged["email_address"], "jane@example.com", "what was missing is taken over");
    assert_eq!(merged["merged_user_identity_ids"], json!([goes]));
    assert_eq!(merged["merged_user_identity_keys"], json!(["jane-2"]));
    for by in [json!({"user_identity_id": goes}), json!({"user_identity_key": "jane-2"})] {
        assert_eq!(get(&api, by).await, merged);
    }
    let listed = api.get("/user_identities/list").await.ok();
    assert_eq!(listed["user_identities"], json!([merged]));
    // The old id works wherever a person is named.
    let user = api.user("Jane", Some(&goes)).await;
    for id in [&stays, &goes] {
        let users = api.get(&format!("/acs/users/list?user_identity_id={id}")).await.ok();
        assert_eq!(users["acs_users"][0]["acs_user_id"], user.as_str());
        assert_eq!(users["acs_users"][0]["user_identity_id"], stays.as_str());
    }
    assert_eq!(api.post(PATH, body).await.ok(), json!({"ok": true}), "again changes nothing");
    let taken = api.post("/user_identities/create", json!({"user_identity_key": "jane-2"})).await;
    assert_eq!(taken.refusal().1, "conflict", "the key still means somebody");
}

#[tokio::test]
async fn whoever_was_merged_before_follows() {
    let api = Api::new();
    for key in ["a", "b", "c"] {
        person(&api, json!({ "user_identity_key": key })).await;
    }
    for (stays, goes) in [("b", "a"), ("c", "b")] {
        let body = json!({"user_identity_key": stays, "merged_user_identity_keys": [goes]});
        api.post(PATH, body).await.ok();
    }
    let last = get(&api, json!({"user_identity_key": "c"})).await;
    assert_eq!(get(&api, json!({"user_identity_key": "a"})).await, last);
    assert_eq!(last["merged_user_identity_keys"].as_array().unwrap().len(), 2);
    // Once the person is gone, nobody is left and the keys are free.
    api.post("/user_identities/delete", json!({"user_identity_id": last["user_identity_id"]})).await.ok();
    let gone = api.post("/user_identities/get", json!({"user_identity_key": "a"})).await;
    assert_eq!(gone.refusal().1, "user_identity_not_found");
    person(&api, json!({"user_identity_key": "a"})).await;
}

#[tokio::test]
async fn phones_and_keys_of_both_records_open_the_same_door() {
    let desk = Desk::open().await;
    let (key, phone) = desk.phone(&["101"], json!({"override": true})).await;
    desk.wait_until_issued(&key).await;
    assert_eq!(desk.hold(&phone, "101"), "guest");
    let owner = desk.credential(&key).await["user_identity_id"].as_str().unwrap().to_owned();
    let other = desk.api.person("The same").await;
    let made = desk.api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": other})).await.ok();
    let endpoints = &made["phone"]["properties"]["assa_abloy_credential_service_metadata"]["endpoints"];
    let second = endpoints[0]["endpoint_id"].as_str().unwrap();
    assert_eq!(desk.hold(second, "101"), "no_key");

    // The record without a user stays: the user, the key and the first phone change hands.
    let body = json!({"user_identity_id": other, "merged_user_identity_ids": [owner]});
    desk.api.post(PATH, body).await.ok();
    desk.until("the second phone has a key", || async {
        let children = desk.api.get(&format!("/acs/credentials/list?user_identity_id={other}")).await.ok();
        let issued = |credential: &&Value| credential["is_issued"] == true;
        (children["acs_credentials"].as_array().unwrap().iter().filter(issued).count() == 3).then_some(())
    })
    .await;
    // P3: neither evicts the other.
    for _ in 0..2 {
        assert_eq!(desk.hold(second, "101"), "guest");
        assert_eq!(desk.hold(&phone, "101"), "guest");
    }
}

#[tokio::test]
async fn the_session_of_a_merged_person_goes_on() {
    let api = Api::new();
    let (stays, goes) = (api.person("Jane").await, api.person("Jane too").await);
    let token = api.session(json!({"user_identity_id": goes})).await;
    api.post(PATH, json!({"user_identity_id": stays, "merged_user_identity_ids": [goes]})).await.ok();
    let seen = api.post_as(&token, "/user_identities/list", json!({})).await.ok();
    assert_eq!(seen["user_identities"][0]["user_identity_id"], stays.as_str());
}

#[tokio::test]
async fn two_users_of_one_system_are_not_merged_and_nothing_else_is() {
    let api = Api::new();
    let (stays, free, goes) = (api.person("Jane").await, api.person("Free").await, api.person("Jane too").await);
    let (first, second) = (api.user("Jane", Some(&stays)).await, api.user("Jane too", Some(&goes)).await);
    let body = json!({"user_identity_id": stays, "merged_user_identity_ids": [free, goes]});
    let reply = api.post(PATH, body).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (409, "conflict"));
    assert!(reply.refusal().2.contains(&second), "{reply:?}");
    for (person, users) in [(&stays, json!([first])), (&free, json!([])), (&goes, json!([second]))] {
        let shown = get(&api, json!({ "user_identity_id": person })).await;
        assert_eq!((&shown["user_identity_id"], &shown["acs_user_ids"]), (&json!(person), &users));
    }
}

#[tokio::test]
async fn the_two_ways_to_name_persons_are_not_mixed() {
    let api = Api::new();
    let jane = api.person("Jane").await;
    let text = "Provide either user_identity_id and merged_user_identity_ids, or user_identity_key and \
                merged_user_identity_keys";
    for body in [
        json!({}),
        json!({"user_identity_id": jane}),
        json!({"user_identity_id": jane, "merged_user_identity_keys": ["x"]}),
        json!({"user_identity_id": jane, "user_identity_key": "jane", "merged_user_identity_ids": [NOBODY]}),
    ] {
        assert_eq!(api.post(PATH, body).await.at(""), [text]);
    }
    let itself = api.post(PATH, json!({"user_identity_id": jane, "merged_user_identity_ids": [jane]})).await;
    assert_eq!(itself.at("merged_user_identity_ids").len(), 1);
    let none = api.post(PATH, json!({"user_identity_id": jane, "merged_user_identity_ids": []})).await;
    assert_eq!(none.at("merged_user_identity_ids").len(), 1);
}

#[tokio::test]
async fn a_foreign_person_is_an_unknown_one() {
    let api = Api::new();
    let jane = api.person("Jane").await;
    let there = api.post_there("/user_identities/create", json!({"user_identity_key": "theirs"})).await.ok();
    let foreign = there["user_identity"]["user_identity_id"].as_str().unwrap();
    for id in [NOBODY, foreign] {
        for (stays, goes) in [(id, jane.as_str()), (&jane, id)] {
            let body = json!({"user_identity_id": stays, "merged_user_identity_ids": [goes]});
            let reply = api.post(PATH, body).await;
            assert_eq!((reply.refusal().0, reply.refusal().1), (404, "user_identity_not_found"));
        }
    }
    let theirs = api.post_there("/user_identities/get", json!({"user_identity_key": "theirs"})).await.ok();
    assert_eq!(theirs, there, "untouched");
}
