//! How a token of a session comes in, and what is said when it does not open (`spec/api.md 1.7`, 1.8).

use std::time::Duration;

use http::Method;
use serde_json::json;

use crate::api::{Api, OURS};

async fn workspace_with(api: &Api, headers: &[(&str, &str)]) -> crate::api::Reply {
    api.send_with(headers, Method::GET, "/workspaces/get", None).await
}

#[tokio::test]
async fn a_token_comes_as_bearer_or_in_either_header_of_its_own() {
    let api = Api::new();
    let token = api.session(json!({})).await;
    let bearer = format!("Bearer {token}");
    for headers in [
        vec![("authorization", bearer.as_str())],
        vec![("seam-client-session-token", token.as_str())],
        vec![("client-session-token", token.as_str())],
        vec![("authorization", bearer.as_str()), ("client-session-token", token.as_str())],
    ] {
        workspace_with(&api, &headers).await.ok();
    }
}

/// Open question 32: the narrower right decides.
#[tokio::test]
async fn the_session_header_wins_over_an_api_key() {
    let api = Api::new();
    let token = api.session(json!({})).await;
    let bearer = format!("Bearer {OURS}");
    let both = [("authorization", bearer.as_str()), ("seam-client-session-token", token.as_str())];
    let reply = api.send_with(&both, Method::GET, "/phones/list", None).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (401, "unauthorized"));
    api.send_with(&both[..1], Method::GET, "/phones/list", None).await.ok();
}

#[tokio::test]
async fn something_else_in_a_session_header_is_said_to_be_no_token() {
    let api = Api::new();
    let reply = workspace_with(&api, &[("client-session-token", OURS)]).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (400, "invalid_client_session_token"));
}

#[tokio::test]
async fn unknown_and_expired_tokens_are_told_apart_and_open_nothing() {
    let api = Api::new();
    let token = api.session(json!({"expires_at": "2025-06-01T11:00:00Z"})).await;
    let wrong = format!("{}{}", &token[..token.len() - 1], if token.ends_with('0') { "1" } else { "0" });
    for unknown in [wrong.as_str(), "seam_cst1abc_def", "seam_cst", "seam_cst1_"] {
        let reply = workspace_with(&api, &[("client-session-token", unknown)]).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (401, "client_session_not_found"), "{unknown}");
    }
    workspace_with(&api, &[("client-session-token", &token)]).await.ok();
    api.app.clock.advance(Duration::from_secs(3600)).unwrap();
    let reply = workspace_with(&api, &[("client-session-token", &token)]).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (401, "client_session_expired"));
}
