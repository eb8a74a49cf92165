use serde_json::json;
use store::action_attempts::{self, ActionAttempt};

use crate::api::{Api, NOBODY, assert_all_unknown};

fn pending(api: &Api) -> ActionAttempt {
    ActionAttempt {
        id: "01970000-0000-7000-8000-000000000001".parse().unwrap(),
        workspace_id: api.site.workspace_id,
        action_type: "ENCODE_CREDENTIAL".to_owned(),
        status: "pending".to_owned(),
        result: None,
        error: None,
        created_at: "2025-06-01T10:00:00Z".parse().unwrap(),
    }
}

#[tokio::test]
async fn result_and_error_are_there_before_they_apply() {
    let api = Api::new();
    let attempt = pending(&api);
    api.change(move |tx| action_attempts::insert(tx, &attempt));
    let target = "/action_attempts/get?action_attempt_id=01970000-0000-7000-8000-000000000001&_strict=true";
    assert_eq!(
        api.get(target).await.ok(),
        json!({
            "action_attempt": {
                "action_attempt_id": "01970000-0000-7000-8000-000000000001",
                "action_type": "ENCODE_CREDENTIAL",
                "status": "pending",
                "result": null,
                "error": null,
            },
            "ok": true,
        })
    );
}

#[tokio::test]
async fn a_failed_attempt_says_why() {
    let api = Api::new();
    let error = json!({"type": "no_credential_on_encoder", "message": "no card was placed"});
    let attempt = ActionAttempt { status: "error".to_owned(), error: Some(error.clone()), ..pending(&api) };
    api.change(move |tx| action_attempts::insert(tx, &attempt));
    let body = json!({"action_attempt_id": "01970000-0000-7000-8000-000000000001"});
    let reply = api.post("/action_attempts/get", body).await.ok();
    assert_eq!((&reply["action_attempt"]["status"], &reply["action_attempt"]["error"]), (&json!("error"), &error));
}

#[tokio::test]
async fn a_foreign_attempt_is_an_unknown_one() {
    let api = Api::new();
    let attempt = ActionAttempt { workspace_id: api.foreign.workspace_id, ..pending(&api) };
    api.change(move |tx| action_attempts::insert(tx, &attempt));
    let mut replies = Vec::new();
    for id in [NOBODY, "01970000-0000-7000-8000-000000000001", "x"] {
        replies.push((id, api.post("/action_attempts/get", json!({ "action_attempt_id": id })).await));
    }
    assert_all_unknown("action_attempt", replies.try_into().unwrap());
}
