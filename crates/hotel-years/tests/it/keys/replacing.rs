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
