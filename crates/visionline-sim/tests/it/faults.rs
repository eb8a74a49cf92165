//! Bad weather at the lock server, ordered through the control interface.

use innkeep_visionline_sim::Exchange;
use serde_json::json;

use crate::client::{Desk, plain, stay};

const CREATE: &str = "/api/v1/cards?action=mobileAccess&override=true";

fn order(desk: &mut Desk, body: &serde_json::Value) {
    let response = desk.hotel.control(desk.now, &plain("POST", "/control/v1/faults", Some(body)));
    assert_eq!(response.status(), 200);
}

fn create(desk: &mut Desk) -> Exchange {
    let mut body = stay(&["101"]);
    body["endPointID"] = "ep-1".into();
    desk.exchange("POST", CREATE, Some(&body))
}

#[test]
fn unreachable_does_nothing_and_ends_by_count() {
    let mut desk = Desk::open();
    order(&mut desk, &json!({"kind": "unreachable", "count": 1}));
    assert!(matches!(create(&mut desk), Exchange::Unreachable));
    assert_eq!(desk.hotel.cards().count(), 0);
    assert_eq!(create(&mut desk).into_response().unwrap().status(), 201);
}

#[test]
fn a_lost_reply_has_done_the_work() {
    let mut desk = Desk::open();
    order(&mut desk, &json!({"kind": "lost_reply", "count": 1}));
    assert!(matches!(create(&mut desk), Exchange::ReplyLost));
    assert_eq!(desk.hotel.cards().count(), 1);
    assert_eq!(desk.hotel.phone_keys("ep-1").unwrap().len(), 1);
}

#[test]
fn a_server_error_answers_500_and_does_nothing() {
    let mut desk = Desk::open();
    order(&mut desk, &json!({"kind": "server_error", "seconds": 60}));
    assert_eq!(create(&mut desk).into_response().unwrap().status(), 500);
    assert_eq!(desk.hotel.cards().count(), 0);
    desk.now += jiff::SignedDuration::from_secs(60);
    assert_eq!(create(&mut desk).into_response().unwrap().status(), 201);
}

#[test]
fn a_slow_answer_says_how_late_it_is() {
    let mut desk = Desk::open();
    order(&mut desk, &json!({"kind": "slow", "count": 1, "delay_ms": 1500}));
    assert!(matches!(create(&mut desk), Exchange::Answered { delay_ms: 1500, .. }));
    assert!(matches!(create(&mut desk), Exchange::Answered { delay_ms: 0, .. }));
}

#[test]
fn an_expired_session_answers_401_once_and_a_new_one_works() {
    let mut desk = Desk::open();
    order(&mut desk, &json!({"kind": "session_expired", "count": 1}));
    let (status, error) = desk.send("GET", "/api/v1/doors", None);
    assert_eq!((status, &error["code"]), (401, &json!(40104)));
    desk.log_in();
    assert_eq!(desk.send("GET", "/api/v1/doors", None).0, 200);
}

#[test]
fn garbage_is_a_success_nobody_can_read_after_the_work_was_done() {
    let mut desk = Desk::open();
    order(&mut desk, &json!({"kind": "garbage", "count": 1}));
    let response = create(&mut desk).into_response().unwrap();
    assert_eq!(response.status(), 200);
    assert!(serde_json::from_slice::<serde_json::Value>(response.body()).is_err());
    assert_eq!(desk.hotel.cards().count(), 1);
}

#[test]
fn faults_are_listed_and_lifted() {
    let mut desk = Desk::open();
    order(&mut desk, &json!({"kind": "unreachable", "seconds": 3600}));
    let list = desk.hotel.control(desk.now, &plain("GET", "/control/v1/faults", None));
    let list: serde_json::Value = serde_json::from_slice(list.body()).unwrap();
    assert_eq!(list, json!({"faults": [{"kind": "unreachable", "until": "2025-11-14T11:15:30.000Z"}]}));
    desk.hotel.control(desk.now, &plain("DELETE", "/control/v1/faults", None));
    assert_eq!(desk.send("GET", "/api/v1/doors", None).0, 200);
}
