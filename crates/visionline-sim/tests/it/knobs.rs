//! The knobs of the property file: documented, refused when wrong, and obeyed.

use std::collections::BTreeMap;

use innkeep_visionline_sim::{CreateAnswer, DoorIds, Knobs, OverriddenAt, Property, RevokeDialect, UnknownMembers};
use serde_json::{Value, json};

use crate::client::{Desk, between, digest, plain, read, stay, text};

const MANUAL: &str = include_str!("../../../../docs/simulator.md");

fn turned(turn: impl FnOnce(&mut Knobs)) -> Desk {
    let mut property = Property::meridian();
    turn(&mut property.knobs);
    Desk::at(property)
}

fn with_knob(line: &str) -> Result<Property, String> {
    let file = include_str!("../../src/property/meridian.toml");
    Property::parse(&format!("{file}\n[knobs]\n{line}\n")).map_err(|error| error.to_string())
}

#[test]
fn the_manual_has_a_row_with_the_default_of_each_knob_and_no_other() {
    let Value::Object(defaults) = serde_json::to_value(Knobs::default()).unwrap() else { panic!("no object") };
    let shown = |value: &Value| if value.is_null() { "none".to_owned() } else { format!("`{value}`") };
    let expected: BTreeMap<String, String> =
        defaults.iter().map(|(name, value)| (name.clone(), shown(value))).collect();
    let table = MANUAL.split("\n## Knobs\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    let found: BTreeMap<String, String> = rows
        .map(|row| {
            let mut cells = row.split(" | ");
            let name = cells.next().unwrap().trim_end_matches('`').to_owned();
            (name, cells.next().unwrap().to_owned())
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn an_unknown_knob_is_refused_with_its_line_and_the_nearest_name() {
    let lines = include_str!("../../src/property/meridian.toml").lines().count();
    let line = lines + 3;
    assert_eq!(
        with_knob("max_skew = 5").unwrap_err(),
        format!("line {line}: \"max_skew\" is not known here; the nearest known name is \"max_skew_seconds\"")
    );
    assert_eq!(
        with_knob("overriden_rule = \"any_door\"").unwrap_err(),
        format!("line {line}: \"overriden_rule\" is not known here; the nearest known name is \"overridden_rule\"")
    );
    assert_eq!(
        with_knob("takeover = \"anyuse\"").unwrap_err(),
        format!("line {line}: \"anyuse\" is not known here; the nearest known name is \"any_use\"")
    );
}

#[test]
fn values_that_make_no_sense_are_refused_with_their_line() {
    for (line, told) in [
        ("closed_session_status = 404", "404 is not a status from 200 to 299"),
        ("rate_limit_status = 500", "500 is neither 429 nor 503"),
        ("endpoint_callback_url = \"ftp://host/\"", "is not an address"),
        ("visionline_callback_url = \"somewhere\"", "is not an address"),
        ("encoder_deadline_seconds = -1", "invalid value"),
        ("media = [\"paper\"]", "the nearest known name is \"none\""),
    ] {
        let error = with_knob(line).unwrap_err();
        assert!(error.starts_with("line ") && error.contains(told), "{line}: {error}");
    }
    assert!(with_knob("endpoint_callback_url = \"http://127.0.0.1:9000/assaservice/api/callbackEndpoint\"").is_ok());
}

#[test]
fn a_session_closes_with_the_status_of_the_knob() {
    let mut desk = turned(|knobs| knobs.closed_session_status = 204);
    let target = format!("/api/v1/sessions/{}", desk.session.0);
    assert_eq!(desk.send("DELETE", &target, None), (204, Value::Null));
}

#[test]
fn one_session_too_many_is_refused_until_one_is_closed() {
    let mut desk = turned(|knobs| knobs.max_sessions = Some(1));
    let body = br#"{"username":"sym","password":"sym"}"#;
    let mut request = plain("POST", "/api/v1/sessions", None);
    *request.body_mut() = body.to_vec();
    request.headers_mut().insert("content-md5", digest(body).parse().unwrap());
    let (status, error) = read(desk.hotel.lock_server(desk.now, &request));
    assert_eq!((status, &error["code"]), (503, &json!(50303)));
    let target = format!("/api/v1/sessions/{}", desk.session.0);
    assert_eq!(desk.send("DELETE", &target, None).0, 201);
    assert_eq!(read(desk.hotel.lock_server(desk.now, &request)).0, 201);
}

#[test]
fn without_the_check_a_wrong_digest_passes_but_a_wrong_signature_does_not() {
    let mut desk = turned(|knobs| knobs.check_content_md5 = false);
    let mut request = desk.signed("POST", "/api/v1/doors/101", Some("{\"checkedOut\": false}"));
    request.body_mut().push(b' ');
    assert_eq!(read(desk.hotel.lock_server(desk.now, &request)).0, 200);
    *request.uri_mut() = "/api/v1/doors/102".parse().unwrap();
    assert_eq!(read(desk.hotel.lock_server(desk.now, &request)).1["code"], 40103);
}

#[test]
fn unknown_members_are_refused_by_name_where_the_knob_says_so() {
    let mut body = stay(&["101"]);
    body["expire_time"] = "20251116T1100".into();
    assert_eq!(Desk::open().order("override=true", "ep-1", &body).0, 201);
    let mut strict = turned(|knobs| knobs.unknown_members = UnknownMembers::Refuse);
    let (status, error) = strict.order("override=true", "ep-1", &body);
    assert_eq!((status, &error["message"]), (400, &json!("expire_time is not known here")));
    assert_eq!(strict.order("override=true", "ep-1", &stay(&["101"])).0, 201);
}

#[test]
fn a_create_answers_as_much_as_the_knob_says() {
    let mut desk = turned(|knobs| {
        knobs.create_answer = CreateAnswer::Ids;
        knobs.credential_id_as_text = true;
    });
    assert_eq!(desk.order("override=true", "ep-1", &stay(&["101"])), (201, json!({"credentialID": "5001"})));
    assert_eq!(desk.card(100_001)["credentialID"], "5001");
    let (status, plastic) = desk.send("POST", "/api/v1/cards?override=true&pendingImage=true", Some(&stay(&["102"])));
    let members: Vec<&str> = plastic.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!((status, members), (201, vec!["id", "encryptedImage"]));
}

#[test]
fn common_doors_are_taken_under_the_names_of_the_knob_only() {
    let mut desk = turned(|knobs| knobs.common_door_operations = vec!["commonRoom".into()]);
    let body = |operation| crate::client::with_common(stay(&["101"]), operation, &["Gym"]);
    assert_eq!(desk.order("override=true", "ep-1", &body("common")).0, 400);
    assert_eq!(desk.order("override=true", "ep-1", &body("commonRoom")).0, 201);
}

#[test]
fn a_door_has_the_ids_of_the_knob() {
    let ids = |door_ids| {
        let door = turned(|knobs| knobs.door_ids = door_ids).get("/api/v1/doors/101");
        (door.get("id").is_some(), door.get("doorID").is_some())
    };
    assert_eq!(ids(DoorIds::Both), (true, true));
    assert_eq!(ids(DoorIds::Id), (true, false));
    assert_eq!(ids(DoorIds::DoorId), (false, true));
}

#[test]
fn the_flag_for_a_later_stay_flips_at_its_start_or_at_its_issue() {
    for (at, flips_at_issue) in [(OverriddenAt::Start, false), (OverriddenAt::Issue, true)] {
        let mut desk = turned(|knobs| knobs.overridden_at = at);
        let old = desk.issue("override=true", "ep-1", &stay(&["101"]));
        desk.issue("override=true", "ep-2", &between(&["101"], "20251115T1500", "20251118T1100"));
        assert_eq!(desk.card(old)["overridden"], flips_at_issue, "{at:?}");
        desk.go_to("2025-11-15T14:00:00Z");
        assert_eq!(desk.card(old)["overridden"], true);
    }
}

#[test]
fn a_dialect_that_is_not_known_answers_405() {
    let mut desk = turned(|knobs| knobs.revoke_dialects = vec![RevokeDialect::Delete]);
    let card = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let target = format!("/api/v1/cards/{card}");
    assert_eq!(desk.send("POST", &target, Some(&json!({"discarded": true}))).0, 405);
    assert_eq!(desk.send("DELETE", &target, None).0, 200);
}

#[test]
fn a_request_too_many_says_when_to_come_again() {
    for (status, code) in [(429, 42901), (503, 50304)] {
        let mut desk = turned(|knobs| {
            knobs.requests_per_minute = Some(2);
            knobs.rate_limit_status = status;
        });
        // The first was the opening of the session.
        assert_eq!(desk.send("GET", "/api/v1/doors", None).0, 200);
        let response = desk.exchange("GET", "/api/v1/doors", None).into_response().unwrap();
        assert_eq!((response.status().as_u16(), &response.headers()["retry-after"]), (status, &"60".parse().unwrap()));
        let error: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(error["code"], code);
        desk.now += jiff::SignedDuration::from_secs(60);
        assert_eq!(text(&desk.get("/api/v1/doors/101")["id"]), "101");
    }
}
