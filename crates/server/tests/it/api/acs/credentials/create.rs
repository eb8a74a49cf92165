use serde_json::{Value, json};

use crate::api::{Api, NOBODY};

const PATH: &str = "/acs/credentials/create";

/// A good request for a card at 101; `changes` are put over it, `null` takes a member away.
fn card(api: &Api, user: &str, changes: Value) -> Value {
    let mut body = json!({
        "acs_user_id": user, "access_method": "card", "allowed_acs_entrance_ids": [api.door("101")],
        "starts_at": "2030-01-01T15:00:00Z", "ends_at": "2030-01-03T10:00:00Z",
        "visionline_metadata": {"override": true},
    });
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            body.as_object_mut().unwrap().remove(name)
        } else {
            body[name] = value.clone();
            None
        };
    }
    body
}

#[tokio::test]
async fn a_card_waits_to_be_encoded() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let body = card(&api, &user, json!({"allowed_acs_entrance_ids": [api.door("101"), api.door("Gym")]}));
    let reply = api.post(PATH, body).await.ok();
    api.name(&reply["acs_credential"]["acs_credential_id"], "card");
    assert_eq!(
        api.redacted(&reply),
        json!({
            "acs_credential": {
                "acs_credential_id": "<card>",
                "acs_system_id": "<site>",
                "connected_account_id": "<id>",
                "workspace_id": "<workspace>",
                "access_method": "card",
                "acs_user_id": "<Jane>",
                "is_multi_phone_sync_credential": false,
                "display_name": "101, Gym",
                "external_type": "visionline_card",
                "external_type_display_name": "Visionline Card",
                "is_managed": true,
                "is_issued": false,
                "issued_at": null,
                "card_number": null,
                "code": null,
                "is_one_time_use": false,
                "starts_at": "2030-01-01T15:00:00.000Z",
                "ends_at": "2030-01-03T10:00:00.000Z",
                "is_latest_desired_state_synced_with_provider": false,
                "latest_desired_state_synced_with_provider_at": null,
                "visionline_metadata": {
                    "card_function_type": "guest",
                    "guest_acs_entrance_ids": ["<101>"],
                    "common_acs_entrance_ids": ["<Gym>"],
                    "joiner_acs_credential_ids": [],
                    "is_valid": true,
                },
                "errors": [],
                "warnings": [{
                    "warning_code": "waiting_to_be_issued",
                    "message": "No key has been delivered yet: a card waits to be encoded, a mobile key for a phone, \
                                or for the key that it joins.",
                    "created_at": "<now>",
                }],
                "created_at": "<now>",
            },
            "ok": true,
        })
    );
}

#[tokio::test]
async fn a_mobile_key_is_a_parent_without_a_type() {
    let api = Api::new();
    let person = api.person("person").await;
    let user = api.user("Jane", Some(&person)).await;
    let changes = json!({
        "acs_user_id": null, "user_identity_id": person, "acs_system_id": api.site.acs_system_id,
        "access_method": "mobile_key", "is_multi_phone_sync_credential": true,
        "visionline_metadata": {"auto_join": true, "label": "%ROOMNUM%", "card_format": "TLCode"},
    });
    let reply = api.post(PATH, card(&api, &user, changes)).await.ok();
    let shown = &reply["acs_credential"];
    assert_eq!(shown["acs_user_id"], json!(user));
    assert_eq!(shown["user_identity_id"], json!(person));
    assert_eq!(shown["is_multi_phone_sync_credential"], true);
    assert_eq!(shown["display_name"], "Multi Phone Sync Credential");
    assert_eq!(shown["is_latest_desired_state_synced_with_provider"], json!(null));
    assert_eq!(shown["visionline_metadata"]["auto_join"], true);
    for absent in ["external_type", "external_type_display_name", "parent_acs_credential_id", "innkeep"] {
        assert_eq!(shown.get(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn a_window_that_was_changed_says_so() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let reply = api.post(PATH, card(&api, &user, json!({"starts_at": "2023-01-01 10:40:00.000"}))).await.ok();
    let shown = api.redacted(&reply["acs_credential"]);
    assert_eq!(shown["starts_at"], "<now>");
    assert_eq!(shown["warnings"][1]["warning_code"], "schedule_modified");
}

#[tokio::test]
async fn the_owner_is_named_in_exactly_one_way() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let text = "Provide exactly one of acs_user_id or user_identity_id (with acs_system_id)";
    for changes in [json!({"acs_user_id": null}), json!({"user_identity_id": NOBODY})] {
        assert_eq!(api.post(PATH, card(&api, &user, changes)).await.at(""), [text]);
    }
    let reply = api.post(PATH, card(&api, &user, json!({"acs_user_id": null, "user_identity_id": NOBODY}))).await;
    assert_eq!(reply.refusal(), (400, "invalid_input", "acs_system_id is required"));
}

#[tokio::test]
async fn unknown_and_foreign_references_look_the_same() {
    let api = Api::new();
    let (user, stranger) = (api.user("Jane", None).await, api.foreign_user().await);
    let cases = [
        ("acs_user", [json!({"acs_user_id": NOBODY}), json!({"acs_user_id": stranger})]),
        (
            "acs_entrance",
            [
                json!({"allowed_acs_entrance_ids": [NOBODY]}),
                json!({"allowed_acs_entrance_ids": [api.foreign.doors["101"]]}),
            ],
        ),
    ];
    for (noun, changes) in cases {
        for changes in changes {
            let reply = api.post(PATH, card(&api, &user, changes.clone())).await;
            let kind = format!("{noun}_not_found");
            assert_eq!((reply.refusal().0, reply.refusal().1), (404, kind.as_str()), "{changes}");
        }
    }
    let manager = json!({
        "access_method": "mobile_key", "is_multi_phone_sync_credential": true,
        "credential_manager_acs_system_id": api.foreign.manager_id,
    });
    assert_eq!(api.post(PATH, card(&api, &user, manager)).await.refusal().1, "acs_system_not_found");
    let listed = api.get("/acs/credentials/list").await.ok();
    assert_eq!(listed["acs_credentials"], json!([]), "nothing was made");
}

#[tokio::test]
async fn every_wrong_parameter_is_named() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    for (changes, field, text) in [
        (json!({"access_method": null}), "access_method", "Required"),
        (
            json!({"access_method": "retina"}),
            "access_method",
            "Invalid enum value. Expected 'code' | 'card' | 'mobile_key' | 'cloud_key', received 'retina'",
        ),
        (json!({"acs_user_id": "x"}), "acs_user_id", "Invalid uuid"),
        (json!({"allowed_acs_entrance_ids": ["101"]}), "allowed_acs_entrance_ids.0", "Invalid uuid"),
        (json!({"allowed_acs_entrance_ids": "101"}), "allowed_acs_entrance_ids", "Expected array, received string"),
        (json!({"starts_at": "2030-01-01"}), "starts_at", "Invalid datetime"),
        (
            json!({"is_multi_phone_sync_credential": "yes"}),
            "is_multi_phone_sync_credential",
            "Expected boolean, received string",
        ),
        (json!({"visionline_metadata": []}), "visionline_metadata", "Expected object, received array"),
        (
            json!({"visionline_metadata": {"card_format": "tlcode"}}),
            "visionline_metadata.card_format",
            "Invalid enum value. Expected 'rfid48' | 'TLCode', received 'tlcode'",
        ),
        (
            json!({"access_method": "mobile_key"}),
            "is_multi_phone_sync_credential",
            "a mobile_key for Visionline is created with is_multi_phone_sync_credential: true",
        ),
    ] {
        let reply = api.post(PATH, card(&api, &user, changes)).await;
        assert_eq!((reply.refusal().0, reply.at(field)), (400, vec![text]));
    }
    for (changes, field) in [
        (json!({"ends_at": "2023-01-01T00:00:00Z", "starts_at": null}), "ends_at"),
        (json!({"ends_at": "2030-01-01T15:00:00Z"}), "ends_at"),
        (json!({"allowed_acs_entrance_ids": []}), "allowed_acs_entrance_ids"),
        (json!({"visionline_metadata": {"override": false}}), "visionline_metadata.joiner_acs_credential_ids"),
        (
            json!({"visionline_metadata": {"joiner_acs_credential_ids": [NOBODY]}}),
            "visionline_metadata.joiner_acs_credential_ids",
        ),
    ] {
        let reply = api.post(PATH, card(&api, &user, changes.clone())).await;
        assert_eq!((reply.refusal().0, reply.at(field).len()), (400, 1), "{changes}");
    }
}

#[tokio::test]
async fn what_visionline_does_not_have_is_not_supported() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    for changes in [
        json!({"access_method": "code"}),
        json!({"access_method": "cloud_key"}),
        json!({"visionline_metadata": {"card_function_type": "staff"}}),
    ] {
        assert_eq!(api.post(PATH, card(&api, &user, changes)).await.refusal().1, "not_supported");
    }
}

#[tokio::test]
async fn a_joiner_echoes_whom_it_joins_and_a_refused_one_leaves_nothing() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let first = api.post(PATH, card(&api, &user, json!({}))).await.ok()["acs_credential"]["acs_credential_id"].clone();
    let joins = json!({"visionline_metadata": {"joiner_acs_credential_ids": [first]}});
    let reply = api.post(PATH, card(&api, &user, joins)).await.ok();
    let metadata = &reply["acs_credential"]["visionline_metadata"];
    assert_eq!(metadata["joiner_acs_credential_ids"], json!([first]));
    let wrong = json!({
        "allowed_acs_entrance_ids": [api.door("102")], "visionline_metadata": {"joiner_acs_credential_ids": [first]},
    });
    let reply = api.post(PATH, card(&api, &user, wrong)).await;
    assert!(reply.at("visionline_metadata.joiner_acs_credential_ids")[0].contains("102"), "the door is named");
    let listed = api.get("/acs/credentials/list").await.ok();
    assert_eq!(listed["acs_credentials"].as_array().unwrap().len(), 2);
}

/// Promise P9: what was asked for is done at once, whoever waits for the answer.
#[tokio::test]
async fn a_client_that_leaves_before_the_answer_still_sets_the_workers_going() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let body = card(&api, &user, json!({}));
    let mut woken = std::pin::pin!(api.app.changed.notified());
    woken.as_mut().enable();
    tokio::select! {
        biased;
        _ = api.post(PATH, body) => {}
        () = std::future::ready(()) => {}
    }
    tokio::time::timeout(std::time::Duration::from_secs(10), woken).await.expect("the workers are woken");
}
