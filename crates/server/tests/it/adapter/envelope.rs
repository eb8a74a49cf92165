//! `spec/api.md` 1.5 to 1.8 and 1.17: envelopes, headers, browsers.

use axum::body::Body;
use http::{Method, Request};
use serde_json::json;

use super::{Reply, ask, get, post, refused, routes, send};

async fn from_browser(method: Method, target: &str) -> Reply {
    let request = Request::builder()
        .method(method)
        .uri(target)
        .header("origin", "https://guest.example")
        .header("authorization", "Bearer seam_front_desk1");
    send(&routes::router(), request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn an_answer_carries_ok_and_says_that_it_is_json() {
    let reply = get("/doors/get?door_id=a").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.text, r#"{"door":{"door_id":"a","name":null},"ok":true}"#);
    assert_eq!(reply.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(post("/doors/delete", json!({"door_id": "a"})).await.text, r#"{"ok":true}"#);
}

#[tokio::test]
async fn every_response_has_a_request_id() {
    for (method, target, status) in [
        (Method::GET, "/doors/get?door_id=a", 200),
        (Method::OPTIONS, "/anything", 200),
        (Method::GET, "/doors/get", 400),
        (Method::GET, "/doors/get?door_id=z", 404),
        (Method::GET, "/unknown", 404),
        (Method::PUT, "/doors/get", 405),
        (Method::POST, "/doors/panic", 500),
        (Method::GET, "/health", 200),
        (Method::GET, "/openapi.json", 200),
        (Method::GET, "/teapot", 405),
        (Method::POST, "/teapot", 418),
    ] {
        let reply = ask(method.clone(), target, None).await;
        assert_eq!(reply.status, status, "{method} {target}");
        assert_eq!(reply.header("seam-request-id"), "request-0", "{method} {target}");
    }
}

#[tokio::test]
async fn a_panic_is_an_internal_error_without_its_reason() {
    let message = "Something went wrong on our side. Give the request id to whoever runs this server.";
    for path in ["/doors/panic", "/doors/break"] {
        let reply = post(path, json!({})).await;
        assert_eq!(reply.status, 500);
        assert_eq!(reply.json(), refused("internal_server_error", message));
        assert_eq!(reply.header("content-type"), "application/json; charset=utf-8");
    }
}

#[tokio::test]
async fn an_error_may_carry_a_title() {
    let reply = post("/doors/conflict", json!({})).await;
    assert_eq!(reply.status, 409);
    assert_eq!(
        reply.json(),
        json!({"error": {"type": "conflict", "message": "The key is taken", "title": "Taken"}, "ok": false})
    );
}

#[tokio::test]
async fn the_error_envelope_covers_paths_outside_the_table() {
    let reply = get("/teapot").await;
    assert_eq!(reply.header("allow"), "POST");
    let message = "GET is not accepted here; the header allow names the accepted verbs";
    assert_eq!(reply.json(), refused("method_not_allowed", message));
}

#[tokio::test]
async fn health_needs_no_key() {
    let request = Request::builder().uri("/health").body(Body::empty()).unwrap();
    assert_eq!(send(&routes::router(), request).await.json(), json!({"ok": true}));
}

#[tokio::test]
async fn a_preflight_is_answered_on_any_path() {
    let reply = from_browser(Method::OPTIONS, "/no/such/path").await;
    assert_eq!((reply.status.as_u16(), reply.text.as_str()), (200, ""));
    assert_eq!(reply.header("access-control-allow-origin"), "https://guest.example");
    assert_eq!(reply.header("access-control-allow-credentials"), "true");
    assert_eq!(reply.header("access-control-allow-methods"), "GET, POST, PUT, PATCH, DELETE, OPTIONS");
    for name in ["authorization", "client-session-token", "seam-api-key", "seam-workspace", "x-csrf-token"] {
        assert!(reply.header("access-control-allow-headers").split(", ").any(|allowed| allowed == name), "{name}");
    }
}

#[tokio::test]
async fn a_page_may_read_answers_and_errors() {
    for target in ["/doors/get?door_id=a", "/doors/get", "/unknown"] {
        let reply = from_browser(Method::GET, target).await;
        assert_eq!(reply.header("access-control-allow-origin"), "https://guest.example", "{target}");
        assert_eq!(reply.header("vary"), "origin");
        assert_eq!(reply.header("access-control-expose-headers"), "seam-request-id, idempotency-replayed");
    }
    assert_eq!(get("/doors/get?door_id=a").await.header("access-control-allow-origin"), "");
}
