//! Keys that get nothing new for a time.

use super::*;

pub(super) fn rival(start: i64, asked: i64, end: i64, stay: StayId) -> Rival {
    let member = Member { holder: Moment::new(at(asked), 4).id(), asked_at: at(asked), starts_at: at(start) };
    Rival { rank: Rank { starts_at: at(start), created_at: at(asked), stay }, ends_at: at(end), members: vec![member] }
}

#[test]
fn an_early_member_gets_nothing_new_while_a_newer_request_holds_the_door() {
    let mut story = Story::new();
    let late = story.stay(20, &[(0, Some(5), Some(6))]);
    let early = story.key(&[(0, late)]);
    story.carrier(early, 5);
    let (door, other) = (story.doors[0], story.moment.id());
    let set = |story: &mut Story, rivals: Vec<Rival>| {
        story.scene.stays.get_mut(&late).unwrap().doors.get_mut(&door).unwrap().rivals = rivals;
    };
    let waits = Action::Wait { key: early, reason: Waiting::GivingWay { until: at(15) } };
    set(&mut story, vec![rival(10, 1, 15, other)]);
    assert_eq!(story.plan(), [waits]);
    set(&mut story, vec![rival(10, -1, 15, other)]);
    assert_eq!(story.plan(), [issue(early, Method::Override)], "whoever asked before it has no claim");
    set(&mut story, vec![rival(10, 1, 35, other)]);
    story.scene.now = at(20);
    assert_eq!(story.plan(), [issue(early, Method::Override)], "its stay has begun");
}

#[test]
fn a_key_before_a_stay_at_one_door_and_after_it_at_another_waits_for_its_start() {
    let mut story = Story::new();
    let first = story.stay(0, &[(0, Some(5), None)]);
    let second = story.stay(20, &[(1, Some(5), Some(6))]);
    let key = story.key(&[(0, first), (1, second)]);
    story.find(key).window.starts_at = at(20);
    story.carrier(key, 5);
    let other = story.moment.id();
    for stay in [first, second] {
        for door in story.scene.stays.get_mut(&stay).unwrap().doors.values_mut() {
            door.rivals = vec![rival(10, 1, 48, other)];
        }
    }
    assert_eq!(story.plan(), [Action::Wait { key, reason: Waiting::GivingWay { until: at(10) } }]);
}

#[test]
fn of_two_keys_that_come_before_each_other_the_one_that_takes_a_door_later_waits_for_the_first() {
    let mut story = Story::new();
    let first = story.stay(0, &[(0, Some(5), None)]);
    let second = story.stay(20, &[(1, None, None)]);
    let key = story.key(&[(0, first), (1, second)]);
    story.find(key).window = Window { starts_at: at(20), ends_at: at(30) };
    story.find(key).asked_at = at(2);
    let other = story.moment.id();
    for stay in [first, second] {
        for door in story.scene.stays.get_mut(&stay).unwrap().doors.values_mut() {
            door.rivals = vec![rival(10, 1, 15, other)];
        }
    }
    let waits = |until: i64| [Action::Wait { key, reason: Waiting::GivingWay { until: at(until) } }];
    assert_eq!(
        story.plan(),
        waits(10),
        "at its start the other takes the first door, and this one has only the second"
    );
    story.scene.now = at(10);
    assert_eq!(story.plan(), [issue(key, Method::Override)]);
    // Who asked after the other and comes early takes the second door at once, and the other is the one to wait.
    story.scene.now = at(0);
    story.find(key).window.starts_at = at(5);
    assert_eq!(story.plan(), [issue(key, Method::Override)]);
}

#[test]
fn a_key_of_one_stay_waits_for_one_of_two_that_comes_before_and_after_it() {
    let mut story = Story::new();
    let stay = story.stay(10, &[(0, Some(5), Some(6)), (1, Some(5), None)]);
    let key = story.key(&[(0, stay), (1, stay)]);
    story.find(key).window = Window { starts_at: at(10), ends_at: at(15) };
    story.carrier(key, 5);
    let (before, after) = (story.moment.id(), story.moment.id());
    let tangled = |start: i64, other: StayId| Rival {
        members: vec![Member { holder: Moment::new(at(1), 4).id(), asked_at: at(1), starts_at: at(5) }],
        ..rival(start, -1, 30, other)
    };
    let rivals = [vec![tangled(5, before)], vec![tangled(20, after)]];
    for (door, rivals) in story.doors.iter().zip(rivals) {
        story.scene.stays.get_mut(&stay).unwrap().doors.get_mut(door).unwrap().rivals = rivals;
    }
    assert_eq!(story.plan(), [Action::Wait { key, reason: Waiting::GivingWay { until: at(5) } }]);
    story.scene.now = at(5);
    assert_eq!(story.plan(), [issue(key, Method::Override)], "the other has taken the second door by then");
}
