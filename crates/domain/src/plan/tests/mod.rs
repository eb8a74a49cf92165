//! The planner's rules on small scenes.

mod giving_way;
mod leaving;

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
