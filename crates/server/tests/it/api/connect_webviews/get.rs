use http::Method;
use serde_json::json;

use super::page;
use crate::api::{Api, NOBODY};

#[tokio::test]
async fn a_foreign_webview_looks_like_an_unknown_one() {
    let api = Api::new();
    let webview = page(&api, json!({})).await;
    let id = webview["connect_webview_id"].as_str().unwrap();
    let got = api.get(&format!("/connect_webviews/get?connect_webview_id={id}")).await.ok();
    assert_eq!(got["connect_webview"], webview);
    let foreign = api.post_there("/connect_webviews/get", json!({"connect_webview_id": id})).await;
    let unknown = api.post("/connect_webviews/get", json!({"connect_webview_id": NOBODY})).await;
    assert_eq!(foreign.refusal().0, 404);
    assert_eq!(foreign.refusal().1, "connect_webview_not_found");
    assert_eq!((foreign.refusal().0, foreign.refusal().1), (unknown.refusal().0, unknown.refusal().1));
    let malformed = api.send(super::super::OURS, Method::GET, "/connect_webviews/get?connect_webview_id=7", None).await;
    assert_eq!(malformed.refusal().1, "connect_webview_not_found");
}
