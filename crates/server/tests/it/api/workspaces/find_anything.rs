use serde_json::{Value, json};

use crate::api::{Api, NOBODY, access_grants::granted};

/// The kinds of which something was found, and how much.
async fn found(api: &Api, id: &str) -> Vec<(String, usize)> {
    let answer = api.post("/workspaces/find_anything", json!({"search": id})).await.ok();
    let kinds = answer["batch"].as_object().unwrap().iter();
    let counts = kinds.map(|(kind, rows)| (kind.clone(), rows.as_array().map_or(0, Vec::len)));
    counts.filter(|(_, count)| *count > 0).collect()
}

#[tokio::test]
async fn whatever_has_the_id_is_found() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let user = api.user("Jane", Some(&person)).await;
    let card = api.card(&user, &["101"]).await;
    let made = api.post("/client_sessions/create", json!({})).await.ok();
    let session = made["client_session"]["client_session_id"].as_str().unwrap();
    let grant = granted(&api, &person, "R1", &["101"], &["mobile_key"]).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let links = api.post("/instant_keys/list", json!({"user_identity_id": person})).await.ok();
    let webview = api.post("/connect_webviews/create", json!({"accepted_providers": ["visionline"]})).await.ok();
    let accounts = api.post("/connected_accounts/list", json!({})).await.ok();
    let phone = json!({"user_identity_id": person});
    let phone = api.post("/phones/simulate/create_sandbox_phone", phone).await.ok();
    let events = api.post("/events/list", json!({"since": "2020-01-01T00:00:00Z", "limit": 1})).await.ok();
    let space = api.post("/spaces/create", json!({"name": "One"})).await.ok();
    let [encoder] = api.list_encoders(&["Front Desk 1"]).try_into().unwrap();
    for (id, kind) in [
        (api.site.acs_system_id.to_string().as_str(), "acs_systems"),
        (&user, "acs_users"),
        (&api.door("101"), "acs_entrances"),
        (&card, "acs_credentials"),
        (&encoder, "acs_encoders"),
        (session, "client_sessions"),
        (&person, "user_identities"),
        (&text(&grant["access_grant_id"]), "access_grants"),
        (&text(&grant["access_method_ids"][0]), "access_methods"),
        (&text(&links["instant_keys"][0]["instant_key_id"]), "instant_keys"),
        (&text(&webview["connect_webview"]["connect_webview_id"]), "connect_webviews"),
        (&text(&accounts["connected_accounts"][0]["connected_account_id"]), "connected_accounts"),
        (&text(&phone["phone"]["device_id"]), "devices"),
        (&text(&events["events"][0]["event_id"]), "events"),
        (&text(&space["space"]["space_id"]), "spaces"),
        (&api.site.workspace_id.to_string(), "workspaces"),
    ] {
        assert_eq!(found(&api, id).await, [(kind.to_owned(), 1)]);
    }
}

#[tokio::test]
async fn nothing_is_found_by_foreign_unknown_and_malformed_ids() {
    let api = Api::new();
    let theirs = api.foreign_user().await;
    let body = json!({"since": "2020-01-01T00:00:00Z"});
    let events = api.post_there("/events/list", body).await.ok();
    let workspace = api.foreign.workspace_id.to_string();
    let accounts = api.post_there("/connected_accounts/list", json!({})).await.ok();
    let event = events["events"][0]["event_id"].as_str().unwrap();
    let account = accounts["connected_accounts"][0]["connected_account_id"].as_str().unwrap();
    for id in [theirs.as_str(), event, account, &workspace, NOBODY, "101", ""] {
        assert_eq!(found(&api, id).await, [], "{id}");
    }
    let reply = api.post("/workspaces/find_anything", Value::Null).await;
    assert_eq!(reply.refusal().0, 400);
}
