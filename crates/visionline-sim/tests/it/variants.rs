//! Cards and locks out of the ordinary: online locks, suites, one time and cancel cards (`spec/visionline.md` 4.6 to 4.8).

use innkeep_visionline_sim::{Door, Interval, Presented, Property};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::client::{Desk, OPENED, OVERRIDDEN, between, plain, stay};

/// Hotel Meridian, whose door 101 is online with a delay of 20 seconds.
fn online() -> Desk {
    let mut property = Property::meridian();
    let door = property.doors.iter_mut().find(|door| door.name == "101").unwrap();
    (door.online, door.online_delay_seconds) = (true, 20);
    Desk::at(property)
}

fn program(desk: &mut Desk, serial: &str, body: &Value) {
    let request = plain("POST", &format!("/control/v1/media/{serial}/program"), Some(body));
    let response = desk.hotel.control(desk.now, &request);
    assert_eq!(response.status(), 200, "{:?}", String::from_utf8_lossy(response.body()));
}

#[test]
fn an_online_lock_hears_of_a_new_stay_after_its_delay_without_any_use() {
    let mut desk = online();
    let old = desk.issue("override=true", "ep-1", &stay(&["101", "102"]));
    desk.issue("override=true", "ep-2", &stay(&["101", "102"]));
    assert_eq!(desk.show("101", old), OPENED);
    desk.now += SignedDuration::from_secs(20);
    assert_eq!(desk.show("101", old), OVERRIDDEN);
    assert_eq!(desk.show("102", old), OPENED, "the offline lock has heard nothing");
}

#[test]
fn an_online_lock_does_not_hear_what_was_not_to_be_sent_or_is_over() {
    let mut desk = online();
    let old = desk.issue("override=true", "ep-1", &stay(&["101"]));
    desk.issue("override=true&sendOnline=false", "ep-2", &stay(&["101"]));
    let discarded = desk.issue("override=true", "ep-3", &stay(&["101"]));
    desk.send("POST", &format!("/api/v1/cards/{discarded}"), Some(&json!({"discarded": true})));
    desk.now += SignedDuration::from_secs(20);
    assert_eq!(desk.show("101", old), OPENED);
}

#[test]
fn an_online_lock_hears_of_a_later_stay_when_it_starts() {
    let mut desk = online();
    let old = desk.issue("override=true", "ep-1", &stay(&["101"]));
    desk.issue("override=true", "ep-2", &between(&["101"], "20251115T1500", "20251118T1100"));
    desk.go_to("2025-11-15T13:59:59Z");
    assert_eq!(desk.show("101", old), OPENED);
    desk.go_to("2025-11-15T14:00:00Z");
    assert_eq!(desk.show("101", old), OVERRIDDEN);
}

#[test]
fn a_cancelled_card_is_refused_by_online_locks_and_opens_offline_ones() {
    let mut desk = online();
    let card = desk.write_card("override=true", "04aa", &stay(&["101", "102"]));
    desk.send("POST", &format!("/api/v1/cards/{card}"), Some(&json!({"cancelled": true})));
    assert_eq!(desk.show("101", card), OPENED);
    desk.now += SignedDuration::from_secs(20);
    assert_eq!(desk.show("101", card), "refused cancelled 0x0017");
    assert_eq!(desk.show("102", card), OPENED);
    program(&mut desk, "04cc", &json!({"function": "cancel", "cancels": [card]}));
    assert_eq!(desk.verdict("102", Presented::Serial("04cc")), "refused cancel_list_taken ");
    assert_eq!(desk.show("102", card), "refused cancelled 0x0017");
}

#[test]
fn a_one_time_card_opens_once_and_overrides_nobody() {
    let mut desk = Desk::open();
    let guest = desk.issue("override=true", "ep-1", &stay(&["101"]));
    assert_eq!(desk.show("101", guest), OPENED);
    program(&mut desk, "04aa", &json!({"function": "one_time", "guest_doors": ["101"]}));
    assert_eq!(desk.verdict("101", Presented::Serial("04aa")), "opened one_time 0x0048");
    assert_eq!(desk.verdict("101", Presented::Serial("04aa")), "refused expired 0x0142");
    assert_eq!(desk.show("101", guest), OPENED);
}

#[test]
fn one_card_for_both_rooms_of_the_suite_is_a_suite_card() {
    let mut desk = Desk::open();
    let suite = desk.issue("override=true", "ep-1", &stay(&["301", "302"]));
    assert_eq!(desk.show("301", suite), "opened guest_suite 0x0044");
    assert_eq!(desk.show("302", suite), "opened guest_suite 0x0044");
    let room = desk.issue("override=true", "ep-2", &stay(&["302"]));
    assert_eq!(desk.show("302", room), OPENED);
    assert_eq!(desk.show("302", suite), OVERRIDDEN);
    assert_eq!(desk.show("301", suite), "opened guest_suite 0x0044", "an override acts at its own door only");
}

#[test]
fn the_outer_door_of_a_suite_lets_the_guests_of_all_its_rooms_in() {
    let mut property = Property::meridian();
    let room = property.door("301").unwrap().clone();
    let rooms = Some(Interval { first: 301, last: 302 });
    property.doors.push(Door { number: 300, name: "Suite".into(), rooms, ..room });
    let mut desk = Desk::at(property);
    let one = desk.issue("override=true", "ep-1", &stay(&["301"]));
    let other = desk.issue("override=true", "ep-2", &stay(&["302"]));
    let stranger = desk.issue("override=true", "ep-3", &stay(&["101"]));
    for card in [other, one, other] {
        assert_eq!(desk.show("Suite", card), "opened guest_suite 0x0044");
    }
    assert_eq!(desk.show("Suite", stranger), "refused no_access 0x0140");
}

#[test]
fn a_card_for_later_takes_over_at_its_first_valid_use() {
    let mut desk = Desk::open();
    let now = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let later = desk.issue("override=true", "ep-2", &between(&["101"], "20251115T1500", "20251118T1100"));
    assert_eq!(desk.show("101", later), "refused not_valid_yet 0x0012");
    assert_eq!(desk.show("101", now), OPENED);
    desk.go_to("2025-11-15T14:00:00Z");
    assert_eq!(desk.show("101", later), "opened guest 0x0046");
    assert_eq!(desk.show("101", later), OPENED);
    assert_eq!(desk.show("101", now), OVERRIDDEN);
}
