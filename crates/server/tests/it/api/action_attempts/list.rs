use jiff::ToSpan;
use serde_json::{Value, json};
use store::action_attempts::{self, ActionAttempt};

use crate::api::{Api, NOBODY};

/// Attempts of ours, one a minute, and one of the other workspace.
fn attempts(api: &Api) -> (Vec<String>, String) {
    let made = |number: i32, workspace_id| ActionAttempt {
        id: format!("01970000-0000-7000-8000-00000000000{number}").parse().unwrap(),
        workspace_id,
        action_type: "ENCODE_CREDENTIAL".to_owned(),
        status: "pending".to_owned(),
        result: None,
        error: None,
        created_at: "2025-06-01T10:00:00Z".parse::<jiff::Timestamp>().unwrap() + number.minutes(),
    };
    let ours: Vec<ActionAttempt> = (1..6).map(|number| made(number, api.site.workspace_id)).collect();
    let theirs = made(9, api.foreign.workspace_id);
    let ids = ours.iter().map(|attempt| attempt.id.to_string()).collect();
    let their_id = theirs.id.to_string();
    api.change(move |tx| {
        action_attempts::insert(tx, &theirs)?;
        ours.iter().try_for_each(|attempt| action_attempts::insert(tx, attempt))
    });
    (ids, their_id)
}

fn ids(reply: &Value) -> Vec<&str> {
    let list = reply["action_attempts"].as_array().unwrap();
    list.iter().map(|attempt| attempt["action_attempt_id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn attempts_are_listed_oldest_first_and_page_by_page() {
    let api = Api::new();
    let (made, _) = attempts(&api);
    assert_eq!(ids(&api.get("/action_attempts/list").await.ok()), made);
    let mut seen = Vec::new();
    let mut cursor = Value::Null;
    for expected in [2, 2, 1] {
        let page = api.post("/action_attempts/list", json!({"limit": 2, "page_cursor": cursor})).await.ok();
        assert_eq!(ids(&page).len(), expected);
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        cursor = page["pagination"]["next_page_cursor"].clone();
    }
    assert_eq!((seen, cursor), (made, Value::Null));
}

#[tokio::test]
async fn attempts_are_listed_by_id_and_none_is_on_a_device() {
    let api = Api::new();
    let (made, _) = attempts(&api);
    let two = format!("/action_attempts/list?action_attempt_ids={}&action_attempt_ids={}", made[3], made[0]);
    assert_eq!(ids(&api.get(&two).await.ok()), [made[0].as_str(), made[3].as_str()]);
    assert_eq!(ids(&api.get("/action_attempts/list?action_attempt_ids=").await.ok()), Vec::<&str>::new());
    let of_device = api.get(&format!("/action_attempts/list?device_id={NOBODY}")).await.ok();
    assert_eq!(ids(&of_device), Vec::<&str>::new());
}

#[tokio::test]
async fn an_attempt_that_is_unknown_or_foreign_among_others_is_not_found() {
    let api = Api::new();
    let (made, theirs) = attempts(&api);
    for stranger in [NOBODY, theirs.as_str()] {
        let reply = api.post("/action_attempts/list", json!({"action_attempt_ids": [made[0], stranger]})).await;
        let message = "At least one of the action attempts was not found in this workspace";
        assert_eq!(reply.refusal(), (404, "action_attempts_not_found", message));
        assert_eq!(reply.json["error"]["data"], json!({"action_attempt_ids": [stranger]}));
    }
}
