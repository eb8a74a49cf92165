//! Personal access tokens: with a workspace everything there, without one only the routes that need none.

use http::Method;
use serde_json::{Value, json};

use crate::api::{Api, NOBODY, Reply};

async fn with(api: &Api, token: &str, workspace: Option<&str>, path: &str, body: Option<Value>) -> Reply {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("authorization", bearer.as_str())];
    headers.extend(workspace.map(|id| ("seam-workspace", id)));
    let method = if body.is_some() { Method::POST } else { Method::GET };
    api.send_with(&headers, method, path, body).await
}

#[tokio::test]
async fn a_member_has_full_rights_in_the_workspace_that_the_request_names() {
    let api = Api::new();
    let token = api.personal_access_token("anna@example.org");
    let ours = api.site.workspace_id.to_string();
    let reply = with(&api, &token, Some(&ours), "/workspaces/get", None).await.ok();
    assert_eq!(reply["workspace"]["workspace_id"], ours);
    with(&api, &token, Some(&ours), "/user_identities/create", Some(json!({"full_name": "Guest"}))).await.ok();
}

/// P8: whether a workspace exists is not told either.
#[tokio::test]
async fn workspaces_of_others_and_unknown_ones_are_refused_alike() {
    let api = Api::new();
    let token = api.personal_access_token("anna@example.org");
    let theirs = api.foreign.workspace_id.to_string();
    let mut answers = Vec::new();
    for workspace in [theirs.as_str(), NOBODY, "101", ""] {
        let reply = with(&api, &token, Some(workspace), "/workspaces/get", None).await;
        answers.push((reply.status.as_u16(), reply.json));
    }
    assert_eq!(answers[0].0, 401);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn without_a_workspace_a_token_lists_and_makes_workspaces_only() {
    let api = Api::new();
    let token = api.personal_access_token("anna@example.org");
    let list = async || {
        let listed = with(&api, &token, None, "/workspaces/list", None).await.ok();
        let names = listed["workspaces"].as_array().unwrap().iter().map(|workspace| workspace["name"].clone());
        names.collect::<Vec<_>>()
    };
    assert_eq!(list().await, ["Hotel Meridian (sandbox)"]);
    let body = json!({"name": "Second hotel", "company_name": "Meridian Group", "is_sandbox": true});
    let made = with(&api, &token, None, "/workspaces/create", Some(body)).await.ok();
    assert_eq!(made["workspace"]["connect_partner_name"], "Meridian Group");
    assert_eq!(list().await, ["Hotel Meridian (sandbox)", "Second hotel"]);
    let id = made["workspace"]["workspace_id"].as_str().unwrap();
    let users = with(&api, &token, Some(id), "/acs/users/list", None).await.ok();
    assert_eq!(users["acs_users"], json!([]), "the new workspace is empty");
    let reply = with(&api, &token, None, "/workspaces/get", None).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (401, "unauthorized"));
}

#[tokio::test]
async fn an_api_key_makes_no_workspace_and_lists_its_own() {
    let api = Api::new();
    let reply = api.post("/workspaces/create", json!({"name": "Second hotel"})).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (401, "unauthorized"));
    let listed = api.get("/workspaces/list").await.ok();
    assert_eq!(api.redacted(&listed["workspaces"][0]["workspace_id"]), "<workspace>");
    assert_eq!(listed["workspaces"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_changed_of_a_workspace_stays_changed_and_the_rest_stays() {
    let api = Api::new();
    let body = json!({"connect_partner_name": "Meridian", "connect_webview_customization": {"logo_shape": "circle"}});
    api.post("/workspaces/update", body).await.ok();
    let body = json!({"connect_webview_customization": {"success_message": "Welcome"}, "is_suspended": true});
    api.post("/workspaces/update", body).await.ok();
    let workspace = &api.get("/workspaces/get").await.ok()["workspace"];
    assert_eq!(workspace["connect_partner_name"], "Meridian");
    assert_eq!(
        workspace["connect_webview_customization"],
        json!({"logo_shape": "circle", "success_message": "Welcome"})
    );
    assert_eq!(workspace["is_suspended"], true);
    api.post("/workspaces/update", json!({"connect_partner_name": null})).await.ok();
    assert_eq!(api.get("/workspaces/get").await.ok()["workspace"]["connect_partner_name"], json!(null));
}
