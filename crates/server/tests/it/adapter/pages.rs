//! `spec/api.md` 1.10: pages and cursors.

use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Request;
use serde_json::{Value, json};

use super::{get, post, refused, routes, send};

fn ids(answer: &Value) -> Vec<&str> {
    answer["doors"].as_array().unwrap().iter().map(|door| door["door_id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn following_the_cursor_visits_every_row_once() {
    let mut seen = Vec::new();
    let mut body = json!({"limit": 2});
    loop {
        let answer = post("/doors/list", body.clone()).await.json();
        seen.extend(ids(&answer).into_iter().map(str::to_owned));
        let pagination = &answer["pagination"];
        if pagination["has_next_page"] == false {
            let last = json!({"has_next_page": false, "next_page_cursor": null, "next_page_url": null});
            assert_eq!(*pagination, last);
            break;
        }
        body["page_cursor"] = pagination["next_page_cursor"].clone();
    }
    assert_eq!(seen, ["a", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn the_next_address_is_the_same_request_with_its_cursor() {
    let first = Request::builder()
        .uri("/doors/list?limit=4&_strict=true")
        .header("host", "keys.example:8080")
        .header("authorization", "Bearer seam_front_desk1");
    let answer = send(&routes::router(), first.body(Body::empty()).unwrap()).await.json();
    let url = answer["pagination"]["next_page_url"].as_str().unwrap();
    let query = url.strip_prefix("http://keys.example:8080/doors/list?limit=4&page_cursor=").unwrap();
    let answer = get(&format!("/doors/list?limit=4&page_cursor={query}")).await.json();
    assert_eq!(ids(&answer), ["e"]);
}

#[tokio::test]
async fn limits_have_a_default_and_a_silent_cap() {
    assert_eq!(ids(&get("/doors/list").await.json()), ["a", "b", "c"]);
    for limit in ["5", "10001", "99999999999999999999999999"] {
        assert_eq!(ids(&get(&format!("/doors/list?limit={limit}")).await.json()).len(), 5, "{limit}");
    }
    assert_eq!(ids(&get("/doors/list?page_cursor=").await.json()), ["a", "b", "c"]);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_parameters() {
    let answer = post("/doors/list", json!({"limit": 1})).await.json();
    let cursor = &answer["pagination"]["next_page_cursor"];
    let reply = post("/doors/list", json!({"limit": 1, "search": "d", "page_cursor": cursor})).await;
    let message = "A page_cursor continues the request it came from; send the same parameters with it";
    assert_eq!((reply.status.as_u16(), reply.json()), (400, refused("mismatched_page_parameters", message)));
    // Not part of the parameters: order, spelling of the query, unknown names.
    let encoded: String = url::form_urlencoded::byte_serialize(cursor.as_str().unwrap().as_bytes()).collect();
    let reply = get(&format!("/doors/list?unknown=1&page_cursor={encoded}&limit=1")).await;
    assert_eq!(ids(&reply.json()), ["b"]);
}

#[tokio::test]
async fn a_cursor_that_is_not_ours_is_invalid_input() {
    let answer = post("/doors/list", json!({"limit": 1})).await.json();
    let cursor = answer["pagination"]["next_page_cursor"].as_str().unwrap();
    let mut wire: Value = serde_json::from_slice(&STANDARD.decode(cursor).unwrap()).unwrap();
    wire[1]["id"] = json!("d");
    for (cursor, text) in [
        (STANDARD.encode(wire.to_string()), "Invalid page cursor"),
        (STANDARD.encode("[]"), "Invalid page cursor"),
        (STANDARD.encode([0xff, 0xfe]), "Invalid page cursor"),
        (cursor[1..].to_owned(), "Invalid base64"),
        ("not base64!".to_owned(), "Invalid base64"),
    ] {
        let (message, tree) = post("/doors/list", json!({"limit": 1, "page_cursor": cursor})).await.refusal();
        assert_eq!(message, format!("{text} for \"page_cursor\""));
        assert_eq!(tree["page_cursor"], json!({"_errors": [text]}));
    }
}
