//! Lists that are always empty on Visionline, in their real shape.

use serde_json::json;

use crate::api::Api;

#[tokio::test]
async fn visionline_has_no_access_groups() {
    let api = Api::new();
    let reply = api.get(&format!("/acs/access_groups/list?acs_system_id={}", api.site.acs_system_id)).await.ok();
    assert_eq!(reply, json!({"acs_access_groups": [], "ok": true}));
}
