//! Requests that contradict themselves, or ask for what there is not.

use serde_json::{Value, json};

use super::refusal::{ask_for, assert_refused, assert_unchanged, rows};
use crate::api::Api;

#[tokio::test]
async fn a_window_that_cannot_be_is_refused() {
    let api = Api::new();
    let jane = api.user("Jane", None).await;
    api.card(&jane, &["101"]).await;
    let before = rows(&api);
    for (starts_at, ends_at, says) in [
        ("2030-01-04 10:40:00.000", "2030-01-01 10:40:00.000", "ends_at must be after starts_at"),
        ("2030-01-04 10:40:00.000", "2030-01-04 10:40:00.000", "ends_at must be after starts_at"),
        ("2023-01-01 10:40:00.000", "2023-01-04 10:40:00.000", "ends_at must be in the future"),
        ("2023-01-01 10:40:00.000", "2025-06-01 10:00:00.000", "ends_at must be in the future"),
    ] {
        let changes = json!({
            "allowed_acs_entrance_ids": [api.door("101")], "starts_at": starts_at, "ends_at": ends_at,
            "visionline_metadata": {"is_override_key": true},
        });
        assert_refused(&api, &before, &ask_for(&api, &jane, changes).await, "ends_at", &[says]);
    }
}

#[tokio::test]
async fn metadata_that_cannot_be_is_refused() {
    let api = Api::new();
    let jane = api.user("Jane", None).await;
    let first = api.card(&jane, &["101"]).await;
    let before = rows(&api);
    let formats = ["Expected 'rfid48' | 'TLCode'", "received 'RFID48'"];
    let cases: [(Value, &str, &[&str]); 6] = [
        (json!({"card_format": "RFID48"}), "visionline_metadata.card_format", &formats),
        (json!({"cardFormat": "RFID48"}), "visionline_metadata.cardFormat", &formats),
        (
            json!({"override": true, "label": "x".repeat(501)}),
            "visionline_metadata.label",
            &["at most 500 character(s)"],
        ),
        (
            json!({"override": true, "is_override_key": false, "joiners": [first]}),
            "visionline_metadata.is_override_key",
            &["Expected the same value as \"visionline_metadata.override\"", "another spelling"],
        ),
        (
            json!({"joiner_acs_credential_ids": [first], "joiners": []}),
            "visionline_metadata.joiners",
            &["Expected the same value as \"visionline_metadata.joiner_acs_credential_ids\"", "another spelling"],
        ),
        (
            json!({"override": true, "cardFormat": "TLCode", "card_format": "rfid48"}),
            "visionline_metadata.cardFormat",
            &["Expected the same value as \"visionline_metadata.card_format\"", "another spelling"],
        ),
    ];
    for (metadata, field, says) in cases {
        let changes = json!({"allowed_acs_entrance_ids": [api.door("101")], "visionline_metadata": metadata});
        assert_refused(&api, &before, &ask_for(&api, &jane, changes).await, field, says);
    }
}

#[tokio::test]
async fn a_label_of_500_characters_is_kept_whatever_their_bytes() {
    let api = Api::new();
    let jane = api.user("Jane", None).await;
    let metadata = json!({"override": true, "label": "\u{e5}".repeat(500)});
    ask_for(&api, &jane, json!({"allowed_acs_entrance_ids": [api.door("101")], "visionline_metadata": metadata}))
        .await
        .ok();
}

#[tokio::test]
async fn staff_credentials_are_refused_with_and_without_what_only_guests_have() {
    let api = Api::new();
    let jane = api.user("Jane", None).await;
    let first = api.card(&jane, &["101"]).await;
    let before = rows(&api);
    for metadata in [
        json!({"card_function_type": "staff"}),
        json!({"card_function_type": "staff", "override": true}),
        json!({"cardType": "staff", "joiners": [first]}),
        json!({"card_function_type": "staff", "auto_join": true}),
    ] {
        let changes = json!({"allowed_acs_entrance_ids": [api.door("101")], "visionline_metadata": metadata});
        let reply = ask_for(&api, &jane, changes).await;
        let message = "only guest credentials are supported; leave card_function_type out";
        assert_eq!(reply.refusal(), (400, "not_supported", message));
        assert_unchanged(&api, &before);
    }
}
