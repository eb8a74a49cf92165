//! Doors and encoders of the Web API, and routes that are not there.

use serde_json::{Value, json};

use crate::client::{Desk, between, stay};

#[test]
fn doors_are_listed_as_bare_ids() {
    let mut desk = Desk::open();
    let doors = desk.get("/api/v1/doors");
    assert_eq!(doors[0], json!({"id": "101"}));
    assert_eq!(doors.as_array().unwrap().len(), 28);
    assert_eq!(desk.get("/api/v1/doors?details=false"), doors);
}

#[test]
fn details_and_door_group_are_honoured() {
    let mut desk = Desk::open();
    let suites = desk.get("/api/v1/doors?details=true&doorGroup=Suites");
    let expected = json!({
        "id": "301", "doorID": "301", "doorName": "301", "localName": "301", "doorCategory": "guest",
        "doorGroup": "Suites", "profiles": [{"id": 1, "type": "BLE"}]
    });
    assert_eq!(suites[0], expected);
    assert_eq!(suites.as_array().unwrap().len(), 2);
    assert_eq!(desk.get("/api/v1/doors?doorGroup=Nothing"), json!([]));
}

#[test]
fn every_category_of_the_vendor_is_in_the_built_in_property() {
    let mut desk = Desk::open();
    let category = |desk: &mut Desk, door: &str| desk.get(&format!("/api/v1/doors/{door}"))["doorCategory"].clone();
    assert_eq!(category(&mut desk, "210"), "guest");
    assert_eq!(category(&mut desk, "Guest%20Entrance"), "entrance");
    assert_eq!(category(&mut desk, "Garage"), "common");
    assert_eq!(category(&mut desk, "Gym"), "common (PMS)");
    assert_eq!(category(&mut desk, "Elevator"), "elevator reader");
}

#[test]
fn a_check_out_discards_the_cards_whose_main_door_it_is() {
    let mut desk = Desk::open();
    let main = desk.issue("override=true", "ep-1", &stay(&["101", "102"]));
    let other = desk.issue("override=true", "ep-2", &stay(&["103", "101"]));
    let past = desk.issue("override=true", "ep-3", &between(&["101"], "20251112T1000", "20251113T1000"));
    let (status, answer) = desk.send("POST", "/api/v1/doors/101", Some(&json!({"checkedOut": true})));
    assert_eq!((status, &answer["id"]), (200, &json!("101")));
    let flags = [main, other, past].map(|card| desk.card(card)["discarded"].clone());
    assert_eq!(flags, [true, false, false].map(Value::from));
    assert!(desk.hotel.phone_keys("ep-1").unwrap().is_empty());
    assert_eq!(desk.hotel.phone_keys("ep-2").unwrap().len(), 1);
}

#[test]
fn other_changes_to_a_door_are_refused() {
    let mut desk = Desk::open();
    let code = |answer: (u16, Value)| (answer.0, answer.1["code"].as_u64().unwrap());
    assert_eq!(code(desk.send("POST", "/api/v1/doors/101", Some(&json!({})))), (405, 40501));
    assert_eq!(code(desk.send("POST", "/api/v1/doors/101", Some(&json!({"checkedOut": 1})))), (400, 40001));
    assert_eq!(code(desk.send("POST", "/api/v1/doors/999", Some(&json!({"checkedOut": true})))), (404, 40401));
    assert_eq!(code(desk.send("GET", "/api/v1/doors/999", None)), (404, 40401));
}

#[test]
fn encoders_are_listed() {
    let mut desk = Desk::open();
    let encoders = desk.get("/api/v1/encoders");
    assert_eq!(encoders[0], json!({"id": "front-desk-1", "name": "Front Desk 1", "online": true}));
    assert_eq!(encoders[1]["name"], "Front Desk 2");
}

#[test]
fn unknown_routes_answer_404_and_wrong_methods_405() {
    let mut desk = Desk::open();
    for (method, target, status) in [
        ("GET", "/api/v1/users", 404),
        ("GET", "/api/v2/doors", 404),
        ("GET", "/", 404),
        ("DELETE", "/api/v1/doors/101", 405),
        ("PUT", "/api/v1/cards", 405),
        ("GET", "/api/v1/sessions", 405),
        ("POST", "/api/v1/encoders", 405),
    ] {
        assert_eq!(desk.send(method, target, None).0, status, "{method} {target}");
    }
}
