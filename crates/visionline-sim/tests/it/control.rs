//! The control interface (design 9).

use serde_json::{Value, json};

use crate::client::{Desk, plain, stay};

fn control(desk: &mut Desk, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
    let request = plain(method, &format!("/control/v1/{path}"), body);
    let response = desk.hotel.control(desk.now, &request);
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}

fn ok(desk: &mut Desk, method: &str, path: &str, body: Option<&Value>) -> Value {
    let (status, answer) = control(desk, method, path, body);
    assert_eq!(status, 200, "{answer}");
    answer
}

#[test]
fn a_verdict_has_exactly_the_members_of_the_design() {
    let mut desk = Desk::open();
    let card = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let id = card.to_string();
    let payload = "0101010000006500010043011200050201000000";
    let opened = json!({"opened": true, "reason": "guest", "code": "0x0043", "at": "2025-11-14T10:15:30.000Z",
        "card_id": id, "payload": payload});
    for body in [json!({"endpoint_id": "ep-1"}), json!({"card_id": id}), json!({"card_id": card})] {
        assert_eq!(ok(&mut desk, "POST", "doors/101/present", Some(&body)), opened);
    }
    let refused = ok(&mut desk, "POST", "doors/102/present", Some(&json!({"endpoint_id": "ep-1"})));
    assert_eq!((&refused["opened"], &refused["reason"]), (&json!(false), &json!("no_access")));
    let nothing = ok(&mut desk, "POST", "doors/101/present", Some(&json!({"endpoint_id": "ep-2"})));
    let expected = json!({"opened": false, "reason": "no_key", "code": null, "at": "2025-11-14T10:15:30.000Z",
        "card_id": null, "payload": null});
    assert_eq!(nothing, expected);
    desk.write_card("override=true", "04aa", &stay(&["103"]));
    let plastic = ok(&mut desk, "POST", "doors/103/present", Some(&json!({"serial_number": "04AA"})));
    assert_eq!(plastic["opened"], true);
}

#[test]
fn a_door_shows_its_lock() {
    let mut desk = Desk::open();
    desk.issue("override=true", "ep-1", &stay(&["101"]));
    ok(&mut desk, "POST", "doors/101/present", Some(&json!({"endpoint_id": "ep-1"})));
    let condition = json!({"privacy": "do_not_disturb", "clock_drift_seconds": 90});
    ok(&mut desk, "POST", "doors/101/condition", Some(&condition));
    let door = ok(&mut desk, "GET", "doors/101", None);
    assert_eq!((&door["name"], &door["category"], &door["stamp"]), (&json!("101"), &json!("guest"), &json!(1)));
    assert_eq!(door["clock"], "2025-11-14T11:17:00");
    assert_eq!(door["last_verdicts"][0]["reason"], "guest");
    let refused = ok(&mut desk, "POST", "doors/101/present", Some(&json!({"endpoint_id": "ep-1"})));
    assert_eq!((&refused["reason"], &refused["code"]), (&json!("privacy"), &json!("0x002b")));
    assert_eq!(ok(&mut desk, "GET", "doors", None)["doors"].as_array().unwrap().len(), 28);
    assert_eq!(ok(&mut desk, "GET", "doors/Main%20Entrance", None)["stamp"], 0);
}

#[test]
fn phones_are_cut_off_and_brought_back() {
    let mut desk = Desk::open();
    assert_eq!(ok(&mut desk, "POST", "phones/ep-1/offline", None)["online"], false);
    let card = desk.issue("override=true", "ep-1", &stay(&["101", "102"]));
    assert_eq!(ok(&mut desk, "GET", "phones/ep-1/keys", None), json!({"keys": []}));
    assert_eq!(ok(&mut desk, "POST", "phones/ep-1/online", None)["keys"], 1);
    let keys = ok(&mut desk, "GET", "phones/ep-1/keys", None);
    let expected = json!({"keys": [{
        "card_id": card.to_string(), "credential_id": 5001, "label": "", "description": "",
        "start_time": "20251114T1000", "expire_time": "20251116T1100",
        "guest_doors": ["101", "102"], "common_doors": []
    }]});
    assert_eq!(keys, expected);
    assert_eq!(ok(&mut desk, "GET", "phones", None)["phones"].as_array().unwrap().len(), 3);
}

#[test]
fn cards_show_their_stamps_and_lost_doors() {
    let mut desk = Desk::open();
    desk.issue("override=true", "ep-1", &stay(&["101", "102"]));
    desk.issue("override=true", "ep-2", &stay(&["101"]));
    let cards = ok(&mut desk, "GET", "cards", None);
    assert_eq!(cards["cards"][0]["stamps"], json!([{"door": "101", "stamp": 1}, {"door": "102", "stamp": 1}]));
    assert_eq!(cards["cards"][0]["lostDoors"], json!(["101"]));
    assert_eq!(cards["cards"][1]["stamps"][0]["stamp"], 2);
}

#[test]
fn encoders_take_a_card_and_give_it_back() {
    let mut desk = Desk::open();
    let body = json!({"serial_number": "04AA", "technology": "ultralight_ev1"});
    let placed = ok(&mut desk, "POST", "encoders/Front%20Desk%201/place", Some(&body));
    assert_eq!(placed["encoder"], "front-desk-1");
    assert_eq!(placed["placed"]["serial_number"], "04aaffffffffffff");
    assert_eq!(ok(&mut desk, "POST", "encoders/front-desk-1/remove", None)["placed"], Value::Null);
}

#[test]
fn reset_goes_back_to_the_property_file() {
    let mut desk = Desk::open();
    desk.issue("override=true", "ep-1", &stay(&["101"]));
    ok(&mut desk, "POST", "doors/101/present", Some(&json!({"endpoint_id": "ep-1"})));
    let session = desk.session.clone();
    ok(&mut desk, "POST", "reset", None);
    assert_eq!(desk.hotel.cards().count(), 0);
    assert_eq!(desk.hotel.lock("101").unwrap().last_stamp(), 0);
    assert_eq!(desk.send("GET", "/api/v1/doors", None).0, 401);
    desk.log_in();
    assert_ne!(desk.session, session);
}

#[test]
fn bad_input_is_told_with_a_4xx_and_a_message() {
    let mut desk = Desk::open();
    let empty = json!({});
    for (method, path, body, status) in [
        ("POST", "doors/101/present", Some(&empty), 400),
        ("POST", "doors/101/present", Some(&json!({"endpoint_id": "ep-1", "card_id": "1"})), 400),
        ("POST", "doors/101/present", Some(&json!({"card_id": "x"})), 400),
        ("POST", "doors/101/present", Some(&json!({"endpoint": "ep-1"})), 400),
        ("POST", "doors/101/present", None, 400),
        ("POST", "doors/101/present", Some(&json!({"card_id": "1"})), 404),
        ("POST", "doors/101/present", Some(&json!({"endpoint_id": "nobody"})), 404),
        ("POST", "doors/101/present", Some(&json!({"serial_number": "04"})), 404),
        ("POST", "doors/999/present", Some(&json!({"endpoint_id": "ep-1"})), 404),
        ("POST", "doors/101/condition", Some(&json!({"deadbolt": "maybe"})), 400),
        ("POST", "faults", Some(&json!({"kind": "earthquake", "count": 1})), 400),
        ("POST", "faults", Some(&json!({"kind": "slow"})), 400),
        ("POST", "faults", Some(&json!({"kind": "slow", "count": 1, "seconds": 1})), 400),
        ("POST", "phones/redeem", Some(&json!({"invitation_code": "AAAA"})), 400),
        ("POST", "phones/nobody/offline", None, 404),
        ("GET", "phones/nobody/keys", None, 404),
        ("POST", "encoders/lost/remove", None, 404),
        ("GET", "doors/101/present", None, 405),
        ("POST", "doors", None, 405),
        ("GET", "reset", None, 405),
        ("GET", "clock", None, 404),
        ("GET", "doors/%ff", None, 404),
    ] {
        let (found, answer) = control(&mut desk, method, path, body);
        assert_eq!(found, status, "{method} {path} {answer}");
        assert!(answer["error"]["message"].is_string() && answer["error"]["type"].is_string());
    }
}
