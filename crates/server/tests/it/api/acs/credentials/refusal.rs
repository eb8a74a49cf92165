//! What every refused request must be: named, with a way out, and without a trace.

use serde_json::{Value, json};

use crate::api::{Api, Reply};

/// Asks for a card with these doors; `metadata` says how it relates to others.
pub async fn ask(api: &Api, user: &str, doors: &[String], metadata: Value) -> Reply {
    ask_for(api, user, json!({"allowed_acs_entrance_ids": doors, "visionline_metadata": metadata})).await
}

/// Asks for a card; `changes` are put over the request.
pub async fn ask_for(api: &Api, user: &str, changes: Value) -> Reply {
    let mut body = json!({
        "acs_user_id": user, "access_method": "card",
        "starts_at": "2030-01-01 15:00:00.000", "ends_at": "2030-01-03 10:00:00.000",
    });
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    api.post("/acs/credentials/create", body).await
}

/// Fails unless the request is refused because of the field, in words that hold each of `says`, and leaves every row
/// as it was: nothing is stored and nobody's key is touched.
#[track_caller]
pub fn assert_refused(api: &Api, before: &[String], reply: &Reply, field: &str, says: &[&str]) {
    let texts = reply.at(field);
    assert_eq!((reply.status.as_u16(), texts.len()), (400, 1), "{}", reply.json);
    for word in says {
        assert!(texts[0].contains(word), "{word:?} is not said: {}", texts[0]);
    }
    assert_unchanged(api, before);
}

/// Fails unless every row is as it was.
#[track_caller]
pub fn assert_unchanged(api: &Api, before: &[String]) {
    assert_eq!(rows(api), before);
}

/// How many rows there are of everything, and what decides about the keys that are there.
pub fn rows(api: &Api) -> Vec<String> {
    const COUNTED: [&str; 9] = [
        "credentials",
        "credential_doors",
        "stays",
        "tenancies",
        "carriers",
        "tasks",
        "audit",
        "events",
        "standing_grants",
    ];
    const CREDENTIALS: &str = "SELECT 'credential ' || id || ' ' || starts_at || ' ' || ends_at || ' ' || revision || \
                               ' ' || COALESCE(replaced_by, '-') || ' ' || COALESCE(deleting_at, '-') AS text \
                               FROM credentials ORDER BY id";
    const TENANCIES: &str = "SELECT 'tenancy ' || stay_id || ' ' || entrance_id || ' ' || starts_at || ' ' || ends_at || \
                             ' ' || COALESCE(opening, '-') || ' ' || COALESCE(lost_at, '-') AS text \
                             FROM tenancies ORDER BY stay_id, entrance_id";
    api.look(|tx| {
        let mut found = Vec::new();
        for table in COUNTED {
            let query = format!("SELECT '{table}: ' || COUNT(*) AS text FROM {table}");
            found.extend(store::testing::texts(tx, &query)?);
        }
        found.extend(store::testing::texts(tx, CREDENTIALS)?);
        found.extend(store::testing::texts(tx, TENANCIES)?);
        Ok(found)
    })
}
