use http::Method;
use serde_json::json;

use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn a_session_is_got_by_id_by_key_and_by_itself() {
    let api = Api::new();
    let made = api.post("/client_sessions/create", json!({"user_identifier_key": "anna"})).await.ok();
    let session = &made["client_session"];
    let by_id = json!({"client_session_id": session["client_session_id"]});
    assert_eq!(api.post("/client_sessions/get", by_id).await.ok()["client_session"], *session);
    let by_key = json!({"user_identifier_key": "anna"});
    assert_eq!(api.post("/client_sessions/get", by_key).await.ok()["client_session"], *session);
    let token = session["token"].as_str().unwrap();
    let own = api.send(token, Method::GET, "/client_sessions/get", None).await.ok();
    assert_eq!(own["client_session"], *session);
}

#[tokio::test]
async fn a_session_that_names_one_is_refused() {
    let api = Api::new();
    let made = api.post("/client_sessions/create", json!({"user_identifier_key": "anna"})).await.ok();
    let (session, token) = (&made["client_session"], made["client_session"]["token"].as_str().unwrap());
    for body in [
        json!({"client_session_id": session["client_session_id"]}),
        json!({"client_session_id": NOBODY}),
        json!({"user_identifier_key": "anna"}),
    ] {
        let reply = api.post_as(token, "/client_sessions/get", body).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (400, "invalid_options"));
    }
}

#[tokio::test]
async fn foreign_sessions_are_unknown() {
    let api = Api::new();
    let theirs = api.post_there("/client_sessions/create", json!({})).await.ok();
    let theirs = theirs["client_session"]["client_session_id"].as_str().unwrap();
    let get = async |id: &str| api.post("/client_sessions/get", json!({"client_session_id": id})).await;
    let replies = [(NOBODY, get(NOBODY).await), (theirs, get(theirs).await), ("x", get("x").await)];
    assert_all_unknown("client_session", replies);
}
