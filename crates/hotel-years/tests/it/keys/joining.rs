//! Sharing a stay: nobody of a party evicts another (P3, R1 to R3).

use super::stage::{Stage, auto_joining, joining, new_stay};

#[test]
fn a_companion_and_the_guest_both_open_in_any_order() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.guest_with_phone("Bob");
    let ada = stage.issue("Ada", &new_stay(&["101"]));
    stage.issue("Bob", &joining(&[ada], &["101"]));
    for guest in ["Bob", "Ada", "Ada", "Bob", "Ada"] {
        assert_eq!(stage.hold(guest, "101"), "guest", "{guest}");
    }
}

#[test]
fn a_second_phone_never_evicts_the_first() {
    let mut stage = Stage::new();
    stage.guest("Ada");
    stage.phone("Ada", "first");
    stage.phone("Ada", "second");
    stage.issue("Ada", &new_stay(&["101"]));
    for phone in ["first", "second", "first"] {
        assert_eq!(stage.hold(phone, "101"), "guest", "{phone}");
    }
}

#[test]
fn a_phone_added_later_never_evicts_the_first() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.issue("Ada", &new_stay(&["101"]).between(0, 300));
    assert_eq!(stage.hold("Ada", "101"), "guest");
    stage.go_to_hour(170);
    stage.phone("Ada", "new");
    stage.settle();
    for phone in ["new", "Ada", "new"] {
        assert_eq!(stage.hold(phone, "101"), "guest", "{phone}");
    }
}

#[test]
fn a_companion_whose_phone_is_ready_first_gets_in_and_the_guest_joins_later() {
    let mut stage = Stage::new();
    stage.guest("Ada");
    stage.guest_with_phone("Bob");
    let ada = stage.issue("Ada", &new_stay(&["101"]));
    stage.issue("Bob", &joining(&[ada], &["101"]));
    assert_eq!(stage.hold("Bob", "101"), "guest");
    stage.phone("Ada", "Ada");
    stage.settle();
    for guest in ["Ada", "Bob", "Ada"] {
        assert_eq!(stage.hold(guest, "101"), "guest", "{guest}");
    }
}

#[test]
fn a_companion_with_fewer_rooms_waits_for_a_key_with_all_of_them() {
    let mut stage = Stage::new();
    stage.guest("Ada");
    stage.guest_with_phone("Bob");
    let ada = stage.issue("Ada", &new_stay(&["101", "102"]));
    stage.issue("Bob", &joining(&[ada], &["101"]));
    assert_eq!(stage.hold("Bob", "101"), "no_key");
    stage.phone("Ada", "Ada");
    stage.settle();
    for (guest, door) in [("Bob", "101"), ("Ada", "101"), ("Ada", "102"), ("Bob", "101")] {
        assert_eq!(stage.hold(guest, door), "guest", "{guest} at {door}");
    }
}

#[test]
fn a_lost_phone_does_not_end_the_stay_of_the_family() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.guest_with_phone("Bob");
    let ada = stage.issue("Ada", &new_stay(&["101"]));
    stage.issue("Bob", &joining(&[ada], &["101"]));
    stage.lose_phone("Ada");
    stage.settle();
    assert_eq!(stage.hold("Bob", "101"), "guest");
    stage.phone("Ada", "replacement");
    stage.settle();
    for phone in ["replacement", "Bob", "replacement"] {
        assert_eq!(stage.hold(phone, "101"), "guest", "{phone}");
    }
}

#[test]
fn a_stay_without_keys_is_opened_again() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.issue("Ada", &new_stay(&["101"]));
    assert_eq!(stage.hold("Ada", "101"), "guest");
    stage.lose_phone("Ada");
    stage.settle();
    stage.phone("Ada", "replacement");
    stage.settle();
    assert_eq!(stage.hold("replacement", "101"), "guest");
}

#[test]
fn a_shorter_key_is_issued_anew_when_the_stay_is_opened_again() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.guest_with_phone("Bob");
    let ada = stage.issue("Ada", &new_stay(&["101", "102"]));
    stage.issue("Bob", &joining(&[ada], &["101"]));
    stage.lose_phone("Ada");
    stage.settle();
    stage.phone("Ada", "replacement");
    stage.settle();
    for (phone, door) in [("replacement", "101"), ("Bob", "101"), ("replacement", "102"), ("Bob", "101")] {
        assert_eq!(stage.hold(phone, door), "guest", "{phone} at {door}");
    }
}

#[test]
fn one_key_joins_the_parties_of_two_rooms_and_evicts_neither() {
    let mut stage = Stage::new();
    for guest in ["Ada", "Bob", "Cleo"] {
        stage.guest_with_phone(guest);
    }
    let ada = stage.issue("Ada", &new_stay(&["101"]));
    let bob = stage.issue("Bob", &new_stay(&["102"]));
    stage.issue("Cleo", &joining(&[ada, bob], &["101", "102"]));
    for (guest, door) in [("Cleo", "101"), ("Cleo", "102"), ("Ada", "101"), ("Bob", "102"), ("Cleo", "101")] {
        assert_eq!(stage.hold(guest, door), "guest", "{guest} at {door}");
    }
}

#[test]
fn a_parent_its_child_or_both_can_be_joined() {
    let mut stage = Stage::new();
    for guest in ["Ada", "Bob", "Cleo", "Dan"] {
        stage.guest_with_phone(guest);
    }
    let parent = stage.issue("Ada", &new_stay(&["101"]));
    let child = stage.children(parent)[0];
    stage.issue("Bob", &joining(&[parent], &["101"]));
    stage.issue("Cleo", &joining(&[child], &["101"]));
    stage.issue("Dan", &joining(&[parent, child], &["101"]));
    for guest in ["Dan", "Cleo", "Bob", "Ada", "Dan"] {
        assert_eq!(stage.hold(guest, "101"), "guest", "{guest}");
    }
}

#[test]
fn auto_join_shares_an_occupied_room_and_opens_a_free_one() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.guest_with_phone("Bob");
    stage.issue("Ada", &new_stay(&["101"]));
    stage.issue("Bob", &auto_joining(&["101", "102"]));
    for (guest, door) in [("Bob", "101"), ("Bob", "102"), ("Ada", "101"), ("Bob", "101")] {
        assert_eq!(stage.hold(guest, door), "guest", "{guest} at {door}");
    }
}

#[test]
fn joining_a_credential_whose_rooms_were_taken_over_is_refused() {
    let mut stage = Stage::new();
    for guest in ["Ada", "Bob", "Cleo"] {
        stage.guest_with_phone(guest);
    }
    let ada = stage.issue("Ada", &new_stay(&["101"]));
    stage.issue("Bob", &new_stay(&["101"]));
    let refused = stage.try_ask("Cleo", &joining(&[ada], &["101"])).unwrap_err();
    assert!(refused.to_string().contains("a newer stay has taken its doors"), "{refused}");
}

#[test]
fn a_companion_with_fewer_rooms_gets_a_key_when_whoever_had_all_of_them_has_left() {
    let mut stage = Stage::new();
    stage.guest("Ada");
    stage.guest_with_phone("Bob");
    let adas = stage.issue("Ada", &new_stay(&["101", "102"]).between(0, 24));
    stage.issue("Bob", &joining(&[adas], &["101"]).between(0, 48));
    assert_eq!(stage.hold("Bob", "101"), "no_key", "a joiner never has more rooms than what it joins");
    stage.go_to_hour(25);
    assert_eq!(stage.hold("Bob", "101"), "guest");
}

#[test]
fn a_key_of_two_parties_never_takes_the_stamp_that_one_of_them_has_at_the_others_room() {
    let mut stage = Stage::new();
    for guest in ["Ada", "Bob", "Cleo"] {
        stage.guest_with_phone(guest);
    }
    // Next week's party has 102 as well, with a newer stamp than Bob's, and the lock server would take the newest.
    let next_week = stage.issue("Ada", &new_stay(&["101", "102"]).between(100, 150));
    let bobs = stage.issue("Bob", &new_stay(&["102"]).between(0, 50));
    let cleos = stage.issue("Cleo", &joining(&[next_week], &["101"]).between(0, 150));
    stage.issue("Cleo", &joining(&[bobs, cleos], &["101", "102"]).between(0, 150));
    for (guest, door) in [("Cleo", "102"), ("Bob", "102"), ("Cleo", "101"), ("Bob", "102")] {
        assert_eq!(stage.hold(guest, door), "guest", "{guest} at {door}");
    }
}
