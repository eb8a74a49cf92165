//! Keys and carriers that go, and those that stay until then.

use super::{giving_way::rival, *};

#[test]
fn a_replaced_key_goes_only_when_its_successor_is_delivered() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, Some(OPENED), None)]);
    let old = story.key(&[(0, stay)]);
    let old_carrier = story.carrier(old, OPENED);
    let new = story.key(&[(0, stay)]);
    story.find(old).wish = Wish::Keep;
    story.find(old).successor = Some(new);
    assert_eq!(story.plan(), [issue(new, Method::Join(vec![old_carrier]))]);

    story.carrier(new, OPENED);
    story.scene.carriers.last_mut().unwrap().delivered = false;
    assert_eq!(story.plan(), [], "at the lock server is not on the phone (P6)");
    story.scene.carriers.last_mut().unwrap().delivered = true;
    assert_eq!(story.plan(), [Action::Release { key: old }]);
    story.find(old).wish = Wish::Drop;
    assert_eq!(story.plan(), [Action::Discard { carrier: old_carrier }]);
}

#[test]
fn a_replaced_key_stays_until_its_successor_starts() {
    let mut story = Story::new();
    let this_week = story.stay(0, &[(0, Some(5), None)]);
    let next_week = story.stay(100, &[(0, Some(6), None)]);
    let old = story.key(&[(0, this_week)]);
    story.carrier(old, 5);
    let new = story.key(&[(0, next_week)]);
    story.find(new).window = Window { starts_at: at(20), ends_at: at(30) };
    story.carrier(new, 6);
    story.find(old).wish = Wish::Keep;
    story.find(old).successor = Some(new);
    assert_eq!(story.plan(), []);
    story.scene.now = at(20);
    assert_eq!(story.plan(), [Action::Release { key: old }]);
}

#[test]
fn a_replaced_key_that_has_not_begun_goes_when_its_successor_is_made() {
    let mut story = Story::new();
    let next_week = story.stay(100, &[(0, Some(6), None)]);
    let this_week = story.stay(0, &[(0, Some(5), None)]);
    let old = story.key(&[(0, next_week)]);
    story.find(old).window = Window { starts_at: at(10), ends_at: at(30) };
    story.carrier(old, 6);
    let new = story.key(&[(0, this_week)]);
    let new_carrier = story.carrier(new, 5);
    story.find(old).wish = Wish::Keep;
    story.find(old).successor = Some(new);
    story.scene.carriers.iter_mut().find(|carrier| carrier.id == new_carrier).unwrap().delivered = false;
    story.scene.now = at(9);
    assert_eq!(story.plan(), [Action::Release { key: old }]);
    // One that has begun opens doors until the phone has the other (P6).
    story.scene.now = at(10);
    assert_eq!(story.plan(), []);
}

#[test]
fn a_refused_successor_leaves_the_old_key_in_place() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, Some(OPENED), None)]);
    let old = story.key(&[(0, stay)]);
    story.carrier(old, OPENED);
    let new = story.key(&[(0, stay)]);
    story.find(new).refused = true;
    story.find(old).wish = Wish::Keep;
    story.find(old).successor = Some(new);
    assert_eq!(story.plan(), []);
}

#[test]
fn a_dropped_key_is_finished_only_when_no_carrier_remains() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, Some(OPENED), None)]);
    let key = story.key(&[(0, stay)]);
    let carrier = story.carrier(key, OPENED);
    story.find(key).wish = Wish::Drop;
    assert_eq!(story.plan(), [Action::Discard { carrier }]);
    story.scene.carriers[0].state = CarrierState::Revoking;
    assert_eq!(story.plan(), []);
    story.scene.carriers.clear();
    assert_eq!(story.plan(), [Action::Finish { key }]);
}

#[test]
fn nothing_is_planned_on_a_card_that_goes_in_the_same_look() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, Some(OPENED), None)]);
    let going = story.key(&[(0, stay)]);
    let carrier = story.carrier(going, OPENED);
    let apart = story.stay(0, &[(1, Some(OPENED), None)]);
    let successor = story.key(&[(1, apart)]);
    story.carrier(successor, OPENED);
    story.find(going).wish = Wish::Keep;
    story.find(going).successor = Some(successor);
    let coming = story.key(&[(0, stay)]);
    let expected = [Action::Release { key: going }, issue(coming, Method::Override)];
    assert_eq!(story.plan(), expected, "card {carrier} cannot be joined any more");
}

#[test]
fn a_carrier_that_is_about_to_be_discarded_is_not_joined() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, Some(OPENED), None)]);
    let leaving = story.key(&[(0, stay)]);
    let carrier = story.carrier(leaving, OPENED);
    let coming = story.key(&[(0, stay)]);
    story.find(leaving).wish = Wish::Drop;
    assert_eq!(story.plan(), [Action::Discard { carrier }, issue(coming, Method::Override)]);
}

#[test]
fn a_carrier_with_no_time_in_common_with_its_key_is_discarded_and_the_key_then_opens_anew() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, Some(OPENED), None)]);
    let key = story.key(&[(0, stay)]);
    let former = story.carrier(key, OPENED);
    let moved = story.find(key);
    moved.window = Window { starts_at: at(72), ends_at: at(96) };
    moved.revision = 1;
    assert!(story.plan().contains(&Action::Discard { carrier: former }));
    story.scene.carriers.clear();
    assert_eq!(story.plan(), [issue(key, Method::Override)]);
}

#[test]
fn a_key_that_lost_its_room_keeps_its_carrier_only_as_long_as_that_opens_what_it_is_to_open() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, Some(OPENED), None)]);
    let key = story.key(&[(0, stay)]);
    let former = story.carrier(key, OPENED);
    let lost = story.find(key);
    (lost.wish, lost.guest) = (Wish::Keep, BTreeMap::new());
    assert_eq!(story.plan(), []);
    story.find(key).revision = 1;
    for (ends, door_taken, is_kept) in [(72, false, true), (48, false, true), (72, true, false), (24, false, false)] {
        story.find(key).window.ends_at = at(ends);
        story.scene.carriers[0].has_taken_door = door_taken;
        let expected = if is_kept { vec![] } else { vec![Action::Discard { carrier: former }] };
        assert_eq!(story.plan(), expected, "an end at {ends}; a door was taken: {door_taken}");
    }
    story.find(key).medium = Medium::Card;
    assert_eq!(story.plan(), [], "nothing reaches plastic");
}

#[test]
fn of_two_former_carriers_the_older_goes() {
    let mut story = Story::new();
    let late = story.stay(20, &[(0, Some(6), Some(7))]);
    let early = story.key(&[(0, late)]);
    let older = story.carrier(early, 5);
    story.carrier(early, 6);
    let (door, other) = (story.doors[0], story.moment.id());
    story.scene.stays.get_mut(&late).unwrap().doors.get_mut(&door).unwrap().rivals = vec![rival(10, 1, 15, other)];
    let waits = Action::Wait { key: early, reason: Waiting::GivingWay { until: at(15) } };
    assert_eq!(story.plan(), [Action::Discard { carrier: older }, waits.clone()]);
    story.scene.carriers.last_mut().unwrap().delivered = false;
    assert_eq!(story.plan(), [waits], "not before the newer is delivered (P6)");
}

#[test]
fn a_card_that_outlasts_its_shortened_key_goes_when_that_is_over() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, Some(OPENED), None)]);
    let key = story.key(&[(0, stay)]);
    let made_for_longer = story.carrier(key, OPENED);
    story.find(key).window.ends_at = at(4);
    assert_eq!(story.plan(), [], "it is still the guest's key");
    (story.find(key).wish, story.scene.now) = (Wish::Keep, at(4));
    assert_eq!(story.plan(), [Action::Discard { carrier: made_for_longer }]);
    story.scene.now = at(48);
    assert_eq!(story.plan(), [], "now the card is over as well");
}

#[test]
fn of_a_key_that_lost_its_doors_only_the_card_that_was_stamped_last_stays() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, Some(7), None)]);
    let key = story.key(&[(0, stay)]);
    let older = story.carrier(key, 5);
    let newer = story.carrier(key, 7);
    story.find(key).wish = Wish::Keep;
    story.find(key).guest.clear();
    story.scene.carriers[1].delivered = false;
    assert_eq!(story.plan(), [], "the phone does not have the newer one yet (P6)");
    story.scene.carriers[1].delivered = true;
    assert_eq!(story.plan(), [Action::Discard { carrier: older }]);
    assert_ne!(older, newer);
}

#[test]
fn a_key_that_only_waits_to_be_replaced_does_not_keep_its_successor_waiting() {
    let mut story = Story::new();
    let open = story.stay(0, &[(0, Some(OPENED), None)]);
    let closed = story.stay(0, &[(1, None, None)]);
    let former = story.key(&[(0, open)]);
    story.carrier(former, OPENED);
    let both = story.key(&[(0, open), (1, closed)]);
    assert_eq!(story.plan(), [Action::Wait { key: both, reason: Waiting::OtherParty }]);
    story.find(former).successor = Some(both);
    assert_eq!(story.plan(), [Action::Wait { key: both, reason: Waiting::OtherParty }], "it is still in force");
    story.find(former).wish = Wish::Keep;
    assert_eq!(story.plan(), [issue(both, Method::Override)]);
}

#[test]
fn of_two_carriers_with_former_times_the_newer_is_enough_unless_the_older_has_more_of_the_present_time() {
    for (newer_ends, is_enough) in [(72, true), (40, false)] {
        let mut story = Story::new();
        let stay = story.stay(50, &[(0, Some(OPENED), None)]);
        let key = story.key(&[(0, stay)]);
        let older = story.carrier(key, OPENED);
        story.carrier(key, OPENED);
        let newer = story.scene.carriers.last_mut().unwrap();
        (newer.revision, newer.window.ends_at) = (1, at(newer_ends));
        // It makes room for another party, so nothing is made with its present times.
        (story.find(key).wish, story.find(key).revision) = (Wish::Keep, 2);
        story.find(key).window.ends_at = at(96);
        let expected = if is_enough { vec![Action::Discard { carrier: older }] } else { vec![] };
        assert_eq!(story.plan(), expected);
    }
}
