//! Joiners, auto-join and override at the lock server: stamps door by door (design 12, `spec/visionline.md` 4.3).

use innkeep_visionline_sim::{PerDoorStamps, Property};
use serde_json::json;

use crate::client::{Desk, OPENED, OVERRIDDEN, between, joining, stay};

fn refused(answer: (u16, serde_json::Value)) -> (u16, u64) {
    (answer.0, answer.1["code"].as_u64().unwrap_or(0))
}

fn stamps(desk: &Desk, card_id: u32) -> Vec<u32> {
    let card = desk.hotel.cards().find(|card| card.id == card_id).unwrap();
    card.guest_doors.iter().map(|door| door.stamp).collect()
}

#[test]
fn a_taken_door_needs_override_auto_join_or_joiners() {
    let mut desk = Desk::open();
    let first = desk.issue("", "ep-1", &stay(&["101"]));
    assert_eq!(desk.show("101", first), OPENED);
    assert_eq!(refused(desk.order("", "ep-2", &stay(&["101"]))), (409, 40901));
    assert_eq!(refused(desk.order("override=false", "ep-2", &stay(&["102", "101"]))), (409, 40901));
    assert_eq!(desk.order("", "ep-2", &between(&["101"], "20251116T1100", "20251117T1100")).0, 201);
    assert_eq!(desk.order("", "ep-2", &stay(&["102"])).0, 201);
}

#[test]
fn a_refused_order_leaves_no_card_and_uses_no_stamp() {
    let mut desk = Desk::open();
    desk.issue("override=true", "ep-1", &stay(&["101"]));
    desk.order("", "ep-2", &stay(&["101"]));
    let next = desk.issue("override=true", "ep-2", &stay(&["101"]));
    assert_eq!(desk.hotel.cards().count(), 2);
    assert_eq!(stamps(&desk, next), [2]);
}

#[test]
fn a_joiner_takes_at_each_door_the_stamp_of_the_joined_card_that_holds_it() {
    let mut desk = Desk::open();
    let first = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let second = desk.issue("override=true", "ep-2", &stay(&["102"]));
    let joiner = desk.issue("override=false", "ep-3", &joining(stay(&["102", "101"]), &[first, second]));
    assert_eq!(stamps(&desk, joiner), [2, 1]);
    for (door, other) in [("101", first), ("102", second)] {
        assert_eq!(desk.show(door, joiner), OPENED);
        assert_eq!(desk.show(door, other), OPENED);
        assert_eq!(desk.show(door, joiner), OPENED);
    }
}

#[test]
fn with_the_knob_cards_of_different_stays_cannot_be_joined_together() {
    let mut property = Property::meridian();
    property.knobs.per_door_stamps = PerDoorStamps::Refuse;
    let mut desk = Desk::at(property);
    let first = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let second = desk.issue("override=true", "ep-2", &stay(&["102"]));
    let both = joining(stay(&["101", "102"]), &[first, second]);
    assert_eq!(refused(desk.order("override=false", "ep-3", &both)), (409, 40902));
    assert_eq!(desk.order("override=false", "ep-3", &joining(stay(&["101"]), &[first, second])).0, 201);
    assert_eq!(refused(desk.order("autoJoin=true", "ep-3", &stay(&["102", "103"]))), (409, 40902));
}

#[test]
fn a_joiner_may_have_fewer_guest_doors_and_never_more() {
    let mut desk = Desk::open();
    let main = desk.issue("override=true", "ep-1", &stay(&["101", "102"]));
    let fewer = desk.issue("override=false", "ep-2", &joining(stay(&["102"]), &[main]));
    assert_eq!(desk.show("102", fewer), OPENED);
    let more = joining(stay(&["102", "103"]), &[main]);
    assert_eq!(refused(desk.order("override=false", "ep-2", &more)), (409, 40902));
}

#[test]
fn a_card_that_is_no_longer_valid_cannot_be_joined() {
    let mut desk = Desk::open();
    let join = |desk: &mut Desk, id: u32| refused(desk.order("", "ep-2", &joining(stay(&["101"]), &[id])));
    let discarded = desk.issue("override=true", "ep-1", &stay(&["101"]));
    desk.send("POST", &format!("/api/v1/cards/{discarded}"), Some(&json!({"discarded": true})));
    assert_eq!(join(&mut desk, discarded), (409, 40902));
    let cancelled = desk.issue("override=true", "ep-1", &stay(&["101"]));
    desk.send("POST", &format!("/api/v1/cards/{cancelled}"), Some(&json!({"cancelled": true})));
    assert_eq!(join(&mut desk, cancelled), (409, 40902));
    let overridden = desk.issue("override=true", "ep-1", &stay(&["101"]));
    desk.issue("override=true", "ep-1", &stay(&["101"]));
    assert_eq!(join(&mut desk, overridden), (409, 40902));
    let overwritten = desk.write_card("override=true", "04aa", &stay(&["101"]));
    desk.write_card("override=true", "04aa", &stay(&["105"]));
    assert_eq!(join(&mut desk, overwritten), (409, 40902));
    let short = desk.issue("override=true", "ep-1", &between(&["101"], "20251114T1000", "20251114T1200"));
    assert_eq!(desk.order("", "ep-2", &joining(stay(&["101"]), &[short])).0, 201);
    desk.advance_minutes(45);
    assert_eq!(join(&mut desk, short), (409, 40902));
    assert_eq!(join(&mut desk, 999_999), (404, 40401));
}

#[test]
fn windows_must_share_some_time_to_be_joined() {
    let mut desk = Desk::open();
    let main = desk.issue("override=true", "ep-1", &between(&["101"], "20251114T1000", "20251116T1100"));
    let after = joining(between(&["101"], "20251116T1100", "20251117T1100"), &[main]);
    assert_eq!(refused(desk.order("", "ep-2", &after)), (409, 40902));
    let longer = joining(between(&["101"], "20251116T1059", "20251117T1100"), &[main]);
    assert_eq!(desk.order("", "ep-2", &longer).0, 201);
}

#[test]
fn a_door_the_joined_card_has_lost_cannot_be_joined_and_its_other_doors_can() {
    let mut desk = Desk::open();
    let old = desk.issue("override=true", "ep-1", &stay(&["101", "102"]));
    desk.issue("override=true", "ep-2", &stay(&["101"]));
    assert_eq!(refused(desk.order("", "ep-3", &joining(stay(&["101"]), &[old]))), (409, 40902));
    assert_eq!(desk.order("", "ep-3", &joining(stay(&["102"]), &[old])).0, 201);
}

#[test]
fn a_joiner_may_hold_common_doors_only() {
    let mut desk = Desk::open();
    let main = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let joiner = desk.issue("", "ep-2", &joining(stay(&["Gym", "Pool"]), &[main]));
    assert_eq!(desk.show("Pool", joiner), "opened guest_common 0x0045");
    assert_eq!(refused(desk.order("", "ep-2", &joining(stay(&["Gym"]), &[7]))), (404, 40401));
}

#[test]
fn auto_join_opens_a_stay_on_free_doors_and_enters_one_on_held_doors() {
    let mut desk = Desk::open();
    let first = desk.issue("autoJoin=true", "ep-1", &stay(&["101"]));
    let second = desk.issue("autoJoin=true&override=false", "ep-2", &stay(&["101"]));
    assert_eq!([stamps(&desk, first), stamps(&desk, second)], [[1], [1]]);
    assert_eq!(desk.show("101", second), OPENED);
    assert_eq!(desk.show("101", first), OPENED);
}

#[test]
fn auto_join_over_held_and_free_doors_joins_the_held_and_opens_the_free() {
    let mut desk = Desk::open();
    let held = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let past = desk.issue("override=true", "ep-2", &between(&["102"], "20251112T1500", "20251114T1100"));
    let mixed = desk.issue("autoJoin=true", "ep-3", &stay(&["101", "102"]));
    assert_eq!(stamps(&desk, mixed), [1, 3]);
    assert_eq!(desk.show("101", mixed), OPENED);
    assert_eq!(desk.show("101", held), OPENED);
    assert_eq!(desk.show("102", mixed), OPENED);
    assert_eq!(desk.show("102", past), "refused expired 0x0142");
}

#[test]
fn auto_join_enters_the_stay_of_its_own_window() {
    let mut desk = Desk::open();
    desk.issue("override=true", "ep-1", &between(&["101"], "20251114T1000", "20251116T1100"));
    desk.issue("override=true", "ep-2", &between(&["101"], "20251116T1500", "20251118T1100"));
    let now = desk.issue("autoJoin=true", "ep-3", &between(&["101"], "20251114T1200", "20251115T1100"));
    let next = desk.issue("autoJoin=true", "ep-3", &between(&["101"], "20251116T1500", "20251117T1100"));
    let between_them = desk.issue("autoJoin=true", "ep-3", &between(&["101"], "20251116T1100", "20251116T1500"));
    assert_eq!([now, next, between_them].map(|card| stamps(&desk, card)), [[1], [2], [3]]);
}

#[test]
fn a_future_override_flags_the_old_card_at_its_start_and_not_before() {
    let mut desk = Desk::open();
    let old = desk.issue("override=true", "ep-1", &between(&["101"], "20251114T1000", "20251116T1100"));
    let new = desk.issue("override=true", "ep-2", &between(&["101"], "20251115T1500", "20251118T1100"));
    assert_eq!(desk.show("101", old), OPENED);
    desk.go_to("2025-11-15T13:59:59Z");
    assert_eq!(desk.card(old)["overridden"], false);
    assert_eq!(desk.show("101", new), "refused not_valid_yet 0x0012");
    desk.go_to("2025-11-15T14:00:00Z");
    assert_eq!(desk.card(old)["overridden"], true);
    assert_eq!(desk.show("101", new), "opened guest 0x0046");
    assert_eq!(desk.show("101", old), OVERRIDDEN);
    assert_eq!(desk.show("101", new), OPENED);
}

#[test]
fn a_future_override_discarded_before_its_start_takes_nothing() {
    let mut desk = Desk::open();
    let old = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let new = desk.issue("override=true", "ep-2", &between(&["101"], "20251115T1500", "20251118T1100"));
    desk.send("DELETE", &format!("/api/v1/cards/{new}"), None);
    desk.go_to("2025-11-15T20:00:00Z");
    assert_eq!(desk.card(old)["overridden"], false);
    let now = desk.issue("override=true", "ep-2", &stay(&["101"]));
    desk.send("DELETE", &format!("/api/v1/cards/{now}"), None);
    assert_eq!(desk.card(old)["overridden"], true);
}

#[test]
fn a_walk_in_tonight_locks_next_weeks_early_key_out() {
    let mut desk = Desk::open();
    let early = desk.issue("override=true", "ep-1", &between(&["101"], "20251120T1500", "20251122T1100"));
    let walk_in = desk.issue("override=true", "ep-2", &stay(&["101"]));
    assert_eq!(desk.show("101", walk_in), OPENED);
    desk.go_to("2025-11-20T14:30:00Z");
    assert_eq!(desk.show("101", early), OVERRIDDEN);
    assert_eq!(desk.card(early)["overridden"], true);
}

#[test]
fn a_card_that_had_ended_before_the_new_stay_began_is_expired_and_not_overridden() {
    let mut desk = Desk::open();
    let old = desk.issue("override=true", "ep-1", &between(&["101"], "20251114T1000", "20251115T1100"));
    desk.issue("override=true", "ep-2", &between(&["101"], "20251115T1100", "20251116T1100"));
    desk.go_to("2025-11-15T12:00:00Z");
    let card = desk.card(old);
    assert_eq!((&card["expired"], &card["overridden"]), (&json!(true), &json!(false)));
}
