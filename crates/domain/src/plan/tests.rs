//! The planner's rules on small scenes.

use super::*;
use crate::Moment;

const OPENED: Opening = 5;

/// Builds scenes: stays are numbered, later numbers start later; doors are numbered too.
struct Story {
    moment: Moment,
    doors: Vec<EntranceId>,
    scene: Scene,
}

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_000_020 + hour * 3600).unwrap()
}

impl Story {
    fn new() -> Self {
        let mut moment = Moment::new(at(0), 3);
        let doors = (0..4).map(|_| moment.id()).collect();
        let scene = Scene {
            now: at(0),
            stays: BTreeMap::new(),
            keys: Vec::new(),
            carriers: Vec::new(),
            busy: BTreeSet::new(),
            at_encoder: BTreeSet::new(),
        };
        Self { moment, doors, scene }
    }

    fn stay(&mut self, start: i64, doors: &[(usize, Option<Opening>, Option<Opening>)]) -> StayId {
        let stay = self.moment.id();
        let rank = Rank { starts_at: at(start), created_at: at(0), stay };
        let doors = doors
            .iter()
            .map(|(door, opening, floor)| {
                (self.doors[*door], StayDoor { opening: *opening, floor: *floor, ..StayDoor::default() })
            })
            .collect();
        self.scene.stays.insert(stay, Stay { rank, doors });
        stay
    }

    fn key(&mut self, guest: &[(usize, StayId)]) -> CredentialId {
        let id = self.moment.id();
        self.scene.keys.push(Key {
            id,
            created_at: at(0),
            asked_at: at(0),
            wish: Wish::Have,
            medium: Medium::Phone,
            window: Window { starts_at: at(0), ends_at: at(48) },
            revision: 0,
            guest: guest.iter().map(|(door, stay)| (self.doors[*door], *stay)).collect(),
            auto_join: false,
            refused: false,
            successor: None,
        });
        id
    }

    fn carrier(&mut self, key: CredentialId, opening: Opening) -> CarrierId {
        let id = self.moment.id();
        let guest = self.find(key).guest.iter().map(|(door, stay)| (*door, (*stay, opening))).collect();
        let window = self.find(key).window;
        let state = CarrierState::Live;
        self.scene.carriers.push(Carrier {
            id,
            key,
            revision: 0,
            window,
            guest,
            state,
            delivered: true,
            has_taken_door: false,
        });
        id
    }

    fn find(&mut self, key: CredentialId) -> &mut Key {
        self.scene.keys.iter_mut().find(|other| other.id == key).unwrap()
    }

    fn plan(&self) -> Vec<Action> {
        plan(&self.scene)
    }
}

fn issue(key: CredentialId, method: Method) -> Action {
    Action::Issue { key, method }
}

#[test]
fn r1_the_first_full_key_opens_the_stay_and_the_others_wait_for_it() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, None, None)]);
    let first = story.key(&[(0, stay)]);
    let second = story.key(&[(0, stay)]);
    let expected = [issue(first, Method::Override), Action::Wait { key: second, reason: Waiting::Busy }];
    assert_eq!(story.plan(), expected);
}

#[test]
fn r1_a_key_with_fewer_doors_waits_until_the_stay_is_open() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, None, None), (1, None, None)]);
    let few = story.key(&[(0, stay)]);
    assert_eq!(story.plan(), [Action::Wait { key: few, reason: Waiting::Opening }]);
}

#[test]
fn r2_every_later_key_joins_a_live_carrier_that_holds_its_doors() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, Some(OPENED), None), (1, Some(OPENED), None)]);
    let few = story.key(&[(0, stay)]);
    story.carrier(few, OPENED);
    let full = story.key(&[(0, stay), (1, stay)]);
    let full_carrier = story.carrier(full, OPENED);
    let later = story.key(&[(0, stay), (1, stay)]);
    assert_eq!(story.plan(), [issue(later, Method::Join(vec![full_carrier]))]);
}

#[test]
fn r2_doors_of_two_stays_are_joined_one_carrier_per_stay() {
    let mut story = Story::new();
    let stay_a = story.stay(0, &[(0, Some(5), None)]);
    let stay_b = story.stay(0, &[(1, Some(6), None)]);
    let key_a = story.key(&[(0, stay_a)]);
    let carrier_a = story.carrier(key_a, 5);
    let key_b = story.key(&[(1, stay_b)]);
    let carrier_b = story.carrier(key_b, 6);
    let both = story.key(&[(0, stay_a), (1, stay_b)]);
    assert_eq!(story.plan(), [issue(both, Method::Join(vec![carrier_a, carrier_b]))]);
}

#[test]
fn a_key_of_an_open_and_a_closed_stay_waits_rather_than_evict() {
    let mut story = Story::new();
    let open = story.stay(0, &[(0, Some(5), None)]);
    let closed = story.stay(0, &[(1, None, None)]);
    let key = story.key(&[(0, open)]);
    let carrier = story.carrier(key, 5);
    let both = story.key(&[(0, open), (1, closed)]);
    assert_eq!(story.plan(), [Action::Wait { key: both, reason: Waiting::OtherParty }]);
    story.find(both).auto_join = true;
    assert_eq!(story.plan(), [issue(both, Method::AutoJoin)]);

    // Left to choose, the lock server would share the stamp of whoever else has a card at the free door.
    let door = story.doors[1];
    let crowd = |window: Window, story: &mut Story| {
        story.scene.stays.get_mut(&closed).unwrap().doors.get_mut(&door).unwrap().crowd =
            vec![Neighbour { window, opening: OPENED }];
    };
    crowd(Window { starts_at: at(47), ends_at: at(60) }, &mut story);
    assert_eq!(story.plan(), [Action::Wait { key: both, reason: Waiting::OtherParty }]);
    crowd(Window { starts_at: at(48), ends_at: at(60) }, &mut story);
    assert_eq!(story.plan(), [issue(both, Method::AutoJoin)]);
    assert!(story.scene.carriers.iter().any(|other| other.id == carrier));
}

#[test]
fn a_key_that_is_alone_in_its_open_stay_opens_both_anew() {
    let mut story = Story::new();
    let open = story.stay(0, &[(0, Some(5), None)]);
    let overtaken = story.stay(0, &[(1, Some(5), Some(6))]);
    let both = story.key(&[(0, open), (1, overtaken)]);
    story.find(both).auto_join = true;
    story.carrier(both, 5);
    assert_eq!(story.plan(), [issue(both, Method::Override)]);
}

#[test]
fn r3_a_stay_without_carriers_is_opened_again_and_shorter_keys_join_anew() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, Some(OPENED), None), (1, Some(OPENED), None)]);
    let few = story.key(&[(0, stay)]);
    story.carrier(few, OPENED);
    let full = story.key(&[(0, stay), (1, stay)]);
    assert_eq!(story.plan(), [issue(full, Method::Override)]);

    let full_carrier = story.carrier(full, OPENED + 1);
    for door in story.scene.stays.get_mut(&stay).unwrap().doors.values_mut() {
        door.opening = Some(OPENED + 1);
    }
    assert_eq!(story.plan(), [issue(few, Method::Join(vec![full_carrier]))]);
}

#[test]
fn r4_a_later_stay_is_issued_anew_when_an_earlier_one_was_opened_after_it() {
    let mut story = Story::new();
    let later = story.stay(24, &[(0, Some(5), Some(6))]);
    let key = story.key(&[(0, later)]);
    let old = story.carrier(key, 5);
    assert_eq!(story.plan(), [issue(key, Method::Override)]);

    // Make before break (P6): the old carrier goes only when the new one is delivered.
    story.scene.stays.get_mut(&later).unwrap().doors.get_mut(&story.doors[0]).unwrap().opening = Some(7);
    story.carrier(key, 7);
    story.scene.carriers.last_mut().unwrap().delivered = false;
    assert_eq!(story.plan(), []);
    story.scene.carriers.last_mut().unwrap().delivered = true;
    assert_eq!(story.plan(), [Action::Discard { carrier: old }]);
}

#[test]
fn r4_a_shorter_key_opens_again_when_nobody_else_can() {
    let mut story = Story::new();
    let later = story.stay(24, &[(0, Some(5), Some(6)), (1, Some(5), None)]);
    let few = story.key(&[(0, later)]);
    story.carrier(few, 5);
    assert_eq!(story.plan(), [issue(few, Method::Override)]);
}

#[test]
fn keys_apart_in_time_wait_rather_than_evict() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, Some(OPENED), None)]);
    let early = story.key(&[(0, stay)]);
    story.find(early).window = Window { starts_at: at(0), ends_at: at(5) };
    story.carrier(early, OPENED);
    let late = story.key(&[(0, stay)]);
    story.find(late).window = Window { starts_at: at(5), ends_at: at(9) };
    assert_eq!(story.plan(), [Action::Wait { key: late, reason: Waiting::Apart }]);
    story.scene.now = at(5);
    story.find(early).wish = Wish::Keep;
    assert_eq!(story.plan(), [issue(late, Method::Override)]);
}

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
fn a_card_is_never_issued_by_itself_but_says_when_it_must_be_encoded_again() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, Some(OPENED), None)]);
    let card = story.key(&[(0, stay)]);
    story.find(card).medium = Medium::Card;
    assert_eq!(story.plan(), []);
    story.carrier(card, OPENED - 1);
    assert_eq!(story.plan(), [Action::EncodeAgain { key: card }]);
}

#[test]
fn common_doors_alone_need_no_stay() {
    let mut story = Story::new();
    let key = story.key(&[]);
    assert_eq!(story.plan(), [issue(key, Method::Plain)]);
}

fn rival(start: i64, asked: i64, end: i64, stay: StayId) -> Rival {
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
fn a_stay_is_not_kept_closed_by_a_key_that_others_hold_up() {
    let mut story = Story::new();
    let stay = story.stay(20, &[(0, Some(4), Some(5)), (1, Some(4), None)]);
    let elsewhere = story.stay(0, &[(2, Some(3), None)]);
    let few = story.key(&[(0, stay)]);
    story.carrier(few, 4);
    let full = story.key(&[(0, stay), (1, stay), (2, elsewhere)]);
    let party = story.key(&[(2, elsewhere)]);
    story.carrier(party, 3);
    let expected = [Action::Wait { key: full, reason: Waiting::OtherParty }, issue(few, Method::Override)];
    assert_eq!(story.plan(), expected, "the party elsewhere is in already, so the full key cannot open the stay");
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
fn a_joiner_does_not_wait_for_a_person_at_an_encoder_and_an_override_does() {
    let mut story = Story::new();
    let stay = story.stay(0, &[(0, Some(OPENED), None)]);
    let first = story.key(&[(0, stay)]);
    let carrier = story.carrier(first, OPENED);
    let second = story.key(&[(0, stay)]);
    story.scene.at_encoder = BTreeSet::from([story.doors[0]]);
    assert_eq!(story.plan(), [issue(second, Method::Join(vec![carrier]))]);

    let closed = story.stay(0, &[(1, None, None)]);
    let opener = story.key(&[(1, closed)]);
    story.scene.at_encoder = BTreeSet::from([story.doors[1]]);
    let wait = Action::Wait { key: opener, reason: Waiting::Busy };
    assert_eq!(story.plan(), [issue(second, Method::Join(vec![carrier])), wait]);
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

#[test]
fn a_carrier_with_a_newer_stamp_of_another_stay_is_not_joined() {
    let mut story = Story::new();
    let now = story.stay(0, &[(1, Some(6), None)]);
    let next_week = story.stay(100, &[(0, Some(7), None), (1, Some(7), Some(6))]);
    let present = story.key(&[(1, now)]);
    let present_carrier = story.carrier(present, 6);
    let full = story.key(&[(0, next_week), (1, next_week)]);
    story.carrier(full, 7);
    let both = story.key(&[(0, next_week), (1, now)]);
    assert_eq!(story.plan(), [Action::Wait { key: both, reason: Waiting::OtherParty }]);

    let short = story.key(&[(0, next_week)]);
    let short_carrier = story.carrier(short, 7);
    assert_eq!(story.plan(), [issue(both, Method::Join(vec![present_carrier, short_carrier]))]);
}

#[test]
fn a_key_that_has_not_begun_opens_its_stays_anew_when_everybody_else_can_follow() {
    let mut story = Story::new();
    let shared = story.stay(20, &[(0, Some(5), None)]);
    let overtaken = story.stay(20, &[(1, Some(5), Some(6))]);
    let other = story.key(&[(0, shared)]);
    let other_carrier = story.carrier(other, 5);
    let both = story.key(&[(0, shared), (1, overtaken)]);
    story.carrier(both, 5);
    let ahead = Window { starts_at: at(20), ends_at: at(48) };
    story.find(both).window = ahead;
    let waits = [Action::Wait { key: both, reason: Waiting::OtherParty }];
    assert_eq!(story.plan(), waits, "the other is in already and would be locked out");
    story.find(other).window = ahead;
    assert_eq!(story.plan(), [issue(both, Method::Override)]);
    story.find(other).medium = Medium::Card;
    assert_eq!(story.plan(), waits, "nobody can make the other's card anew");
    assert!(story.scene.carriers.iter().any(|carrier| carrier.id == other_carrier));
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
fn left_to_choose_the_lock_server_would_join_a_newer_stamp_also_at_a_door_that_is_held() {
    let mut story = Story::new();
    let open = story.stay(0, &[(0, Some(OPENED), None)]);
    let closed = story.stay(0, &[(1, None, None)]);
    let holder = story.key(&[(0, open)]);
    story.carrier(holder, OPENED);
    let both = story.key(&[(0, open), (1, closed)]);
    story.find(both).auto_join = true;
    let (door, window) = (story.doors[0], story.find(both).window);
    let beside = |opening: Opening, story: &mut Story| {
        let door = story.scene.stays.get_mut(&open).unwrap().doors.get_mut(&door).unwrap();
        door.crowd = vec![Neighbour { window, opening }];
        story.plan()
    };
    assert_eq!(beside(OPENED - 1, &mut story), [issue(both, Method::AutoJoin)]);
    assert_eq!(beside(OPENED + 1, &mut story), [Action::Wait { key: both, reason: Waiting::OtherParty }]);
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
