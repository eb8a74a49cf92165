//! The rows of "Consequences to test" in `spec/visionline.md` 4.5, one test each.

use innkeep_visionline_sim::{Bolt, Condition, Property, Takeover};

use crate::client::{Desk, OPENED, OVERRIDDEN, between, joining, stay, with_common};

#[test]
fn a_new_guests_key_that_was_never_used_leaves_the_old_guest_in() {
    let mut desk = Desk::open();
    let old = desk.issue("override=true", "ep-1", &stay(&["101"]));
    assert_eq!(desk.show("101", old), OPENED);
    desk.issue("override=true", "ep-2", &stay(&["101"]));
    assert_eq!(desk.show("101", old), OPENED);
    assert_eq!(desk.card(old)["overridden"], true);
}

#[test]
fn a_new_guests_key_used_once_shuts_the_old_one_out() {
    let mut desk = Desk::open();
    let old = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let new = desk.issue("override=true", "ep-2", &stay(&["101"]));
    assert_eq!(desk.show("101", new), OPENED);
    assert_eq!(desk.show("101", old), OVERRIDDEN);
    assert_eq!(desk.show("101", new), OPENED);
}

#[test]
fn an_override_acts_per_door() {
    let mut desk = Desk::open();
    let old = desk.issue("override=true", "ep-1", &stay(&["101", "102"]));
    let new = desk.issue("override=true", "ep-2", &stay(&["101"]));
    assert_eq!(desk.show("101", new), OPENED);
    assert_eq!(desk.show("101", old), OVERRIDDEN);
    assert_eq!(desk.show("102", old), OPENED);
    assert_eq!(desk.card(old)["overridden"], false);
}

#[test]
fn a_refused_new_key_changes_nothing() {
    let mut desk = Desk::open();
    let old = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let later = desk.issue("override=true", "ep-2", &between(&["101"], "20251115T1500", "20251117T1100"));
    assert_eq!(desk.show("101", later), "refused not_valid_yet 0x0012");
    assert_eq!(desk.show("101", old), OPENED);
    let now = desk.issue("override=true", "ep-3", &stay(&["101"]));
    let thrown = Condition { deadbolt: Bolt::Thrown, ..Condition::default() };
    desk.hotel.lock_mut("101").unwrap().set_condition(thrown);
    assert_eq!(desk.show("101", now), "refused deadbolt 0x0021");
    desk.hotel.lock_mut("101").unwrap().set_condition(Condition::default());
    assert_eq!(desk.show("101", old), OPENED);
}

#[test]
fn with_the_takeover_knob_a_key_kept_out_by_the_deadbolt_takes_over_all_the_same() {
    let mut property = Property::meridian();
    property.knobs.takeover = Takeover::AnyUse;
    let mut desk = Desk::at(property);
    let old = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let new = desk.issue("override=true", "ep-2", &stay(&["101"]));
    let thrown = Condition { deadbolt: Bolt::Thrown, ..Condition::default() };
    desk.hotel.lock_mut("101").unwrap().set_condition(thrown);
    assert_eq!(desk.show("101", new), "refused deadbolt 0x0021");
    desk.hotel.lock_mut("101").unwrap().set_condition(Condition::default());
    assert_eq!(desk.show("101", old), OVERRIDDEN);
}

#[test]
fn a_joiner_opens_before_and_after_the_main_key() {
    for joiner_first in [true, false] {
        let mut desk = Desk::open();
        let main = desk.issue("override=true", "ep-1", &stay(&["101"]));
        let joiner = desk.issue("override=false", "ep-2", &joining(stay(&["101"]), &[main]));
        let order = if joiner_first { [joiner, main, joiner] } else { [main, joiner, main] };
        assert_eq!(order.map(|card| desk.show("101", card)), [OPENED; 3]);
    }
}

#[test]
fn of_two_overrides_for_one_party_the_later_wins_for_good() {
    let mut desk = Desk::open();
    let first = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let second = desk.issue("override=true", "ep-2", &stay(&["101"]));
    assert_eq!(desk.show("101", first), OPENED);
    assert_eq!(desk.show("101", second), OPENED);
    desk.advance_minutes(600);
    assert_eq!(desk.show("101", first), OVERRIDDEN);
}

#[test]
fn a_joiner_to_a_key_that_was_then_overridden_is_refused_too() {
    let mut desk = Desk::open();
    let main = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let joiner = desk.issue("override=false", "ep-2", &joining(stay(&["101"]), &[main]));
    let new = desk.issue("override=true", "ep-3", &stay(&["101"]));
    assert_eq!(desk.show("101", new), OPENED);
    assert_eq!(desk.show("101", joiner), OVERRIDDEN);
    assert_eq!(desk.show("101", main), OVERRIDDEN);
}

#[test]
fn showing_an_old_key_again_never_brings_it_back() {
    let mut desk = Desk::open();
    let old = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let new = desk.issue("override=true", "ep-2", &stay(&["101"]));
    assert_eq!(desk.show("101", new), OPENED);
    let stamp = desk.hotel.lock("101").unwrap().last_stamp();
    for _ in 0..3 {
        assert_eq!(desk.show("101", old), OVERRIDDEN);
    }
    assert_eq!(desk.hotel.lock("101").unwrap().last_stamp(), stamp);
}

#[test]
fn an_overridden_guest_keeps_common_doors_and_entrances_until_the_end() {
    let mut desk = Desk::open();
    let body = with_common(stay(&["101"]), "commonRoom", &["Gym"]);
    let old = desk.issue("override=true", "ep-1", &body);
    let new = desk.issue("override=true", "ep-2", &body);
    assert_eq!(desk.show("101", new), OPENED);
    assert_eq!(desk.show("Gym", new), "opened guest_common 0x0045");
    assert_eq!(desk.show("101", old), OVERRIDDEN);
    assert_eq!(desk.show("Gym", old), "opened guest_common 0x0045");
    assert_eq!(desk.show("Guest Entrance", old), "opened guest_entrance 0x0049");
    assert_eq!(desk.hotel.lock("Gym").unwrap().last_stamp(), 0);
    desk.go_to("2025-11-16T10:00:00Z");
    assert_eq!(desk.show("Gym", old), "refused expired 0x0142");
}

#[test]
fn a_lock_with_a_wrong_clock_refuses_what_the_server_calls_valid() {
    let mut desk = Desk::open();
    let drift = |seconds| Condition { clock_drift_seconds: seconds, ..Condition::default() };
    let card = desk.issue("override=true", "ep-1", &between(&["101"], "20251114T1115", "20251114T1300"));
    desk.hotel.lock_mut("101").unwrap().set_condition(drift(-20 * 60));
    assert_eq!(desk.show("101", card), "refused not_valid_yet 0x0012");
    desk.advance_minutes(20);
    assert_eq!(desk.show("101", card), OPENED);
    desk.hotel.lock_mut("101").unwrap().set_condition(drift(20 * 60));
    desk.go_to("2025-11-14T11:45:00Z");
    assert_eq!(desk.show("101", card), "refused expired 0x0142");
    assert_eq!(desk.card(card)["expired"], false);
}

#[test]
fn after_a_restored_backup_new_keys_have_stamps_above_those_in_the_locks() {
    let mut desk = Desk::open();
    let backup = desk.hotel.backup();
    for endpoint_id in ["ep-1", "ep-2"] {
        let card = desk.issue("override=true", endpoint_id, &stay(&["101"]));
        assert_eq!(desk.show("101", card), OPENED);
    }
    assert_eq!(desk.hotel.lock("101").unwrap().last_stamp(), 2);
    desk.hotel.restore(backup);
    desk.log_in();
    let card = desk.issue("override=true", "ep-3", &stay(&["101"]));
    assert_eq!(desk.show("101", card), OPENED);
    assert_eq!(desk.hotel.lock("101").unwrap().last_stamp(), 3);
}
