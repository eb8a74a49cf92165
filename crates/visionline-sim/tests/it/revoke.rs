//! Discard and cancel in every likely dialect (`spec/visionline.md` 2.6).

use innkeep_visionline_sim::{Property, RevokeDialect};
use serde_json::{Value, json};

use crate::client::{Desk, OPENED, stay};

fn dialects() -> [(&'static str, &'static str, Option<Value>, &'static str); 9] {
    [
        ("POST", "", Some(json!({"discarded": true})), "discarded"),
        ("PUT", "", Some(json!({"discarded": true})), "discarded"),
        ("POST", "?action=discard", None, "discarded"),
        ("PUT", "?action=discard", Some(json!({})), "discarded"),
        ("DELETE", "", None, "discarded"),
        ("POST", "", Some(json!({"cancelled": true})), "cancelled"),
        ("PUT", "", Some(json!({"cancelled": true})), "cancelled"),
        ("POST", "?action=cancel", None, "cancelled"),
        ("PUT", "?action=cancel", None, "cancelled"),
    ]
}

#[test]
fn every_dialect_ends_the_card_and_takes_the_key_off_the_phone() {
    for (method, query, body, flag) in dialects() {
        let mut desk = Desk::open();
        let card = desk.issue("override=true", "ep-1", &stay(&["101"]));
        assert_eq!(desk.show("101", card), OPENED);
        let target = format!("/api/v1/cards/{card}{query}");
        let (status, answer) = desk.send(method, &target, body.as_ref());
        assert_eq!((status, &answer[flag], &answer["id"]), (200, &json!(true), &json!(card.to_string())), "{target}");
        assert_eq!(desk.card(card)[flag], true);
        assert_eq!(desk.show("101", card), "refused no_key ");
        assert_eq!(desk.send(method, &target, body.as_ref()).0, 200, "a second time");
    }
}

#[test]
fn a_dialect_the_server_does_not_know_answers_405_and_changes_nothing() {
    let mut property = Property::meridian();
    property.knobs.revoke_dialects = vec![RevokeDialect::Delete];
    let mut desk = Desk::at(property);
    let card = desk.issue("override=true", "ep-1", &stay(&["101"]));
    for (method, query, body, flag) in dialects() {
        let status = desk.send(method, &format!("/api/v1/cards/{card}{query}"), body.as_ref()).0;
        assert_eq!(status, if method == "DELETE" { 200 } else { 405 }, "{method} {query} {flag}");
    }
    assert_eq!(desk.card(card)["cancelled"], false);
}

#[test]
fn any_other_change_to_a_card_answers_405() {
    let mut desk = Desk::open();
    let card = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let target = format!("/api/v1/cards/{card}");
    for body in [json!({"expireTime": "20251120T1100"}), json!({"discarded": false}), json!({})] {
        assert_eq!(desk.send("POST", &target, Some(&body)).0, 405, "{body}");
    }
    assert_eq!(desk.send("POST", &target, Some(&json!({"discarded": "true"}))).0, 400);
    assert_eq!(desk.send("POST", &target, None).0, 400);
    assert_eq!(desk.send("POST", &format!("{target}?action=erase"), None).0, 405);
    assert_eq!(desk.send("DELETE", "/api/v1/cards/1", None).0, 404);
    assert_eq!(desk.card(card)["discarded"], false);
}

#[test]
fn discarding_the_main_key_leaves_its_joiners_working_and_joinable() {
    let mut desk = Desk::open();
    let main = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let joiner = desk.issue("", "ep-2", &crate::client::joining(stay(&["101"]), &[main]));
    desk.send("DELETE", &format!("/api/v1/cards/{main}"), None);
    let next = desk.issue("", "ep-3", &crate::client::joining(stay(&["101"]), &[joiner]));
    assert_eq!([joiner, next, joiner].map(|card| desk.show("101", card)), [OPENED; 3]);
}

#[test]
fn a_discarded_plastic_card_still_opens_an_offline_lock() {
    let mut desk = Desk::open();
    let card = desk.write_card("override=true", "04aabbccddeeff", &stay(&["101"]));
    desk.send("DELETE", &format!("/api/v1/cards/{card}"), None);
    assert_eq!(desk.card(card)["discarded"], true);
    assert_eq!(desk.show("101", card), OPENED);
}
