//! The end of keys (P7), and what an offline phone can still do.

use super::stage::{Stage, joining, new_stay};

#[test]
fn revoking_a_parent_takes_the_key_from_every_phone() {
    let mut stage = Stage::new();
    stage.guest("Ada");
    stage.phone("Ada", "first");
    stage.phone("Ada", "second");
    let parent = stage.issue("Ada", &new_stay(&["101"]));
    stage.revoke(parent);
    for phone in ["first", "second"] {
        assert_eq!(stage.keys_on(phone), 0);
        assert_eq!(stage.hold(phone, "101"), "no_key");
    }
    assert_eq!(stage.is_valid(parent), None, "gone");
}

#[test]
fn revoking_one_childs_key_leaves_the_other_phone() {
    let mut stage = Stage::new();
    stage.guest("Ada");
    stage.phone("Ada", "first");
    stage.phone("Ada", "second");
    let parent = stage.issue("Ada", &new_stay(&["101"]));
    let child = stage.children(parent)[0];
    stage.revoke(child);
    let mut keys = [stage.keys_on("first"), stage.keys_on("second")];
    keys.sort_unstable();
    assert_eq!(keys, [0, 1]);
    assert_eq!(stage.children(parent).len(), 1, "it is not made again");
}

#[test]
fn those_who_joined_stay_when_the_guests_key_is_revoked() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.guest_with_phone("Bob");
    let ada = stage.issue("Ada", &new_stay(&["101"]));
    stage.issue("Bob", &joining(&[ada], &["101"]));
    stage.revoke(ada);
    assert_eq!(stage.hold("Ada", "101"), "no_key");
    assert_eq!(stage.hold("Bob", "101"), "guest");
}

#[test]
fn an_offline_phone_opens_until_its_next_contact() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    let ada = stage.issue("Ada", &new_stay(&["101"]));
    stage.set_online("Ada", false);
    stage.revoke(ada);
    assert_eq!(stage.is_valid(ada), None, "the lock server has confirmed it");
    assert_eq!(stage.hold("Ada", "101"), "guest", "nothing reaches an offline phone or lock");
    stage.set_online("Ada", true);
    assert_eq!(stage.hold("Ada", "101"), "no_key");
}

#[test]
fn a_deactivated_phone_loses_its_keys_and_others_keep_theirs() {
    let mut stage = Stage::new();
    stage.guest("Ada");
    stage.phone("Ada", "lost");
    stage.phone("Ada", "kept");
    stage.issue("Ada", &new_stay(&["101"]));
    stage.lose_phone("lost");
    stage.settle();
    assert_eq!(stage.hold("kept", "101"), "guest");
}

#[test]
fn a_user_who_is_linked_again_gets_the_key_back() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.issue("Ada", &new_stay(&["101"]));
    stage.link("Ada", false);
    assert_eq!(stage.hold("Ada", "101"), "no_key");
    stage.link("Ada", true);
    assert_eq!(stage.hold("Ada", "101"), "guest");
}

#[test]
fn what_a_revoked_key_was_about_to_replace_goes_with_it_to_the_last() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    let first = stage.ask("Ada", &new_stay(&["101"]).between(24, 48));
    let second = stage.ask("Ada", &new_stay(&["102"]));
    // Nobody has looked at the second yet, so it is gone at once, and before the first.
    stage.revoke(second);
    assert_eq!((stage.is_valid(first), stage.is_valid(second)), (None, None));
    assert_eq!(stage.keys_on("Ada"), 0);
}
