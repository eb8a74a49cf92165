//! A workspace with one of everything, made through the API, and the ids and keys of all that.

use std::collections::BTreeMap;

use http::Method;
use innkeep_server::{adapter::Kind, api};
use serde_json::{Value, json};

use crate::api::Api;

/// Ids and keys by the name of the member that carries them, such as `acs_user_id`.
#[derive(Debug, Default, Clone)]
pub struct Things(BTreeMap<String, Vec<String>>);

impl Things {
    /// Fills a workspace and looks at everything that its lists show. `word` makes its keys its own.
    pub async fn of(api: &Api, key: &str, word: &str, acs_system_id: String, doors: Vec<String>) -> Self {
        let mut things = Self::default();
        let mut made: BTreeMap<&str, Value> = BTreeMap::new();
        for (name, path, body) in recipes(word, &acs_system_id, &doors) {
            let body = filled(&body, &made);
            let reply = api.send(key, Method::POST, path, Some(body)).await;
            // A route that is not served yet makes nothing.
            if reply.status == 200 {
                things.learn("", &reply.json);
                made.insert(name, reply.json);
            }
        }
        for route in api::table() {
            if route.kind() == Kind::Read && route.path().ends_with("list") {
                let body = json!({"since": "2020-01-01T00:00:00Z"});
                let reply = api.send(key, Method::POST, route.path(), Some(body)).await;
                things.learn("", &reply.json);
            }
        }
        things
    }

    fn learn(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| self.learn(name, value)),
            Value::Array(items) => {
                let one = name.strip_suffix('s').unwrap_or(name);
                items.iter().for_each(|item| self.learn(one, item));
            }
            Value::String(text) if name.ends_with("_id") || name.ends_with("_key") => {
                let known = self.0.entry(name.to_owned()).or_default();
                // Request ids and the like repeat; a few of each kind are enough.
                if !known.contains(text) && known.len() < 3 {
                    known.push(text.clone());
                }
            }
            _ => {}
        }
    }

    /// What fits a parameter of this name: of the kind whose name is in it, else of any.
    pub fn fitting(&self, parameter: &str) -> String {
        let one = parameter.strip_suffix('s').unwrap_or(parameter);
        let mut kinds: Vec<&String> = self.0.keys().filter(|kind| one.contains(kind.as_str())).collect();
        kinds.sort_by_key(|kind| kind.len());
        let kind = kinds.pop().map_or("acs_entrance_id", String::as_str);
        self.0[kind][0].clone()
    }
}

/// What is made, in this order: a name, the route and the body. `"<name>.<pointer>"` stands for what was made before.
fn recipes(word: &str, acs_system_id: &str, doors: &[String]) -> Vec<(&'static str, &'static str, Value)> {
    let window = |mut body: Value| {
        body["starts_at"] = json!("2030-01-01T15:00:00Z");
        body["ends_at"] = json!("2030-01-03T10:00:00Z");
        body
    };
    let card = json!({
        "acs_user_id": "<user>/acs_user/acs_user_id", "access_method": "card", "allowed_acs_entrance_ids": doors,
        "visionline_metadata": {"override": true},
    });
    let grant = json!({
        "user_identity_id": "<person>/user_identity/user_identity_id", "acs_entrance_ids": doors,
        "requested_access_methods": [{"mode": "card"}, {"mode": "mobile_key"}],
        "access_grant_key": format!("grant-{word}"), "reservation_key": format!("reservation-{word}"),
    });
    vec![
        (
            "person",
            "/user_identities/create",
            json!({"user_identity_key": format!("person-{word}"), "full_name": word, "acs_system_ids": [acs_system_id]}),
        ),
        ("user", "/acs/users/create", json!({"acs_system_id": acs_system_id, "full_name": format!("{word} two")})),
        ("card", "/acs/credentials/create", window(card)),
        (
            "phone",
            "/phones/simulate/create_sandbox_phone",
            json!({"user_identity_id": "<person>/user_identity/user_identity_id"}),
        ),
        (
            "session",
            "/client_sessions/create",
            json!({"user_identifier_key": format!("session-{word}"), "customer_key": format!("customer-{word}")}),
        ),
        (
            "space",
            "/spaces/create",
            json!({
                "name": word, "space_key": format!("space-{word}"), "acs_entrance_ids": doors,
                "customer_key": format!("customer-{word}"),
            }),
        ),
        ("webview", "/connect_webviews/create", json!({"accepted_providers": ["visionline"]})),
        ("webhook", "/webhooks/create", json!({"url": "http://127.0.0.1:9/hook"})),
        ("grant", "/access_grants/create", window(grant)),
        (
            "key",
            "/user_identities/generate_instant_key",
            json!({"user_identity_id": "<person>/user_identity/user_identity_id"}),
        ),
        (
            "automation",
            "/user_identities/enrollment_automations/launch",
            json!({
                "user_identity_id": "<person>/user_identity/user_identity_id",
                "credential_manager_acs_system_id": acs_system_id,
            }),
        ),
        (
            "customer",
            "/customers/push_data",
            json!({"customer_key": format!("customer-{word}"), "guests": [{"guest_key": format!("guest-{word}")}]}),
        ),
    ]
}

fn filled(body: &Value, made: &BTreeMap<&str, Value>) -> Value {
    match body {
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), filled(member, made))).collect(),
        Value::Array(items) => items.iter().map(|item| filled(item, made)).collect(),
        Value::String(text) if text.starts_with('<') => {
            let (name, pointer) = text[1..].split_once('>').unwrap();
            made.get(name).and_then(|value| value.pointer(pointer)).cloned().unwrap_or_default()
        }
        other => other.clone(),
    }
}
