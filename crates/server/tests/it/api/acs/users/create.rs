use serde_json::json;

use crate::api::{Api, NOBODY};

#[tokio::test]
async fn a_user_shows_all_that_was_said_and_who_it_is() {
    let api = Api::new();
    let body = json!({"full_name": "Jane Doe", "email_address": "jane@example.com"});
    let person = api.post("/user_identities/create", body).await.ok();
    let person = api.name(&person["user_identity"]["user_identity_id"], "person");
    let body = json!({
        "acs_system_id": api.site.acs_system_id, "full_name": "Jane", "email": "j@example.com",
        "phone_number": "+15551234", "user_identity_id": person, "acs_access_group_ids": [],
        "access_schedule": {"starts_at": "2030-01-01 15:00:00.000", "ends_at": null}, "hotel": "unknown keys are fine",
    });
    let reply = api.post("/acs/users/create", body).await.ok();
    assert_eq!(
        api.redacted(&reply),
        json!({
            "acs_user": {
                "acs_user_id": "<id>",
                "acs_system_id": "<site>",
                "connected_account_id": "<id>",
                "workspace_id": "<workspace>",
                "created_at": "<now>",
                "display_name": "Jane",
                "full_name": "Jane",
                "email_address": "j@example.com",
                "email": "j@example.com",
                "phone_number": "+15551234",
                "is_managed": true,
                "is_suspended": false,
                "access_schedule": {"starts_at": "2030-01-01T15:00:00.000Z", "ends_at": null},
                "last_successful_sync_at": null,
                "user_identity_id": "<person>",
                "user_identity_full_name": "Jane Doe",
                "user_identity_email_address": "jane@example.com",
                "user_identity_phone_number": null,
                "pending_mutations": [],
                "errors": [],
                "warnings": [{
                    "warning_code": "acs_user_inactive",
                    "message": "The user's access schedule does not include the present.",
                    "created_at": "<now>",
                }],
            },
            "ok": true,
        })
    );
}

#[tokio::test]
async fn what_was_not_said_is_left_out() {
    let api = Api::new();
    let body = json!({"acs_system_id": api.site.acs_system_id, "full_name": "Jane"});
    let reply = api.post("/acs/users/create", body).await.ok();
    let members: Vec<&String> = reply["acs_user"].as_object().unwrap().keys().collect();
    for absent in ["email", "email_address", "phone_number", "access_schedule", "user_identity_id"] {
        assert!(!members.iter().any(|member| *member == absent), "{absent} in {members:?}");
    }
}

#[tokio::test]
async fn a_name_is_needed() {
    let api = Api::new();
    let site = api.site.acs_system_id;
    let reply = api.post("/acs/users/create", json!({"acs_system_id": site})).await;
    assert_eq!(reply.refusal(), (400, "invalid_input", "full_name is required"));
    let reply = api.post("/acs/users/create", json!({"acs_system_id": site, "full_name": ""})).await;
    assert_eq!(reply.at("full_name"), ["String must contain at least 1 character(s)"]);
}

#[tokio::test]
async fn two_spellings_of_the_email_address_must_agree() {
    let api = Api::new();
    let mut body = json!({
        "acs_system_id": api.site.acs_system_id, "full_name": "Jane", "email_address": "a@b.c", "email": "x@b.c",
    });
    let reply = api.post("/acs/users/create", body.clone()).await;
    assert_eq!(
        reply.refusal().2,
        "Expected the same value as \"email_address\", which is another spelling of it, for \"email\""
    );
    body["email"] = json!("a@b.c");
    api.post("/acs/users/create", body).await.ok();
}

#[tokio::test]
async fn a_person_has_one_user_per_system() {
    let api = Api::new();
    let person = api.person("person").await;
    let user = api.user("Jane", Some(&person)).await;
    let body = json!({"acs_system_id": api.site.acs_system_id, "full_name": "J", "user_identity_id": person});
    let reply = api.post("/acs/users/create", body).await;
    let message = format!("the user identity already has the ACS user {user} in this system; use that one");
    assert_eq!(reply.refusal(), (409, "conflict", message.as_str()));
}

#[tokio::test]
async fn unknown_and_foreign_references_look_the_same() {
    let api = Api::new();
    for id in [NOBODY.to_owned(), api.foreign.acs_system_id.to_string()] {
        let reply = api.post("/acs/users/create", json!({"acs_system_id": id, "full_name": "Jane"})).await;
        let message = format!("acs_system {id} was not found in this workspace");
        assert_eq!(reply.refusal(), (404, "acs_system_not_found", message.as_str()));
    }
    let there = api.post_there("/user_identities/create", json!({})).await.ok();
    for id in [NOBODY, there["user_identity"]["user_identity_id"].as_str().unwrap()] {
        let body = json!({"acs_system_id": api.site.acs_system_id, "full_name": "Jane", "user_identity_id": id});
        let reply = api.post("/acs/users/create", body).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (400, "user_identity_not_found"));
    }
    let reply = api.post("/acs/users/create", json!({"acs_system_id": "x", "full_name": "Jane"})).await;
    assert_eq!(reply.at("acs_system_id"), ["Invalid uuid"]);
}

#[tokio::test]
async fn what_visionline_does_not_have_is_not_supported() {
    let api = Api::new();
    let body = json!({
        "acs_system_id": api.site.acs_system_id, "full_name": "Jane", "acs_access_group_ids": [NOBODY],
    });
    assert_eq!(api.post("/acs/users/create", body).await.refusal().1, "not_supported");
    let body = json!({"acs_system_id": api.site.manager_id, "full_name": "Jane"});
    assert_eq!(api.post("/acs/users/create", body).await.refusal().1, "not_supported");
}

#[tokio::test]
async fn a_schedule_ends_in_the_future_and_after_its_start() {
    let api = Api::new();
    for (schedule, text) in [
        (
            json!({"starts_at": "2030-01-02T00:00:00Z", "ends_at": "2030-01-01T00:00:00Z"}),
            "ends_at must be after starts_at",
        ),
        (
            json!({"starts_at": "2020-01-01T00:00:00Z", "ends_at": "2021-01-01T00:00:00Z"}),
            "ends_at must be in the future",
        ),
        (json!({"ends_at": "tomorrow"}), "Invalid datetime"),
    ] {
        let body = json!({"acs_system_id": api.site.acs_system_id, "full_name": "Jane", "access_schedule": schedule});
        assert_eq!(api.post("/acs/users/create", body).await.at("access_schedule.ends_at"), [text]);
    }
}
