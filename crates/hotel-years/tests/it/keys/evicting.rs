//! New stays: who loses the room, and when (P4, R4).

use engine::When;
use jiff::Timestamp;

use super::stage::{Stage, joining, new_stay};

#[test]
fn a_key_opens_its_door_and_no_other() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.issue("Ada", &new_stay(&["101"]));
    assert_eq!(stage.hold("Ada", "101"), "guest");
    assert_eq!(stage.hold("Ada", "102"), "no_access");
}

#[test]
fn a_key_opens_nothing_before_its_start_and_after_its_end() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.issue("Ada", &new_stay(&["101"]).between(5, 10));
    assert_eq!(stage.hold("Ada", "101"), "not_valid_yet");
    stage.go_to_hour(6);
    assert_eq!(stage.hold("Ada", "101"), "guest");
    stage.go_to_hour(11);
    assert_eq!(stage.hold("Ada", "101"), "expired");
}

#[test]
fn the_former_guest_still_opens_until_the_new_key_is_used() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.guest_with_phone("Bob");
    let former = stage.issue("Ada", &new_stay(&["101"]));
    stage.issue("Bob", &new_stay(&["101"]));
    assert_eq!(stage.is_valid(former), Some(false), "the record says so at once");
    assert_eq!(stage.hold("Ada", "101"), "guest", "the lock has not seen the new key");
    assert_eq!(stage.hold("Bob", "101"), "guest");
    assert_eq!(stage.hold("Ada", "101"), "overridden");
}

#[test]
fn a_guest_who_lost_one_of_two_rooms_keeps_the_other() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.guest_with_phone("Bob");
    let former = stage.issue("Ada", &new_stay(&["101", "102"]));
    stage.issue("Bob", &new_stay(&["101"]));
    assert_eq!(stage.hold("Bob", "101"), "guest");
    assert_eq!(stage.hold("Ada", "101"), "overridden");
    assert_eq!(stage.hold("Ada", "102"), "guest");
    assert_eq!(stage.is_valid(former), Some(true), "102 is left");
}

#[test]
fn a_booking_ahead_leaves_the_present_guest_alone_until_it_starts() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.guest_with_phone("Bob");
    let present = stage.issue("Ada", &new_stay(&["101"]).between(0, 30));
    stage.issue("Bob", &new_stay(&["101"]).between(24, 72));
    assert_eq!(stage.hold("Bob", "101"), "not_valid_yet");
    assert_eq!(stage.hold("Ada", "101"), "guest");
    assert_eq!(stage.is_valid(present), Some(true));
    stage.go_to_hour(25);
    assert_eq!(stage.is_valid(present), Some(false));
    assert_eq!(stage.hold("Bob", "101"), "guest");
    assert_eq!(stage.hold("Ada", "101"), "overridden");
}

#[test]
fn a_walk_in_does_not_lock_out_the_guest_who_arrives_after() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Arrival");
    stage.guest_with_phone("Walk-in");
    // Next week's guest has the key early, so the lock server gave it an older stamp than tonight's walk-in.
    stage.issue("Arrival", &new_stay(&["101"]).between(24, 72));
    stage.issue("Walk-in", &new_stay(&["101"]).between(0, 20));
    assert_eq!(stage.hold("Walk-in", "101"), "guest");
    stage.go_to_hour(25);
    assert_eq!(stage.hold("Arrival", "101"), "guest");
    assert_eq!(stage.keys_on("Arrival"), 1, "the early key is replaced, not added to");
}

#[test]
fn a_walk_in_does_not_lock_out_a_whole_family_that_arrives_after() {
    let mut stage = Stage::new();
    for guest in ["Mother", "Child", "Walk-in"] {
        stage.guest_with_phone(guest);
    }
    let mother = stage.issue("Mother", &new_stay(&["101", "102"]).between(24, 72));
    stage.issue("Child", &joining(&[mother], &["102"]).between(24, 72));
    stage.issue("Walk-in", &new_stay(&["102"]).between(0, 20));
    assert_eq!(stage.hold("Walk-in", "102"), "guest");
    stage.go_to_hour(25);
    for (guest, door) in [("Child", "102"), ("Mother", "102"), ("Mother", "101"), ("Child", "102")] {
        assert_eq!(stage.hold(guest, door), "guest", "{guest} at {door}");
    }
}

#[test]
fn common_doors_are_never_taken_from_anybody() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.guest_with_phone("Bob");
    stage.issue("Ada", &new_stay(&["101", "Gym"]));
    stage.issue("Bob", &new_stay(&["101", "Gym"]));
    assert_eq!(stage.hold("Bob", "101"), "guest");
    assert_eq!(stage.hold("Ada", "101"), "overridden");
    assert_eq!(stage.hold("Ada", "Gym"), "guest_common");
    assert_eq!(stage.hold("Bob", "Gym"), "guest_common");
}

#[test]
fn an_early_guest_makes_room_for_a_newer_booking_until_it_is_over() {
    let mut stage = Stage::new();
    for guest in ["Ada", "Bob", "Cleo"] {
        stage.guest_with_phone(guest);
    }
    let adas = stage.issue("Ada", &new_stay(&["101"]).between(50, 100));
    stage.issue("Bob", &joining(&[adas], &["101"]).between(0, 100));
    assert_eq!(stage.hold("Bob", "101"), "guest");
    stage.issue("Cleo", &new_stay(&["101"]).between(0, 40));
    assert_eq!(stage.hold("Cleo", "101"), "guest");
    assert_eq!(stage.hold("Bob", "101"), "overridden");
    assert_eq!(stage.hold("Cleo", "101"), "guest");
    stage.go_to_hour(51);
    for guest in ["Ada", "Bob", "Ada"] {
        assert_eq!(stage.hold(guest, "101"), "guest", "{guest}");
    }
    assert_ne!(stage.hold("Cleo", "101"), "guest");
}

#[test]
fn a_hotel_that_refuses_double_bookings_keeps_the_guest_who_is_in_the_room() {
    let mut stage = Stage::new();
    for guest in ["Ada", "Bob", "Eve"] {
        stage.guest_with_phone(guest);
    }
    stage.refuse_double_bookings();
    let first = stage.issue("Ada", &new_stay(&["101"]));
    let refused = stage.try_ask("Bob", &new_stay(&["101", "102"]).between(24, 48));
    let Err(engine::Error::Conflict { message }) = refused else { panic!("{refused:?}") };
    assert!(message.starts_with("another party has 101 for some of this time"), "{message}");
    // Who belongs to the party comes in, and the free room is free.
    stage.issue("Eve", &joining(&[first], &["101"]));
    stage.issue("Bob", &new_stay(&["102"]).between(24, 48));
    stage.go_to_hour(25);
    assert_eq!(stage.hold("Ada", "101"), "guest");
    assert_eq!(stage.hold("Eve", "101"), "guest");
    assert_eq!(stage.hold("Bob", "101"), "no_access");
    assert_eq!(stage.hold("Bob", "102"), "guest");
    assert_eq!(stage.hold("Ada", "101"), "guest");
}

#[test]
fn who_arrives_later_keeps_the_room_when_the_first_of_the_party_has_left_and_a_walk_in_came_between() {
    let mut stage = Stage::new();
    for guest in ["Ada", "Bob", "Walk-in"] {
        stage.guest_with_phone(guest);
    }
    let adas = stage.issue("Ada", &new_stay(&["101"]).between(24, 72));
    let bobs = stage.issue("Bob", &joining(&[adas], &["101"]).between(60, 100));
    stage.revoke(adas);
    stage.issue("Walk-in", &new_stay(&["101"]).between(30, 50));
    stage.go_to_hour(31);
    assert_eq!(stage.hold("Walk-in", "101"), "guest");
    assert_eq!(stage.is_valid(bobs), Some(true));
    stage.go_to_hour(61);
    assert_eq!(stage.hold("Bob", "101"), "guest");
}

#[test]
fn of_two_bookings_that_start_in_one_minute_the_later_one_has_the_room() {
    let mut stage = Stage::new();
    for guest in ["Ada", "Bob", "Cleo"] {
        stage.guest_with_phone(guest);
    }
    // The lock server knows minutes, so the first does not come after the second for some seconds of its start.
    let seconds = |seconds: i64, stage: &Stage| {
        let minute = stage.world.now.as_second() / 60 * 60 + 3_600;
        Some(When::Instant(Timestamp::from_second(minute + seconds).unwrap()))
    };
    let start = seconds(40, &stage);
    stage.try_ask_with("Ada", &new_stay(&["101"]), |asked| asked.starts_at = start).unwrap();
    let start = seconds(20, &stage);
    let bobs = stage.try_ask_with("Bob", &new_stay(&["101"]), |asked| asked.starts_at = start).unwrap();
    stage.settle();
    stage.issue("Cleo", &joining(&[bobs], &["101"]).between(1, 72));
    stage.go_to_hour(2);
    for guest in ["Bob", "Cleo", "Bob"] {
        assert_eq!(stage.hold(guest, "101"), "guest", "{guest}");
    }
    assert_eq!(stage.hold("Ada", "101"), "overridden");
}
