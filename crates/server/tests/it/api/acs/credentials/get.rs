use serde_json::json;
use store::credential_state;

use crate::api::{Api, NOBODY, assert_all_unknown};

#[tokio::test]
async fn a_foreign_credential_is_an_unknown_one() {
    let api = Api::new();
    let user = api.foreign_user().await;
    let body = json!({
        "acs_user_id": user, "access_method": "card", "visionline_metadata": {"override": true},
        "allowed_acs_entrance_ids": [api.foreign.doors["101"]],
    });
    let made = api.post_there("/acs/credentials/create", body).await.ok();
    let foreign = made["acs_credential"]["acs_credential_id"].as_str().unwrap();
    for path in ["get", "delete", "list_accessible_entrances"] {
        let path = format!("/acs/credentials/{path}");
        let mut replies = Vec::new();
        for id in [NOBODY, foreign, "x"] {
            replies.push((id, api.post(&path, json!({ "acs_credential_id": id })).await));
        }
        assert_all_unknown("acs_credential", replies.try_into().unwrap());
    }
    let there = api.post_there("/acs/credentials/get", json!({"acs_credential_id": foreign})).await.ok();
    assert_eq!(there["acs_credential"]["warnings"][0]["warning_code"], "waiting_to_be_issued", "it is untouched");
}

#[tokio::test]
async fn a_credential_looks_as_it_did_when_it_was_made_however_often_it_is_looked_at() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let card = api.card(&user, &["101"]).await;
    let first = api.get(&format!("/acs/credentials/get?acs_credential_id={card}")).await.ok();
    assert_eq!(first["acs_credential"]["warnings"].as_array().unwrap().len(), 1);
    assert_eq!(api.post("/acs/credentials/get", json!({"acs_credential_id": card})).await.ok(), first);
}

#[tokio::test]
async fn what_the_lock_server_refused_is_an_error_of_the_credential() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let card = api.card(&user, &["101"]).await;
    let id = card.parse().unwrap();
    let said = json!({"message": "no such door", "at": "2025-06-01T11:00:00.5Z"});
    api.change(move |tx| credential_state::set_refused(tx, id, Some(&said)));
    let reply = api.get(&format!("/acs/credentials/get?acs_credential_id={card}")).await.ok();
    assert_eq!(
        reply["acs_credential"]["errors"],
        json!([{
            "error_code": "refused_by_lock_server",
            "message": "no such door",
            "created_at": "2025-06-01T11:00:00.500Z",
        }])
    );
}
