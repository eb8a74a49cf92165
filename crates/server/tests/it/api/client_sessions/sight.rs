//! What a session sees (`spec/api.md 1.9`): its person's own, and the accounts that it was given whole.

use serde_json::{Value, json};

use crate::api::Api;

/// Two guests with a card each; Anna's opens 101, Ben's 102.
struct Hotel {
    api: Api,
    anna: String,
    users: [String; 2],
    cards: [String; 2],
    of_anna: String,
    of_account: String,
}

impl Hotel {
    async fn new() -> Self {
        let api = Api::new();
        let [anna, ben] = [api.person("Anna").await, api.person("Ben").await];
        let users = [api.user("A", Some(&anna)).await, api.user("B", Some(&ben)).await];
        let cards = [api.card(&users[0], &["101"]).await, api.card(&users[1], &["102"]).await];
        let systems = api.look(|tx| store::systems::list(tx, api.site.workspace_id));
        let site = systems.iter().find(|system| system.id == api.site.acs_system_id).unwrap();
        let of_anna = api.session(json!({"user_identity_id": anna})).await;
        let of_account = api.session(json!({"connected_account_ids": [site.connected_account_id]})).await;
        Self { api, anna, users, cards, of_anna, of_account }
    }

    /// The ids that a list answers.
    async fn ids(&self, token: &str, path: &str, body: Value, list: &str, id: &str) -> Vec<String> {
        let answer = self.api.post_as(token, path, body).await.ok();
        let rows = answer[list].as_array().unwrap();
        rows.iter().map(|row| row[id].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn the_session_of_a_guest_lists_the_guests_own_and_nothing_else() {
    let hotel = Hotel::new().await;
    let (api, token) = (&hotel.api, hotel.of_anna.as_str());
    let ids = async |path: &str, list: &str, id: &str| hotel.ids(token, path, json!({}), list, id).await;
    assert_eq!(
        ids("/user_identities/list", "user_identities", "user_identity_id").await,
        std::slice::from_ref(&hotel.anna)
    );
    assert_eq!(ids("/acs/users/list", "acs_users", "acs_user_id").await, [hotel.users[0].clone()]);
    assert_eq!(ids("/acs/credentials/list", "acs_credentials", "acs_credential_id").await, [hotel.cards[0].clone()]);
    assert_eq!(ids("/acs/systems/list", "acs_systems", "acs_system_id").await, [api.site.acs_system_id.to_string()]);
    let doors = ids("/acs/entrances/list", "acs_entrances", "acs_entrance_id").await;
    assert_eq!(doors, [api.door("101")]);
    let body = json!({"acs_entrance_id": api.door("101")});
    let there = hotel
        .ids(token, "/acs/entrances/list_credentials_with_access", body, "acs_credentials", "acs_credential_id")
        .await;
    assert_eq!(there, [hotel.cards[0].clone()]);
}

#[tokio::test]
async fn a_search_or_a_filter_finds_nobody_else() {
    let hotel = Hotel::new().await;
    let token = hotel.of_anna.as_str();
    for (path, list, body) in [
        ("/user_identities/list", "user_identities", json!({"search": "ben"})),
        ("/acs/users/list", "acs_users", json!({"search": hotel.users[1]})),
        ("/acs/credentials/list", "acs_credentials", json!({"acs_user_id": hotel.users[1]})),
        ("/acs/entrances/list", "acs_entrances", json!({"search": "102"})),
        ("/acs/entrances/list", "acs_entrances", json!({"acs_credential_id": hotel.cards[1]})),
    ] {
        let answer = hotel.api.post_as(token, path, body).await.ok();
        assert_eq!(answer[list], json!([]), "{path}");
    }
}

#[tokio::test]
async fn pages_of_a_session_hold_its_own_rows_only() {
    let hotel = Hotel::new().await;
    let (api, token) = (&hotel.api, hotel.of_anna.as_str());
    let more = api.card(&hotel.users[0], &["103"]).await;
    let mut body = json!({"limit": 1});
    let mut seen = Vec::new();
    loop {
        let answer = api.post_as(token, "/acs/credentials/list", body.clone()).await.ok();
        seen.extend(answer["acs_credentials"].as_array().unwrap().iter().map(|row| row["acs_credential_id"].clone()));
        match answer["pagination"]["next_page_cursor"].as_str() {
            Some(cursor) => body = json!({"limit": 1, "page_cursor": cursor}),
            None => break,
        }
    }
    assert_eq!(seen, [json!(hotel.cards[0]), json!(more)]);
}

#[tokio::test]
async fn the_session_of_an_account_sees_its_hotel_whole() {
    let hotel = Hotel::new().await;
    let token = hotel.of_account.as_str();
    let count = async |path: &str, list: &str, id: &str| hotel.ids(token, path, json!({}), list, id).await.len();
    assert_eq!(count("/acs/systems/list", "acs_systems", "acs_system_id").await, 1);
    assert_eq!(count("/acs/entrances/list", "acs_entrances", "acs_entrance_id").await, 5);
    assert_eq!(count("/acs/credentials/list", "acs_credentials", "acs_credential_id").await, 2);
    assert_eq!(count("/user_identities/list", "user_identities", "user_identity_id").await, 2);
}

#[tokio::test]
async fn events_and_phones_are_the_guests_own() {
    let hotel = Hotel::new().await;
    let api = &hotel.api;
    let ben = api.person("Carl").await;
    let mut phones = Vec::new();
    for person in [&hotel.anna, &ben] {
        let made = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
        phones.push(made["phone"]["device_id"].clone());
    }
    let since = json!({"since": "2025-01-01T00:00:00Z", "event_type": "acs_user.created"});
    let users = hotel.ids(&hotel.of_anna, "/events/list", since, "events", "acs_user_id").await;
    assert_eq!(users, [hotel.users[0].clone()]);
    let reply = api.post_as(&hotel.of_anna, "/phones/deactivate", json!({"device_id": phones[1]})).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (404, "device_not_found"));
    api.post_as(&hotel.of_anna, "/phones/deactivate", json!({"device_id": phones[0]})).await.ok();
}
