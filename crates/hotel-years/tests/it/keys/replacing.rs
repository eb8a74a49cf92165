//! A new key for the same guest: there is no moment without a working one (P6).

use visionline_sim::{FaultKind, FaultLength};

use super::stage::{Stage, joining, new_stay};

#[test]
fn a_new_key_takes_the_place_of_the_old_without_a_gap() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    let old = stage.issue("Ada", &new_stay(&["101"]));
    stage.ask("Ada", &joining(&[old], &["101"]).between(0, 100));
    stage
        .world
        .settle(&mut |world| {
            let cards = world.hotel.cards().filter(|card| card.discarded.is_none()).count();
            assert!(cards >= 1, "at every exchange with the lock server a card is there");
            Ok(())
        })
        .unwrap();
    assert_eq!(stage.hold("Ada", "101"), "guest");
    assert_eq!(stage.keys_on("Ada"), 1);
    assert_eq!(stage.is_valid(old), None, "the old one is gone");
}

#[test]
fn a_returning_guest_gets_the_new_room_and_loses_the_old() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.issue("Ada", &new_stay(&["101"]));
    stage.issue("Ada", &new_stay(&["205"]));
    assert_eq!(stage.hold("Ada", "205"), "guest");
    assert_eq!(stage.hold("Ada", "101"), "no_access");
    assert_eq!(stage.keys_on("Ada"), 1);
}

#[test]
fn an_offline_phone_keeps_the_old_key_until_it_has_the_new() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    let old = stage.issue("Ada", &new_stay(&["101"]));
    stage.set_online("Ada", false);
    stage.issue("Ada", &joining(&[old], &["101"]).between(0, 100));
    assert_eq!(stage.hold("Ada", "101"), "guest");
    assert_eq!(stage.is_valid(old), Some(true), "still needed");
    stage.set_online("Ada", true);
    stage.go_to_hour(1);
    assert_eq!(stage.hold("Ada", "101"), "guest");
    assert_eq!(stage.keys_on("Ada"), 1);
    assert_eq!(stage.is_valid(old), None);
}

#[test]
fn an_unreachable_lock_server_leaves_the_old_key_in_place() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    let old = stage.issue("Ada", &new_stay(&["101"]));
    stage.world.hotel.order_fault(FaultKind::Unreachable, FaultLength::Count(1_000), 0);
    stage.issue("Ada", &joining(&[old], &["101"]).between(0, 100));
    assert_eq!(stage.hold("Ada", "101"), "guest");
    assert_eq!(stage.is_valid(old), Some(true));
    stage.world.hotel.lift_faults();
    stage.go_to_hour(1);
    assert_eq!(stage.hold("Ada", "101"), "guest");
    assert_eq!(stage.is_valid(old), None);
}

#[test]
fn a_key_for_next_week_leaves_this_weeks_key_until_it_starts() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.issue("Ada", &new_stay(&["101"]).between(0, 100));
    stage.issue("Ada", &new_stay(&["205"]).between(50, 100));
    assert_eq!(stage.hold("Ada", "101"), "guest");
    stage.go_to_hour(51);
    assert_eq!(stage.hold("Ada", "205"), "guest");
    assert_eq!(stage.keys_on("Ada"), 1);
}

#[test]
fn next_weeks_key_that_was_replaced_never_takes_the_room_from_those_who_are_in_it() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.guest_with_phone("Bob");
    stage.issue("Ada", &new_stay(&["101"]).between(50, 100));
    let bobs = stage.issue("Bob", &new_stay(&["101"]).between(0, 90));
    stage.set_online("Ada", false);
    let replaced = stage.issue("Ada", &joining(&[bobs], &["101"]).between(0, 90));
    stage.go_to_hour(51);
    assert_eq!(stage.is_valid(replaced), Some(true));
    stage.phone("Bob", "Bob's second");
    stage.settle();
    assert_eq!(stage.hold("Bob's second", "101"), "guest", "whoever joins Bob now gets a key");
    stage.set_online("Ada", true);
    stage.go_to_hour(52);
    for phone in ["Ada", "Bob", "Bob's second"] {
        assert_eq!(stage.hold(phone, "101"), "guest", "{phone}");
    }
    assert_eq!(stage.keys_on("Ada"), 1);
}

#[test]
fn companions_stay_when_the_guests_key_is_replaced() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.guest_with_phone("Bob");
    let old = stage.issue("Ada", &new_stay(&["101"]));
    stage.issue("Bob", &joining(&[old], &["101"]));
    stage.issue("Ada", &joining(&[old], &["101"]));
    for guest in ["Ada", "Bob", "Ada", "Bob"] {
        assert_eq!(stage.hold(guest, "101"), "guest", "{guest}");
    }
}
