//! `spec/api.md` 1.3, 1.6, 1.14: what is checked, and the words and tree in which it is reported.

use serde_json::{Value, json};

use super::{get, post};

const ID: &str = "2f5c1a9e-0d63-4f4e-9a51-6c1f6f3d2b10";

/// Sends one parameter besides the required one.
async fn with(name: &str, value: Value) -> super::Reply {
    post("/doors/create", json!({"acs_entrance_id": ID, name: value})).await
}

/// Expects one text at one top-level parameter.
async fn refuses(name: &str, value: Value, text: &str) {
    let (message, tree) = with(name, value).await.refusal();
    assert_eq!(message, format!("{text} for \"{name}\""));
    assert_eq!(tree, json!({"_errors": [], name: {"_errors": [text]}}));
}

#[tokio::test]
async fn a_missing_parameter_is_required() {
    let (message, tree) = post("/doors/create", json!({})).await.refusal();
    assert_eq!(message, "acs_entrance_id is required");
    assert_eq!(tree, json!({"_errors": [], "acs_entrance_id": {"_errors": ["Required"]}}));
}

#[tokio::test]
async fn a_wrong_type_is_named() {
    let (message, tree) = post("/doors/filter", json!({"device_ids": 1})).await.refusal();
    assert_eq!(message, "Expected array, received number for \"device_ids\"");
    assert_eq!(tree, json!({"_errors": [], "device_ids": {"_errors": ["Expected array, received number"]}}));
    refuses("name", json!(7), "Expected string, received number").await;
    refuses("access_schedule", json!("now"), "Expected object, received string").await;
    refuses("category", json!(1), "Expected 'guest' | 'common', received number").await;
    refuses("level", json!(1.5), "Expected integer, received float").await;
}

#[tokio::test]
async fn values_out_of_bounds_are_named() {
    let (message, tree) = get("/doors/list?limit=0").await.refusal();
    assert_eq!(message, "Number must be greater than 0 for \"limit\"");
    assert_eq!(tree, json!({"_errors": [], "limit": {"_errors": ["Number must be greater than 0"]}}));
    refuses("name", json!(""), "String must contain at least 1 character(s)").await;
    refuses("name", json!("x".repeat(21)), "String must contain at most 20 character(s)").await;
    refuses("door_key", json!("  "), "String must not be blank").await;
    refuses("level", json!(-1), "Number must be greater than or equal to 0").await;
    refuses("device_ids", json!([ID, ID, ID, ID]), "Array must contain at most 3 element(s)").await;
    let text = "Invalid enum value. Expected 'guest' | 'common', received 'garage'";
    refuses("category", json!("garage"), text).await;
}

#[tokio::test]
async fn what_only_the_type_knows_is_refused_as_well() {
    let (message, tree) = with("level", json!(5_000_000_000_u64)).await.refusal();
    assert_eq!(message, "invalid value: integer `5000000000`, expected u32 for \"level\"");
    assert_eq!(tree["level"], json!({"_errors": ["invalid value: integer `5000000000`, expected u32"]}));
}

#[tokio::test]
async fn a_reference_must_be_a_uuid_and_may_be_in_any_case() {
    let (message, tree) = post("/doors/create", json!({"acs_entrance_id": "101"})).await.refusal();
    assert_eq!(message, "Invalid uuid for \"acs_entrance_id\"");
    assert_eq!(tree, json!({"_errors": [], "acs_entrance_id": {"_errors": ["Invalid uuid"]}}));
    assert_eq!(post("/doors/create", json!({"acs_entrance_id": ID.to_uppercase()})).await.status, 200);
}

#[tokio::test]
async fn all_issues_are_collected_in_the_order_of_the_parameters() {
    let body = json!({"access_schedule": {"starts_at": "2023-01-01"}, "name": 1, "device_ids": [ID, "x"]});
    let (message, tree) = post("/doors/create", body).await.refusal();
    assert_eq!(
        message,
        "4 Input Errors: acs_entrance_id is required, Expected string, received number for \"name\", \
         Invalid datetime for \"access_schedule.starts_at\", Invalid uuid for \"device_ids.1\""
    );
    assert_eq!(
        tree,
        json!({
            "_errors": [],
            "acs_entrance_id": {"_errors": ["Required"]},
            "name": {"_errors": ["Expected string, received number"]},
            "access_schedule": {"_errors": [], "starts_at": {"_errors": ["Invalid datetime"]}},
            "device_ids": {"_errors": [], "1": {"_errors": ["Invalid uuid"]}},
        })
    );
}

#[tokio::test]
async fn a_rule_across_fields_stands_at_the_root() {
    let (message, tree) = post("/doors/refuse", json!({})).await.refusal();
    assert_eq!(message, "Give exactly one of acs_user_id and user_identity_id");
    assert_eq!(tree, json!({"_errors": [message]}));
}

#[tokio::test]
async fn null_is_accepted_only_where_it_means_something() {
    assert_eq!(with("note", Value::Null).await.echo(), json!({"acs_entrance_id": ID, "note": null}));
    refuses("name", Value::Null, "Expected string, received null").await;
    refuses("level", Value::Null, "Expected number, received null").await;
}

#[tokio::test]
async fn unknown_parameters_are_ignored_at_every_depth() {
    let schedule = json!({"starts_at": "2023-01-01 10:40:00.000", "cardFormat": "x"});
    let body = json!({"acs_entrance_id": ID, "cardType": "guest", "access_schedule": schedule});
    let expected = json!({"acs_entrance_id": ID, "access_schedule": {"starts_at": "2023-01-01 10:40:00.000"}});
    assert_eq!(post("/doors/create", body).await.echo(), expected);
}

#[tokio::test]
async fn an_older_spelling_stands_for_the_name() {
    assert_eq!(post("/doors/create", json!({"entrance_id": ID})).await.echo(), json!({"acs_entrance_id": ID}));
}

#[tokio::test]
async fn a_whole_number_with_a_fraction_is_an_integer() {
    assert_eq!(with("level", json!(5.0)).await.echo(), json!({"acs_entrance_id": ID, "level": 5}));
}

#[tokio::test]
async fn the_closest_of_several_forms_is_reported() {
    assert_eq!(with("target", json!({"kind": "room", "number": 1})).await.status, 200);
    let (message, _) = with("target", json!({"kind": "room", "number": "x"})).await.refusal();
    assert_eq!(message, "Expected number, received string for \"target.number\"");
    refuses("target", json!(1), "Invalid input").await;
}

#[tokio::test]
async fn the_character_nul_is_refused_wherever_it_would_be_kept() {
    const TEXT: &str = "The character U+0000 is not allowed";
    refuses("name", json!("a\0b"), TEXT).await;
    let (message, _) = with("detail", json!({"a": [{"b\0": 1}]})).await.refusal();
    assert_eq!(message, format!("{TEXT} for \"detail.a.0.b\0\""));
    let (message, _) = get("/doors/filter?custom_metadata_has.room=%00").await.refusal();
    assert_eq!(message, format!("{TEXT} for \"custom_metadata_has.room\""));
    assert_eq!(with("unknown", json!("\0")).await.status, 200);
}
