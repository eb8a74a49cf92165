use serde_json::json;

use super::{page, target};
use crate::api::Api;

#[tokio::test]
async fn a_deleted_webview_opens_nothing_and_is_not_found() {
    let api = Api::new();
    let webview = page(&api, json!({"custom_metadata": {"a": "b"}})).await;
    let body = json!({"connect_webview_id": webview["connect_webview_id"]});
    let foreign = api.post_there("/connect_webviews/delete", body.clone()).await;
    assert_eq!(foreign.refusal().1, "connect_webview_not_found");
    assert_eq!(api.open_page(&target(&webview), None).await.status, 200);
    api.post("/connect_webviews/delete", body.clone()).await.ok();
    assert_eq!(api.open_page(&target(&webview), None).await.status, 404);
    assert_eq!(api.post("/connect_webviews/delete", body.clone()).await.refusal().0, 404);
    assert_eq!(api.post("/connect_webviews/get", body).await.refusal().0, 404);
}
