//! `GET /cards` with its filters, `GET /cards/{id}`.

use serde_json::json;

use crate::client::{Desk, between, stay};

#[test]
fn cards_are_listed_by_guest_door_and_time_whatever_their_status() {
    let mut desk = Desk::open();
    let first = desk.issue("override=true", "ep-1", &between(&["101", "102"], "20251114T1000", "20251115T1100"));
    let second = desk.issue("override=true", "ep-2", &between(&["101"], "20251115T1000", "20251116T1100"));
    desk.issue("override=true", "ep-3", &stay(&["103"]));
    desk.send("DELETE", &format!("/api/v1/cards/{first}"), None);
    let ids = |desk: &mut Desk, filter: &str| desk.get(&format!("/api/v1/cards{filter}"));
    let (first, second) = (json!({"id": first.to_string()}), json!({"id": second.to_string()}));
    assert_eq!(ids(&mut desk, "?guestDoor=101"), json!([first, second]));
    assert_eq!(ids(&mut desk, "?guestDoor=102"), json!([first]));
    assert_eq!(ids(&mut desk, "?guestDoor=101&validTime=20251114T1000"), json!([first]));
    assert_eq!(ids(&mut desk, "?guestDoor=101&validTime=20251115T1030"), json!([first, second]));
    assert_eq!(ids(&mut desk, "?validTime=20251115T1100&guestDoor=101"), json!([second]));
    assert_eq!(ids(&mut desk, "?guestDoor=101&validTime=20251116T1100"), json!([]));
    assert_eq!(ids(&mut desk, "?guestDoor=Gym"), json!([]));
    assert_eq!(ids(&mut desk, "?guestDoor=nowhere"), json!([]));
    assert_eq!(ids(&mut desk, "").as_array().unwrap().len(), 3);
}

#[test]
fn unreadable_filters_are_refused() {
    let mut desk = Desk::open();
    assert_eq!(desk.send("GET", "/api/v1/cards?validTime=today", None).1["code"], 40002);
    assert_eq!(desk.send("GET", "/api/v1/cards?serialNumber=zz", None).1["code"], 40001);
}

#[test]
fn an_unknown_card_answers_the_vendors_40401() {
    let mut desk = Desk::open();
    for id in ["1", "abc", "-1", "99999999999999999999"] {
        let (status, error) = desk.send("GET", &format!("/api/v1/cards/{id}"), None);
        assert_eq!((status, &error["code"]), (404, &json!(40401)));
        assert_eq!(error["message"], "the resource does not exist");
    }
}

#[test]
fn an_expired_card_says_so() {
    let mut desk = Desk::open();
    let card = desk.issue("override=true", "ep-1", &stay(&["101"]));
    desk.go_to("2025-11-16T09:59:59Z");
    assert_eq!(desk.card(card)["expired"], false);
    desk.go_to("2025-11-16T10:00:00Z");
    assert_eq!(desk.card(card)["expired"], true);
}
