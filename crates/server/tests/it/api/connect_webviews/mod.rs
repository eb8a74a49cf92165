mod create;
mod delete;
mod get;
mod list;
mod view;

use serde_json::{Value, json};

use super::{Api, Opened};

/// A new page for these parameters.
pub async fn page(api: &Api, parameters: Value) -> Value {
    api.post("/connect_webviews/create", parameters).await.ok()["connect_webview"].clone()
}

/// The address of a page without what stands before its path.
pub fn target(webview: &Value) -> String {
    let url = webview["url"].as_str().unwrap();
    url[url.find("/connect_webviews/").unwrap()..].to_owned()
}

/// What a sandbox takes (`spec/api.md 4.18`).
pub const JANE: &str = "step=connect&site_name=Hotel+Zenith&username=jane&password=1234&mobile_keys=on&\
                        mobile_access_uuid=1&system_id=1&provider=visionline";

/// Connects the simulated hotel through a new page; answers the page's record.
pub async fn connected(api: &Api, parameters: Value) -> Value {
    let webview = page(api, parameters).await;
    let sent = api.open_page(&target(&webview), Some(JANE)).await;
    assert!(sent.status == 200 || sent.status == 303, "{}", sent.text);
    let id = &webview["connect_webview_id"];
    let after = api.post("/connect_webviews/get", json!({"connect_webview_id": id})).await.ok();
    assert_eq!(after["connect_webview"]["status"], "authorized", "{}", sent.text);
    after["connect_webview"].clone()
}

/// What a page says, for assertions.
#[track_caller]
pub fn says(page: &Opened, text: &str) {
    assert!(page.text.contains(text), "{text} is not in:\n{}", page.text);
}
