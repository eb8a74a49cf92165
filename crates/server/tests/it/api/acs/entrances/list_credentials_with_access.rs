use domain::id::CredentialId;
use serde_json::{Value, json};
use store::{credentials, stays};

use crate::api::Api;

/// Ids of the listed credentials; with `valid`, of the valid ones.
async fn with_access(api: &Api, door: &str, valid: bool) -> Vec<String> {
    let condition = if valid { "&include_if=visionline_metadata.is_valid" } else { "" };
    let door = api.door(door);
    let target = format!("/acs/entrances/list_credentials_with_access?acs_entrance_id={door}{condition}");
    let reply = api.get(&target).await.ok();
    assert_eq!(reply.get("pagination"), None);
    let listed: &Vec<Value> = reply["acs_credentials"].as_array().unwrap();
    listed.iter().map(|row| row["acs_credential_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn cards_parents_and_children_are_listed_at_each_of_their_doors() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let user = api.user("Jane", Some(&person)).await;
    let card = api.card(&user, &["101", "Gym"]).await;
    let body = json!({
        "acs_user_id": user, "access_method": "mobile_key", "is_multi_phone_sync_credential": true,
        "allowed_acs_entrance_ids": [api.door("101")], "ends_at": "2030-01-03T10:00:00Z",
        "visionline_metadata": {"joiner_acs_credential_ids": [card]},
        "starts_at": "2030-01-01T15:00:00Z",
    });
    let parent = api.post("/acs/credentials/create", body).await.ok()["acs_credential"]["acs_credential_id"].clone();
    let parent = parent.as_str().unwrap().to_owned();
    let body = json!({"user_identity_id": person});
    let phone = api.post("/phones/simulate/create_sandbox_phone", body).await.ok();
    let endpoint = phone.pointer("/phone/properties/assa_abloy_credential_service_metadata/endpoints/0/endpoint_id");
    let endpoint = endpoint.unwrap().as_str().unwrap().parse().unwrap();
    // What the worker does for each active phone.
    let child: CredentialId = "01990000-0000-7000-8000-000000000001".parse().unwrap();
    let (parent_id, workspace) = (parent.parse().unwrap(), api.site.workspace_id);
    api.change(move |tx| {
        let parent = credentials::find(tx, workspace, parent_id)?.unwrap();
        let (id, parent_id, endpoint_id) = (child, Some(parent.id), Some(endpoint));
        credentials::insert(
            tx,
            &credentials::Credential { id, parent_id, endpoint_id, is_multi_phone: false, ..parent },
        )
    });
    let all = [card.clone(), parent.clone(), child.to_string()];
    assert_eq!(with_access(&api, "101", false).await, all);
    assert_eq!(with_access(&api, "101", true).await, all);
    assert_eq!(with_access(&api, "Gym", true).await, [card]);
    assert_eq!(with_access(&api, "102", false).await, [""; 0]);

    let shown = api.get(&format!("/acs/credentials/get?acs_credential_id={child}")).await.ok();
    let shown = &shown["acs_credential"];
    assert_eq!(shown["parent_acs_credential_id"], json!(parent));
    assert_eq!(shown["display_name"], "101");
    assert_eq!(shown["external_type"], "visionline_card");
    let phones = api.get(&format!("/phones/list?acs_credential_id={parent}")).await.ok();
    assert_eq!(phones["phones"][0]["device_id"], phone["phone"]["device_id"]);
}

#[tokio::test]
async fn a_card_that_lost_one_door_is_valid_at_the_other_only() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let former = api.card(&user, &["101", "102"]).await;
    let newer = api.card(&user, &["101"]).await;
    // What the worker does when the newer stay is opened at the lock.
    let (door, newer_id) = (api.site.doors["101"], newer.parse::<CredentialId>().unwrap());
    api.change(move |tx| {
        let stay = credentials::doors_of(tx, &[newer_id])?[0].stay_id.unwrap();
        let rank = stays::tenancies_of(tx, &[stay])?[0].rank();
        let lost = stays::lose_before(tx, door, &rank, "2025-06-01T10:00:00Z".parse().unwrap())?;
        assert_eq!(lost.len(), 1);
        Ok(())
    });
    assert_eq!(with_access(&api, "101", true).await, std::slice::from_ref(&newer));
    assert_eq!(with_access(&api, "102", true).await, std::slice::from_ref(&former));
    assert_eq!(with_access(&api, "101", false).await, [former, newer]);
}

#[tokio::test]
async fn a_credential_that_is_being_deleted_is_not_valid() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let card = api.card(&user, &["101", "Gym"]).await;
    api.post("/acs/credentials/delete", json!({"acs_credential_id": card})).await.ok();
    for door in ["101", "Gym"] {
        assert_eq!(with_access(&api, door, false).await, std::slice::from_ref(&card));
        assert_eq!(with_access(&api, door, true).await, [""; 0]);
    }
}

#[tokio::test]
async fn any_other_condition_is_refused() {
    let api = Api::new();
    let body = json!({"acs_entrance_id": api.door("101"), "include_if": ["is_issued"]});
    let reply = api.post("/acs/entrances/list_credentials_with_access", body).await;
    assert_eq!(
        reply.at("include_if.0"),
        ["Invalid enum value. Expected 'visionline_metadata.is_valid', received 'is_issued'"]
    );
    let reply = api.post("/acs/entrances/list_credentials_with_access", json!({})).await;
    assert_eq!(reply.refusal(), (400, "invalid_input", "acs_entrance_id is required"));
}
