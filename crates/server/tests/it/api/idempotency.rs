//! The header `Idempotency-Key` over the real table: a request that is sent again changes nothing again (P2).

use std::time::Duration;

use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};

use super::{Api, app::RawReply};

const OURS: &str = "seam_testmeridian_0123456789abcdef";
const THEIRS: &str = "seam_testother_0123456789abcdef";

async fn send(api: &Api, token: &str, key: &str, path: &str, body: &Value) -> RawReply {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(Body::from(body.to_string()));
    api.send_raw(request.unwrap()).await
}

async fn post(api: &Api, key: &str, path: &str, body: &Value) -> RawReply {
    send(api, OURS, key, path, body).await
}

fn jane(api: &Api) -> Value {
    json!({"acs_system_id": api.site.acs_system_id, "full_name": "Jane"})
}

fn is_replayed(reply: &RawReply) -> bool {
    reply.headers.get("idempotency-replayed").is_some_and(|value| value == "true")
}

/// Type and message.
fn refusal(reply: &RawReply) -> (u16, String, String) {
    let json: Value = serde_json::from_slice(&reply.body).unwrap();
    let text = |name: &str| json["error"][name].as_str().unwrap().to_owned();
    (reply.status.as_u16(), text("type"), text("message"))
}

async fn users(api: &Api) -> usize {
    let listed = api.post("/acs/users/list", json!({"acs_system_id": api.site.acs_system_id})).await.ok();
    listed["acs_users"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_request_that_is_sent_again_gets_the_first_answer_byte_for_byte() {
    let api = Api::new();
    let first = post(&api, "a", "/acs/users/create", &jane(&api)).await;
    assert_eq!((first.status.as_u16(), is_replayed(&first)), (200, false));
    // Changed meanwhile: the answer is the first one all the same.
    let id = serde_json::from_slice::<Value>(&first.body).unwrap()["acs_user"]["acs_user_id"].clone();
    api.post("/acs/users/update", json!({"acs_user_id": id, "full_name": "Joan"})).await.ok();
    for _ in 0..2 {
        let again = post(&api, "a", "/acs/users/create", &jane(&api)).await;
        assert_eq!((again.status.as_u16(), is_replayed(&again)), (200, true));
        assert_eq!(again.body, first.body);
    }
    assert_eq!(users(&api).await, 1);
    let other = post(&api, "b", "/acs/users/create", &jane(&api)).await;
    assert!(!is_replayed(&other));
    assert_eq!(users(&api).await, 2);
}

#[tokio::test]
async fn a_route_that_answers_later_is_carried_out_once_too() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let body = json!({
        "acs_user_id": user, "access_method": "card", "allowed_acs_entrance_ids": [api.door("101")],
        "ends_at": "2030-01-03T10:00:00Z", "visionline_metadata": {"override": true},
    });
    let first = post(&api, "a", "/acs/credentials/create", &body).await;
    let again = post(&api, "a", "/acs/credentials/create", &body).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16(), is_replayed(&again)), (200, 200, true));
    assert_eq!(again.body, first.body);
    let listed = api.post("/acs/credentials/list", json!({"acs_user_id": user})).await.ok();
    assert_eq!(listed["acs_credentials"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_refusal_is_repeated_but_one_that_was_never_tried_is_not() {
    let api = Api::new();
    let unknown = json!({"acs_user_id": super::NOBODY, "full_name": "Jane"});
    let first = post(&api, "a", "/acs/users/update", &unknown).await;
    let again = post(&api, "a", "/acs/users/update", &unknown).await;
    assert_eq!((first.status.as_u16(), is_replayed(&again)), (404, true));
    assert_eq!(again.body, first.body);
    // Nothing was tried with parameters that cannot be used, so the key is free.
    let broken = post(&api, "b", "/acs/users/create", &json!({"acs_system_id": api.site.acs_system_id})).await;
    assert_eq!(broken.status.as_u16(), 400);
    assert_eq!(post(&api, "b", "/acs/users/create", &jane(&api)).await.status.as_u16(), 200);
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let api = Api::new();
    let reordered = json!({"full_name": "Jane", "acs_system_id": api.site.acs_system_id});
    let other = json!({"acs_system_id": api.site.acs_system_id, "full_name": "Joan"});
    post(&api, "a", "/acs/users/create", &jane(&api)).await;
    assert!(is_replayed(&post(&api, "a", "/acs/users/create", &reordered).await), "the order does not matter");
    let message = "This Idempotency-Key was used for another request; use a new key for each request";
    let expected = (422, "idempotency_key_reused".to_owned(), message.to_owned());
    assert_eq!(refusal(&post(&api, "a", "/acs/users/create", &other).await), expected);
    let person = json!({"full_name": "Jane"});
    assert_eq!(refusal(&post(&api, "a", "/user_identities/create", &person).await), expected);
    assert_eq!(users(&api).await, 1);
}

#[tokio::test]
async fn a_key_means_nothing_in_another_workspace() {
    let api = Api::new();
    let ours = post(&api, "a", "/user_identities/create", &json!({"full_name": "Jane"})).await;
    let theirs = send(&api, THEIRS, "a", "/user_identities/create", &json!({"full_name": "Jane"})).await;
    assert_eq!((theirs.status.as_u16(), is_replayed(&theirs)), (200, false));
    assert_ne!(ours.body, theirs.body);
}

#[tokio::test]
async fn a_key_is_free_again_after_a_day() {
    let api = Api::new();
    post(&api, "a", "/acs/users/create", &jane(&api)).await;
    api.app.clock.advance(Duration::from_secs(24 * 3600 - 60)).unwrap();
    assert!(is_replayed(&post(&api, "a", "/acs/users/create", &jane(&api)).await));
    api.app.clock.advance(Duration::from_secs(120)).unwrap();
    assert!(!is_replayed(&post(&api, "a", "/acs/users/create", &jane(&api)).await));
    assert_eq!(users(&api).await, 2);
    let kept = api.look(|tx| store::testing::texts(tx, "SELECT id AS text FROM idempotency_keys"));
    assert_eq!(kept.len(), 1, "what has expired is forgotten");
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_in_a_crash_is_not_made_again() {
    let api = Api::new();
    let first = post(&api, "a", "/acs/users/create", &jane(&api)).await;
    let id = serde_json::from_slice::<Value>(&first.body).unwrap()["acs_user"]["acs_user_id"].clone();
    // As a program leaves it that dies between the change and its answer.
    api.change(|tx| store::testing::execute(tx, "UPDATE idempotency_keys SET status = NULL, answer = NULL"));
    let again = post(&api, "a", "/acs/users/create", &jane(&api)).await;
    let json: Value = serde_json::from_slice(&again.body).unwrap();
    assert_eq!((again.status.as_u16(), &json["error"]["type"]), (409, &json!("conflict")));
    assert_eq!(json["error"]["data"], json!({"changed": [{"action": "acs_user.create", "id": id}]}));
    assert_eq!(users(&api).await, 1);
}

#[tokio::test]
async fn what_is_kept_can_be_read_with_the_callers_own_token_only() {
    let api = Api::new();
    post(&api, "secret key", "/acs/users/create", &jane(&api)).await;
    let query = "SELECT id || ' ' || request_hash || ' ' || changed || ' ' || answer AS text FROM idempotency_keys";
    let kept = api.look(|tx| store::testing::texts(tx, query)).concat();
    for secret in ["Jane", "secret key", "acs_user_id"] {
        assert!(!kept.contains(secret), "{kept}");
    }
}

#[tokio::test]
async fn a_header_of_no_use_is_named() {
    let api = Api::new();
    for key in ["", "  ", &"x".repeat(256)] {
        let (status, kind, message) = refusal(&post(&api, key, "/acs/users/create", &jane(&api)).await);
        assert_eq!((status, kind.as_str()), (400, "invalid_input"));
        assert_eq!(message, "The header Idempotency-Key must have 1 to 255 characters");
    }
    assert_eq!(users(&api).await, 0);
}

#[tokio::test]
async fn a_list_is_read_anew_whatever_the_key() {
    let api = Api::new();
    let body = json!({"acs_system_id": api.site.acs_system_id});
    let before = post(&api, "a", "/acs/users/list", &body).await;
    api.user("Jane", None).await;
    let after = post(&api, "a", "/acs/users/list", &body).await;
    assert_ne!(before.body, after.body);
    assert!(!is_replayed(&after));
}
