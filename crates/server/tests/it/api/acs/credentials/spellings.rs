//! Every name that a parameter of a new credential has had (`spec/api.md 4.2`).

use serde_json::{Value, json};

use crate::api::{Api, Reply};

const PATH: &str = "/acs/credentials/create";

async fn create(api: &Api, user: &str, metadata: Value) -> Reply {
    let body = json!({
        "acs_user_id": user, "access_method": "card", "allowed_entrance_ids": [api.door("101")],
        "starts_at": "2030-01-01T15:00:00Z", "ends_at": "2030-01-03T10:00:00Z", "visionline_metadata": metadata,
    });
    api.post(PATH, body).await
}

#[tokio::test]
async fn every_spelling_of_override_opens_a_stay() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    for name in
        ["override", "is_override_key", "override_previous_credentials", "override_existing_entrance_credentials"]
    {
        let reply = create(&api, &user, json!({ name: true, "cardFormat": "rfid48", "cardType": "guest" })).await.ok();
        let id = reply["acs_credential"]["acs_credential_id"].as_str().unwrap().parse().unwrap();
        let row = api.look(|tx| store::credentials::find(tx, api.site.workspace_id, id)).unwrap();
        assert_eq!((row.mode.as_str(), row.card_format.as_str()), ("override", "rfid48"), "{name}");
    }
}

#[tokio::test]
async fn every_spelling_of_joiners_joins() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let first =
        create(&api, &user, json!({"override": true})).await.ok()["acs_credential"]["acs_credential_id"].clone();
    for name in ["joiner_acs_credential_ids", "joiners", "jointCredentialIDs", "jointEntranceAccessCredentialIDs"] {
        let reply = create(&api, &user, json!({ name: [first] })).await.ok();
        let metadata = &reply["acs_credential"]["visionline_metadata"];
        assert_eq!(metadata["joiner_acs_credential_ids"], json!([first]), "{name}");
    }
}

#[tokio::test]
async fn a_joiner_that_is_no_uuid_is_a_card_of_the_lock_server() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let reply = create(&api, &user, json!({"joiners": ["15"]})).await;
    assert_eq!(
        reply.at("visionline_metadata.joiner_acs_credential_ids"),
        ["there is no credential 15; list_credentials_with_access names those that can be joined"]
    );
}

#[tokio::test]
async fn spellings_may_agree_but_not_differ() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    create(&api, &user, json!({"override": true, "is_override_key": true})).await.ok();
    for (metadata, first, second) in [
        (json!({"override": true, "is_override_key": false}), "override", "is_override_key"),
        (json!({"card_format": "rfid48", "cardFormat": "TLCode"}), "card_format", "cardFormat"),
        (json!({"card_function_type": "guest", "cardType": "staff"}), "card_function_type", "cardType"),
        (json!({"joiners": ["1"], "jointCredentialIDs": ["2"]}), "joiners", "jointCredentialIDs"),
    ] {
        let reply = create(&api, &user, metadata).await;
        let message = format!(
            "Expected the same value as \"visionline_metadata.{first}\", which is another spelling of it, for \
             \"visionline_metadata.{second}\""
        );
        assert_eq!(reply.refusal(), (400, "invalid_input", message.as_str()));
    }
    let body = json!({
        "acs_user_id": user, "access_method": "card", "allowed_entrance_ids": [api.door("101")],
        "allowed_acs_entrance_ids": [api.door("102")],
    });
    assert_eq!(api.post(PATH, body).await.at("allowed_entrance_ids").len(), 1);
}

#[tokio::test]
async fn what_other_vendors_need_is_ignored() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let body = json!({
        "acs_user_id": user, "access_method": "card", "allowed_acs_entrance_ids": [api.door("101")],
        "visionline_metadata": {"override": true, "assa_abloy_credential_service_mobile_endpoint_id": "x"},
        "salto_space_metadata": {"assign_new_key": true}, "assa_abloy_vostio_metadata": 5,
    });
    api.post(PATH, body).await.ok();
}
