//! `POST /cards`: the answer, and every refusal of an order.

use innkeep_visionline_sim::{EndpointIdSpelling, InactiveEndpoint, OverriddenRule, Property};
use serde_json::{Value, json};

use crate::client::{Desk, between, joining, stay, with_common};

const OVERRIDE: &str = "/api/v1/cards?action=mobileAccess&override=true";

fn code(answer: &(u16, Value)) -> u64 {
    assert_eq!(Some(u64::from(answer.0)), answer.1["code"].as_u64().map(|code| code / 100), "{answer:?}");
    assert_eq!(answer.1["status"], answer.0);
    assert!(answer.1["message"].is_string() && answer.1["developerMessage"].is_string());
    answer.1["code"].as_u64().unwrap()
}

#[test]
fn a_phone_key_is_answered_whole_and_marked_issued_once_the_phone_has_it() {
    let mut desk = Desk::open();
    let mut body = with_common(stay(&["101"]), "commonRoom", &["Gym"]);
    body["cardHolder"] = "k7".into();
    let (status, card) = desk.order("override=true", "ep-1", &body);
    assert_eq!(status, 201);
    let expected = json!({
        "id": "100001", "uniqueRegistrationNumber": 100_001, "format": "rfid48", "cardHolder": "k7",
        "doorOperations": [
            {"doors": ["101"], "operation": "guest"}, {"doors": ["Gym"], "operation": "commonRoom"}
        ],
        "created": "20251114T1115", "startTime": "20251114T1000", "expireTime": "20251116T1100",
        "expired": false, "notIssued": true, "numberOfIssuedCards": 0, "serialNumbers": [],
        "overridden": false, "overwritten": false, "cancelled": false, "discarded": false,
        "pendingAutoUpdate": false, "credentialID": 5001, "endPointID": "ep-1"
    });
    assert_eq!(card, expected);
    let card = desk.card(100_001);
    assert_eq!((&card["notIssued"], &card["numberOfIssuedCards"]), (&json!(false), &json!(1)));
}

#[test]
fn the_endpoint_id_is_spelt_as_the_knob_says() {
    let mut property = Property::meridian();
    property.knobs.endpoint_id_spelling = EndpointIdSpelling::EndpointId;
    let mut desk = Desk::at(property);
    let card = desk.order("override=true", "ep-1", &stay(&["101"])).1;
    assert_eq!((&card["endpointId"], card.get("endPointID")), (&json!("ep-1"), None));
}

#[test]
fn unreadable_orders_are_refused_with_40001() {
    let mut desk = Desk::open();
    let member = |name: &str, value: Value| {
        let mut body = stay(&["101"]);
        body["endPointID"] = "ep-1".into();
        body[name] = value;
        body
    };
    for body in [
        member("format", json!("rfid49")),
        member("format", json!(48)),
        member("endPointID", Value::Null),
        member("endPointID", json!(["ep-1"])),
        member("label", json!(1)),
        member("serialNumbers", json!(["xyz"])),
        member("serialNumbers", json!("04")),
        member("doorOperations", Value::Null),
        member("doorOperations", json!([])),
        member("doorOperations", json!([{"doors": [], "operation": "guest"}])),
        member("doorOperations", json!([{"doors": "101", "operation": "guest"}])),
        member("doorOperations", json!([{"doors": ["101"], "operation": "staff"}])),
        member("doorOperations", json!([{"doors": ["101"]}])),
        json!([]),
    ] {
        assert_eq!(code(&desk.send("POST", OVERRIDE, Some(&body))), 40001, "{body}");
    }
    let sound = member("label", json!("x"));
    for flags in ["action=mobileaccess", "override=yes", "override=true&autoJoin=true"] {
        let target = format!("/api/v1/cards?action=mobileAccess&{flags}").replace("mobileAccess&action=", "");
        assert_eq!(code(&desk.send("POST", &target, Some(&sound))), 40001, "{flags}");
    }
    assert_eq!(code(&desk.order("override=true", "ep-1", &joining(stay(&["101"]), &[1]))), 40001);
    assert_eq!(desk.hotel.cards().count(), 0);
}

#[test]
fn impossible_windows_are_refused_with_40002() {
    let mut desk = Desk::open();
    for (start, expire) in [
        ("20251116T1100", "20251116T1100"),
        ("20251116T1100", "20251114T1000"),
        ("2025-11-14T10:00", "20251116T1100"),
        ("20251114T1000", "20251131T1100"),
        ("20251114T1000", ""),
    ] {
        let answer = desk.order("override=true", "ep-1", &between(&["101"], start, expire));
        assert_eq!(code(&answer), 40002, "{start} {expire}");
    }
    let mut body = stay(&["101"]);
    body["startTime"] = Value::Null;
    body["expireTime"] = "20251114T1115".into();
    assert_eq!(code(&desk.order("override=true", "ep-1", &body)), 40002);
}

#[test]
fn an_rfid48_card_holds_no_more_than_its_capacity_and_tlcode_does() {
    let mut desk = Desk::open();
    let doors = ["101", "103", "105", "107", "109", "201", "203", "205", "207"];
    assert_eq!(desk.order("override=true", "ep-1", &stay(&doors[..8])).0, 201);
    assert_eq!(code(&desk.order("override=true", "ep-1", &stay(&doors))), 40004);
    let mut body = stay(&doors);
    body["format"] = "TLCode".into();
    assert_eq!(desk.order("override=true", "ep-1", &body).0, 201);
}

#[test]
fn unknown_doors_are_refused_with_40401_and_their_name() {
    let mut desk = Desk::open();
    let answer = desk.order("override=true", "ep-1", &stay(&["101", "999"]));
    assert_eq!((code(&answer), &answer.1["resource"]), (40401, &json!("doors/999")));
}

#[test]
fn doors_are_sorted_by_their_category_whatever_the_operation_is_called() {
    let mut desk = Desk::open();
    for operation in ["guest", "common", "commonRoom"] {
        let body = with_common(stay(&["101"]), operation, &["Gym", "Pool", "Gym"]);
        let card = desk.issue("override=true", "ep-1", &body);
        assert_eq!(desk.show("Pool", card), "opened guest_common 0x0045", "{operation}");
        assert_eq!(desk.show("Garage", card), "refused no_access 0x0140");
    }
    let common_only = desk.issue("", "ep-1", &stay(&["Gym"]));
    assert_eq!(desk.show("Guest Entrance", common_only), "refused no_access 0x0140");
}

#[test]
fn a_key_for_an_inactive_endpoint_is_refused_or_waits() {
    let mut desk = Desk::open();
    assert_eq!(code(&desk.order("override=true", "ep-9", &stay(&["101"]))), 40903);
    let mut property = Property::meridian();
    property.knobs.inactive_endpoint = InactiveEndpoint::Queue;
    let mut desk = Desk::at(property);
    let card = desk.issue("override=true", "ep-9", &stay(&["101"]));
    assert_eq!(desk.card(card)["notIssued"], true);
    assert_eq!(desk.show("101", card), "refused no_key ");
    desk.hotel.enrol_phone("ep-9");
    assert_eq!(desk.card(card)["notIssued"], false);
    assert_eq!(desk.show("101", card), "opened guest 0x0043");
}

#[test]
fn without_their_options_no_phone_key_is_made_and_encoding_is_not_offered() {
    let mut property = Property::meridian();
    property.knobs.mobile_access = false;
    property.knobs.encoding = false;
    let mut desk = Desk::at(property);
    assert_eq!(code(&desk.order("override=true", "ep-1", &stay(&["101"]))), 40302);
    let encode = desk.send("POST", "/api/v1/cards?action=encode&encoder=front-desk-1", Some(&stay(&["101"])));
    assert_eq!(code(&encode), 40302);
}

#[test]
fn with_the_any_door_rule_one_lost_door_makes_a_card_overridden() {
    let mut property = Property::meridian();
    property.knobs.overridden_rule = OverriddenRule::AnyDoor;
    let mut desk = Desk::at(property);
    let old = desk.issue("override=true", "ep-1", &stay(&["101", "102"]));
    desk.issue("override=true", "ep-2", &stay(&["101"]));
    assert_eq!(desk.card(old)["overridden"], true);
}

#[test]
fn a_suite_card_is_greeted_as_one_at_the_doors_of_the_suite() {
    let mut desk = Desk::open();
    let suite = desk.issue("override=true", "ep-1", &stay(&["301", "302", "101"]));
    assert_eq!(desk.show("302", suite), "opened guest_suite 0x0044");
    assert_eq!(desk.show("101", suite), "opened guest 0x0043");
    let single = desk.issue("override=true", "ep-1", &stay(&["301"]));
    assert_eq!(desk.show("301", single), "opened guest 0x0043");
}
