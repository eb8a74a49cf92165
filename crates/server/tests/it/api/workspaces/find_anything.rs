use serde_json::{Value, json};

use crate::api::{Api, NOBODY};

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
    let [encoder] = api.list_encoders(&["Front Desk 1"]).try_into().unwrap();
    for (id, kind) in [
        (api.site.acs_system_id.to_string().as_str(), "acs_systems"),
        (&user, "acs_users"),
        (&api.door("101"), "acs_entrances"),
        (&card, "acs_credentials"),
        (&encoder, "acs_encoders"),
        (session, "client_sessions"),
        (&person, "user_identities"),
    ] {
        assert_eq!(found(&api, id).await, [(kind.to_owned(), 1)]);
    }
}

#[tokio::test]
async fn nothing_is_found_by_foreign_unknown_and_malformed_ids() {
    let api = Api::new();
    let theirs = api.foreign_user().await;
    for id in [theirs.as_str(), NOBODY, "101", ""] {
        assert_eq!(found(&api, id).await, [], "{id}");
    }
    let reply = api.post("/workspaces/find_anything", Value::Null).await;
    assert_eq!(reply.refusal().0, 400);
}
