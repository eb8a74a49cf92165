//! `spec/api.md` 1.2, 1.3, 1.6: which verbs a route takes, and in which order a request is checked.

use axum::body::Body;
use http::{Method, Request};
use serde_json::json;

use super::{Reply, ask, get, post, refused, routes, send};

async fn raw(method: Method, target: &str, content_type: Option<&str>, body: impl Into<Body>) -> Reply {
    let mut request = Request::builder().method(method).uri(target).header("authorization", "Bearer seam_front_desk1");
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    send(&routes::router(), request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn every_kind_takes_the_union_of_the_sdks_verbs() {
    let all = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    for (path, accepted) in [
        ("/doors/get", vec![Method::GET, Method::POST]),
        ("/doors/create", vec![Method::POST]),
        ("/doors/update", vec![Method::PATCH, Method::POST, Method::PUT]),
        ("/doors/put", vec![Method::PUT, Method::POST, Method::PATCH]),
        ("/doors/delete", vec![Method::DELETE, Method::POST]),
    ] {
        let body = json!({"door_id": "a", "acs_entrance_id": "2f5c1a9e-0d63-4f4e-9a51-6c1f6f3d2b10"});
        for method in &all {
            let reply = ask(method.clone(), path, Some(body.clone())).await;
            let expected = if accepted.contains(method) { 200 } else { 405 };
            assert_eq!(reply.status, expected, "{method} {path}: {}", reply.text);
        }
    }
}

#[tokio::test]
async fn a_wrong_verb_is_told_the_right_ones() {
    let reply = ask(Method::DELETE, "/doors/update", None).await;
    assert_eq!(reply.status, 405);
    assert_eq!(reply.header("allow"), "PATCH, POST, PUT");
    let message = "DELETE is not accepted here; use PATCH or POST or PUT";
    assert_eq!(reply.json(), refused("method_not_allowed", message));
}

#[tokio::test]
async fn get_and_delete_may_carry_a_body_and_it_wins_over_the_query() {
    let reply = ask(Method::GET, "/doors/filter?name=query&is_open=true", Some(json!({"name": "body"}))).await;
    assert_eq!(reply.echo(), json!({"name": "body", "is_open": true}));
    assert_eq!(ask(Method::DELETE, "/doors/delete", Some(json!({"door_id": "a"}))).await.status, 200);
    assert_eq!(ask(Method::DELETE, "/doors/delete?door_id=a", None).await.status, 200);
    let reply = post("/doors/filter?is_open=no", json!({"name": "body"})).await;
    assert_eq!(reply.echo(), json!({"is_open": false, "name": "body"}));
}

#[tokio::test]
async fn authentication_comes_before_the_verb_and_the_verb_before_the_parameters() {
    let anonymous = |method: Method, path: &str| Request::builder().method(method).uri(path).body(Body::empty());
    let reply = send(&routes::router(), anonymous(Method::DELETE, "/doors/create").unwrap()).await;
    assert_eq!(reply.status, 401);
    assert_eq!(reply.json(), refused("unauthorized", "Send an API key"));
    assert_eq!(ask(Method::DELETE, "/doors/create", Some(json!({"name": 1}))).await.status, 405);
    assert_eq!(post("/doors/create", json!({"name": 1})).await.status, 400);
}

#[tokio::test]
async fn an_unknown_path_is_not_found_even_without_a_key() {
    let request = Request::builder().method(Method::POST).uri("/doors/unknown").body(Body::empty()).unwrap();
    let reply = send(&routes::router(), request).await;
    assert_eq!(reply.status, 404);
    assert_eq!(reply.json(), refused("not_found", "No route answers POST /doors/unknown"));
}

#[tokio::test]
async fn sessions_open_only_the_routes_marked_for_them() {
    let with_session = |path: &str| {
        let request = Request::builder().uri(path).header("authorization", "Bearer seam_cst1abc_def");
        request.body(Body::empty()).unwrap()
    };
    assert_eq!(send(&routes::router(), with_session("/doors/filter")).await.status, 200);
    let reply = send(&routes::router(), with_session("/doors/get?door_id=a")).await;
    assert_eq!(reply.status, 401);
    assert_eq!(reply.json()["error"]["type"], "unauthorized");
}

#[tokio::test]
async fn a_body_needs_a_json_content_type_unless_it_is_empty() {
    let reply = raw(Method::POST, "/doors/filter", Some("text/plain"), "{}").await;
    let message = "A request body needs the content type application/json";
    assert_eq!((reply.status.as_u16(), reply.json()), (400, refused("invalid_content_type", message)));
    assert_eq!(raw(Method::PATCH, "/doors/update", None, "{}").await.status, 400);
    assert_eq!(raw(Method::POST, "/doors/filter", None, "").await.echo(), json!({}));
    assert_eq!(raw(Method::POST, "/doors/filter", Some("application/json"), "").await.echo(), json!({}));
    let charset = raw(Method::POST, "/doors/filter", Some("Application/JSON; charset=utf-8"), "{\"name\":\"x\"}").await;
    assert_eq!(charset.echo(), json!({"name": "x"}));
}

#[tokio::test]
async fn broken_json_is_answered_in_the_envelope() {
    for body in ["{", "{\"name\": }", "nonsense", "{\"name\": \"\\ud800\"}", "{\"limit\": 1e999}"] {
        let reply = raw(Method::POST, "/doors/filter", Some("application/json"), body).await;
        let (message, tree) = reply.refusal();
        assert!(message.starts_with("The request body is not valid JSON: "), "{message}");
        assert_eq!(tree, json!({"_errors": [message]}));
    }
    let (message, _) = raw(Method::POST, "/doors/filter", Some("application/json"), "[1]").await.refusal();
    assert_eq!(message, "Expected object, received array");
}

#[tokio::test]
async fn bodies_that_are_too_large_or_too_deep_are_refused() {
    let large = json!({"name": "x".repeat(1024 * 1024)});
    let reply = post("/doors/filter", large).await;
    assert_eq!(reply.status, 413);
    assert_eq!(reply.json(), refused("payload_too_large", "The request body is larger than 1048576 bytes"));
    let deep = format!("{{\"detail\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(raw(Method::POST, "/doors/create", Some("application/json"), deep).await.status, 400);
}

#[tokio::test]
async fn the_path_of_the_public_address_is_taken_off() {
    let mut settings = routes::settings();
    settings.public_url = Some("https://keys.example/seam".parse().unwrap());
    let router = innkeep_server::adapter::router(routes::table(), settings).unwrap();
    for (target, status) in [
        ("/seam/doors/get?door_id=a", 200),
        ("/doors/get?door_id=a", 200),
        ("/seamdoors/get?door_id=a", 404),
        ("/seam/health", 200),
    ] {
        let request = Request::builder().uri(target).header("authorization", "Bearer seam_front_desk1");
        let reply = send(&router, request.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, status, "{target}");
    }
}

#[tokio::test]
async fn a_malformed_reference_is_unknown_and_not_invalid() {
    let reply = get("/doors/get?door_id=not-a-uuid").await;
    assert_eq!(reply.status, 404);
    assert_eq!(
        reply.json(),
        json!({"error": {"type": "door_not_found", "message": "There is no such door", "data": {"door_id": "not-a-uuid"}}, "ok": false})
    );
}
