//! Sessions: opening, idling, closing, the clock.

use innkeep_visionline_sim::Property;
use jiff::SignedDuration;
use serde_json::json;

use crate::client::{Desk, digest, plain, read, signed_with};

#[test]
fn a_session_idles_out_after_fifteen_minutes_and_use_keeps_it_alive() {
    let mut desk = Desk::open();
    for _ in 0..3 {
        desk.now += SignedDuration::from_secs(15 * 60 - 1);
        assert_eq!(desk.send("GET", "/api/v1/doors", None).0, 200);
    }
    desk.now += SignedDuration::from_secs(15 * 60);
    let (status, error) = desk.send("GET", "/api/v1/doors", None);
    assert_eq!((status, &error["code"]), (401, &json!(40104)));
    desk.log_in();
    assert_eq!(desk.send("GET", "/api/v1/doors", None).0, 200);
}

#[test]
fn closing_a_session_answers_201_without_a_body_and_ends_it() {
    let mut desk = Desk::open();
    let target = format!("/api/v1/sessions/{}", desk.session.0);
    let response = desk.exchange("DELETE", &target, None).into_response().unwrap();
    assert_eq!((response.status().as_u16(), response.body().len()), (201, 0));
    assert_eq!(desk.send("DELETE", &target, None).1["code"], 40104);
}

#[test]
fn wrong_passwords_unknown_operators_and_broken_bodies_open_nothing() {
    let mut desk = Desk::open();
    for (body, code) in [
        (r#"{"username":"sym","password":"Sym"}"#, 40101),
        (r#"{"username":"sys","password":"sym"}"#, 40101),
        (r#"{"username":"sym"}"#, 40001),
        (r#"{"username":"sym","password":1}"#, 40001),
        ("[]", 40001),
        ("sym", 40001),
    ] {
        let mut request = plain("POST", "/api/v1/sessions", None);
        *request.body_mut() = body.as_bytes().to_vec();
        request.headers_mut().insert("content-md5", digest(body.as_bytes()).parse().unwrap());
        let (status, error) = read(desk.hotel.lock_server(desk.now, &request));
        assert_eq!((u64::from(status), &error["code"]), (code / 100, &json!(code)), "{body}");
    }
}

#[test]
fn skew_is_looked_at_only_when_the_knob_asks_for_it() {
    let mut property = Property::meridian();
    let dates = ["Fri, 14 Nov 2025 10:20:30 -0000", "Fri, 14 Nov 2025 10:20:31 GMT", "yesterday"];
    let statuses = |property: &Property| {
        let mut desk = Desk::at(property.clone());
        dates.map(|date| {
            let request = signed_with(&desk.session, "GET", "/api/v1/doors", None, "", date);
            read(desk.hotel.lock_server(desk.now, &request)).0
        })
    };
    assert_eq!(statuses(&property), [200, 200, 200]);
    property.knobs.max_skew_seconds = Some(300);
    assert_eq!(statuses(&property), [200, 401, 401]);
}

#[test]
fn an_operator_without_rights_may_look_and_not_issue() {
    let mut property = Property::meridian();
    property.operators[0].may_issue = false;
    let mut desk = Desk::at(property);
    assert_eq!(desk.send("GET", "/api/v1/doors", None).0, 200);
    let (status, error) = desk.send("POST", "/api/v1/doors/101", Some(&json!({"checkedOut": true})));
    assert_eq!((status, &error["code"]), (403, &json!(40301)));
    let target = format!("/api/v1/sessions/{}", desk.session.0);
    assert_eq!(desk.send("DELETE", &target, None).0, 201);
}

#[test]
fn every_answer_carries_the_servers_date() {
    let mut desk = Desk::open();
    let response = desk.exchange("GET", "/api/v1/doors", None).into_response().unwrap();
    assert_eq!(response.headers()["date"], "Fri, 14 Nov 2025 10:15:30 GMT");
}
