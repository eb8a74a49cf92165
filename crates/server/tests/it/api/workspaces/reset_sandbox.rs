use std::collections::BTreeMap;

use serde_json::json;

use crate::api::{Api, OURS, app::THEIRS, rights::things::Things};

/// Tables whose rows stay: the workspace, who may come in, what was done, and what is configured.
const KEPT: [&str; 12] = [
    "__diesel_schema_migrations",
    "acs_systems",
    "api_keys",
    "audit_heads",
    "connected_accounts",
    "encoders",
    "entrances",
    "idempotency_keys",
    "leases",
    "memberships",
    "personal_access_tokens",
    "workspaces",
];

/// How many rows each table of the database has.
fn rows(api: &Api) -> BTreeMap<String, usize> {
    api.look(|tx| {
        let tables = store::testing::texts(
            tx,
            "SELECT name AS text FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        )?;
        let mut counts = BTreeMap::new();
        for table in tables {
            let count = store::testing::texts(tx, &format!("SELECT CAST(COUNT(*) AS TEXT) AS text FROM {table}"))?;
            counts.insert(table, count[0].parse().unwrap());
        }
        Ok(counts)
    })
}

/// A table that is made tomorrow is emptied too, or named above.
#[tokio::test]
async fn everything_goes_but_the_workspace_its_keys_and_what_is_configured() {
    let api = Api::new();
    api.list_encoders(&["Front Desk 1"]);
    let there = &api.foreign;
    let door = there.doors["101"].to_string();
    Things::of(&api, THEIRS, "theirs", there.acs_system_id.to_string(), vec![door]).await;
    let empty = rows(&api);
    Things::of(&api, OURS, "ours", api.site.acs_system_id.to_string(), vec![api.door("101")]).await;
    let full = rows(&api);
    let filled = full.iter().filter(|(table, count)| **count > empty[*table]).count();
    assert!(filled > 12, "{full:?}");

    let reset = api.post("/workspaces/reset_sandbox", json!({})).await.ok();
    let attempt = &reset["action_attempt"];
    assert_eq!((&attempt["action_type"], &attempt["status"]), (&json!("RESET_SANDBOX_WORKSPACE"), &json!("success")),);
    let told = api.post("/action_attempts/get", json!({"action_attempt_id": attempt["action_attempt_id"]})).await.ok();
    assert_eq!(told["action_attempt"], *attempt);
    for (table, count) in rows(&api) {
        let expected = match table.as_str() {
            "audit" => full[&table] + 1,
            kept if KEPT.contains(&kept) => full[&table],
            // The attempt itself.
            "action_attempts" => empty[&table] + 1,
            // Those of our beginning are gone as well.
            "events" => count.min(empty[&table]),
            _ => empty[&table],
        };
        assert_eq!(count, expected, "{table}");
    }
    let since = json!({"since": "2020-01-01T00:00:00Z"});
    assert_eq!(api.post("/events/list", since).await.ok()["events"], json!([]));
}

#[tokio::test]
async fn a_sandbox_with_reservations_is_emptied_too() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let grant = json!({
        "user_identity_id": ada, "reservation_key": "R1", "acs_entrance_ids": [api.door("101")],
        "requested_access_methods": [{"mode": "card"}, {"mode": "mobile_key"}],
        "starts_at": "2030-01-01T15:00:00Z", "ends_at": "2030-01-03T10:00:00Z",
    });
    api.post("/access_grants/create", grant).await.ok();
    let reset = api.post("/workspaces/reset_sandbox", json!({})).await.ok();
    assert_eq!(reset["action_attempt"]["status"], "success");
    assert_eq!(api.post("/access_grants/list", json!({})).await.ok()["access_grants"], json!([]));
}

#[tokio::test]
async fn a_real_workspace_is_never_emptied() {
    let api = Api::new();
    let token = api.personal_access_token("anna@example.org");
    let bearer = format!("Bearer {token}");
    let create = [("authorization", bearer.as_str())];
    let body = json!({"name": "Real"});
    let made = api.send_with(&create, http::Method::POST, "/workspaces/create", Some(body)).await.ok();
    let id = made["workspace"]["workspace_id"].as_str().unwrap();
    let there = [("authorization", bearer.as_str()), ("seam-workspace", id)];
    let person = json!({"full_name": "Guest"});
    api.send_with(&there, http::Method::POST, "/user_identities/create", Some(person)).await.ok();
    let reply = api.send_with(&there, http::Method::POST, "/workspaces/reset_sandbox", Some(json!({}))).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (400, "workspace_not_sandbox"));
    let listed = api.send_with(&there, http::Method::POST, "/user_identities/list", Some(json!({}))).await.ok();
    assert_eq!(listed["user_identities"].as_array().unwrap().len(), 1);
}
