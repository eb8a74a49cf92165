//! A desk over the wire: the answer waits for a person, and the deadline is that of the hotel's clock.

use serde_json::{Value, json};

use super::{
    process::{PLAIN, Sim},
    wire::{Session, Wire, digest},
};

const DATE: &str = "Fri, 14 Nov 2025 10:15:30 GMT";
const JSON: &str = "application/json;charset=utf-8";
const ENCODE: &str = "/api/v1/cards?action=encode&encoder=front-desk-1&override=true";
const BODY: &str =
    r#"{"expireTime":"29991116T1100","format":"rfid48","doorOperations":[{"doors":["101"],"operation":"guest"}]}"#;

/// Orders a card and waits until the encoder does.
fn order(sim: &Sim) -> Wire {
    let body = r#"{"username":"sym","password":"sym"}"#;
    let mut wire = sim.connect();
    let session = Session::of(&wire.ask(format!(
        "POST /api/v1/sessions HTTP/1.1\r\nHost: v\r\nContent-MD5: {}\r\nContent-Length: {}\r\n\r\n{body}",
        digest(body),
        body.len()
    )));
    let md5 = digest(BODY);
    wire.send(format!(
        "POST {ENCODE} HTTP/1.1\r\nHost: v\r\nDate: {DATE}\r\nContent-Type: {JSON}\r\nContent-MD5: {md5}\r\n\
         Authorization: {}\r\nContent-Length: {}\r\n\r\n{BODY}",
        session.sign("POST", &md5, JSON, DATE, ENCODE),
        BODY.len()
    ));
    sim.until("encoders/front-desk-1", |encoder| encoder["state"] == "waiting_for_card");
    wire
}

#[test]
fn the_answer_comes_when_a_card_is_placed() {
    let sim = Sim::start(PLAIN);
    let mut wire = order(&sim);
    let card = json!({"serial_number": "04AA", "technology": "ultralight_ev1"});
    sim.control("POST", "encoders/Front%20Desk%201/place", &card);
    let answer = wire.answer().unwrap();
    assert_eq!((answer.status, &answer.json()["serialNumbers"]), (201, &json!(["04aaffffffffffff"])));
    let verdict = sim.control("POST", "doors/101/present", &json!({"serial_number": "04aa"}));
    assert_eq!((&verdict["opened"], &verdict["code"]), (&json!(true), &json!("0x0043")));
    assert_eq!(sim.control("GET", "encoders/front-desk-1", &Value::Null)["state"], "done");
}

#[test]
fn the_deadline_passes_with_the_clock_that_is_moved() {
    let sim = Sim::start(&["--tls", "off", "--clock", "virtual"]);
    let mut wire = order(&sim);
    sim.control("POST", "clock", &json!({"advance_seconds": 30}));
    let answer = wire.answer().unwrap();
    assert_eq!((answer.status, &answer.json()["resultCode"]), (409, &json!(41)));
}
