//! Lists that are always empty on Visionline, in their real shape.

use serde_json::json;

use crate::api::Api;

#[tokio::test]
async fn visionline_has_no_access_groups() {
    let api = Api::new();
    let reply = api.get(&format!("/acs/access_groups/list?acs_system_id={}", api.site.acs_system_id)).await.ok();
    assert_eq!(reply, json!({"acs_access_groups": [], "ok": true}));
}

#[tokio::test]
async fn the_list_of_encoders_is_empty_and_paginated() {
    let api = Api::new();
    let reply = api.get("/acs/encoders/list?limit=5").await.ok();
    let pagination = json!({"has_next_page": false, "next_page_cursor": null, "next_page_url": null});
    assert_eq!(reply, json!({"acs_encoders": [], "pagination": pagination, "ok": true}));
}
