//! Handles for tests of clients: count requests, be silent, answer one at a time (style 3.7).

use innkeep_visionline_sim::Exchange;
use serde_json::{Value, json};

use crate::client::{Desk, plain, read, stay};

fn control(desk: &mut Desk, method: &str, path: &str, body: &Value) -> Value {
    let response = desk.hotel.control(desk.now, &plain(method, &format!("/control/v1/{path}"), Some(body)));
    assert_eq!(response.status(), 200);
    serde_json::from_slice(response.body()).unwrap()
}

fn ask(desk: &mut Desk) -> u64 {
    match desk.exchange("GET", "/api/v1/doors/101", None) {
        Exchange::Waiting { ticket, until: None } => ticket,
        other => panic!("{other:?}"),
    }
}

#[test]
fn requests_are_counted_by_route_and_ids_from_outside_do_not_fill_the_table() {
    let mut desk = Desk::open();
    control(&mut desk, "DELETE", "requests", &json!({}));
    desk.issue("override=true", "ep-1", &stay(&["101"]));
    for id in 0..5 {
        desk.send("GET", &format!("/api/v1/cards/{id}"), None);
        desk.send("GET", &format!("/api/v1/nothing-{id}"), None);
        desk.send("GET", &format!("/api/v1/doors?action={id}"), None);
    }
    let counted = control(&mut desk, "GET", "requests", &json!({}));
    let expected = json!({"total": 16, "open_sessions": 1, "by_route": {
        "GET /cards/{id}": 5, "GET /doors": 5, "POST /cards?action=mobileAccess": 1, "other": 5}});
    assert_eq!(counted, expected);
}

#[test]
fn a_silent_server_never_answers_and_does_nothing() {
    let mut desk = Desk::open();
    control(&mut desk, "POST", "faults", &json!({"kind": "silent", "count": 1}));
    let ticket = ask(&mut desk);
    desk.now += jiff::SignedDuration::from_hours(1);
    assert!(matches!(desk.hotel.resume(desk.now, ticket), Exchange::Waiting { .. }));
    desk.log_in();
    assert_eq!(desk.send("GET", "/api/v1/doors/101", None).0, 200);
    desk.hotel.abandon(ticket);
    assert!(matches!(desk.hotel.resume(desk.now, ticket), Exchange::ReplyLost));
}

#[test]
fn held_requests_are_answered_one_at_a_time_in_their_order() {
    let mut desk = Desk::open();
    control(&mut desk, "POST", "answers", &json!({"held": true}));
    let tickets = [ask(&mut desk), ask(&mut desk), ask(&mut desk)];
    assert_eq!(control(&mut desk, "GET", "answers", &json!({})), json!({"held": true, "waiting": 3}));
    let answered =
        |desk: &mut Desk, at: usize| !matches!(desk.hotel.resume(desk.now, tickets[at]), Exchange::Waiting { .. });
    control(&mut desk, "POST", "answers/release", &json!({"count": 1}));
    assert!(!answered(&mut desk, 1));
    assert_eq!(read(desk.hotel.resume(desk.now, tickets[0])).0, 200);
    control(&mut desk, "POST", "answers", &json!({"held": false}));
    assert_eq!(read(desk.hotel.resume(desk.now, tickets[2])).0, 200);
    assert_eq!(read(desk.hotel.resume(desk.now, tickets[1])).0, 200);
}

#[test]
fn what_is_released_beyond_the_waiting_lets_the_next_ones_pass() {
    let mut desk = Desk::open();
    control(&mut desk, "POST", "answers", &json!({"held": true}));
    control(&mut desk, "POST", "answers/release", &json!({"count": 1}));
    assert_eq!(desk.send("GET", "/api/v1/doors/101", None).0, 200);
    ask(&mut desk);
}

#[test]
fn without_credential_services_no_phone_key_is_ordered_and_plastic_still_is() {
    let mut desk = Desk::open();
    control(&mut desk, "POST", "credential-services/offline", &json!({}));
    let (status, error) = desk.order("override=true", "ep-1", &stay(&["101"]));
    assert_eq!((status, &error["code"]), (503, &json!(50302)));
    desk.write_card("override=true", "04aa", &stay(&["101"]));
    assert!(matches!(
        desk.hotel.credential_services(desk.now, &plain("GET", "/endpoint/ep-1", None)),
        Exchange::Unreachable
    ));
    control(&mut desk, "POST", "credential-services/online", &json!({}));
    assert_eq!(desk.order("autoJoin=true", "ep-1", &stay(&["101"])).0, 201);
}
