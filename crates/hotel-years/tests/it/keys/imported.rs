//! Keys that people at the hotel made or ended at Visionline itself.

use engine::credentials::{Create, Joiner};
use jiff::{SignedDuration, Timestamp};
use store::credentials::Credential;
use visionline::{Answer, CardFormat, CardRequest, CreateMode, Medium, Operation, local_time};
use visionline_sim::Presented;

use super::stage::{Stage, joining, new_stay};
use hotel_years::world::later;

/// What the front desk does with its own program.
impl Stage {
    /// Makes a plastic card for three days from now.
    fn desk_card(&mut self, serial: &str, mode: CreateMode, doors: &[&str]) -> String {
        self.desk_card_from(serial, mode, doors, self.world.now)
    }

    fn desk_card_from(&mut self, serial: &str, mode: CreateMode, doors: &[&str], from: Timestamp) -> String {
        self.world.tick();
        let zone = self.world.zone.clone();
        let end = later(self.world.now, SignedDuration::from_hours(72));
        let request = CardRequest {
            mode,
            medium: Medium::Image { serial_numbers: vec![serial.to_owned()] },
            format: CardFormat::Rfid48,
            start: Some(local_time::start_minute(from, &zone)),
            expire: local_time::end_minute(end, &zone),
            label: None,
            description: None,
            card_holder: Some("Desk".to_owned()),
            guest_doors: doors.iter().map(|door| (*door).to_owned()).collect(),
            common_doors: Vec::new(),
        };
        match self.world.ask(Operation::CreateCard(Box::new(request))).unwrap() {
            Answer::CardCreated { card, .. } => card.id.unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// Looks at a door as the worker does, and lets it do what follows.
    fn survey(&mut self, door: &str) {
        self.world.tick();
        self.world.survey(door).unwrap();
        self.settle();
    }

    fn hold_card(&mut self, serial: &str, door: &str) -> String {
        let now = self.world.now;
        let verdict = self.world.hotel.present(now, door, Presented::Serial(serial)).unwrap();
        verdict.reason().to_owned()
    }

    /// The credentials that nobody here asked for, oldest first.
    fn imported(&self) -> Vec<Credential> {
        let workspace_id = self.program.site.workspace_id;
        let filter = store::credentials::Filter::default();
        let page = store::page::Page::whole();
        let rows = self.program.store.read("all", |tx| store::credentials::list(tx, workspace_id, &filter, page));
        rows.unwrap().into_iter().filter(|row| row.mode == store::credentials::IMPORTED).collect()
    }

    fn cards_in_use(&self) -> usize {
        self.world.hotel.cards().filter(|card| card.discarded.is_none()).count()
    }
}

const FIRST: &str = "0400000000000001";
const SECOND: &str = "0400000000000002";

#[test]
fn a_joiner_to_a_card_of_the_front_desk_opens_beside_it() {
    let mut stage = Stage::new();
    stage.desk_card(FIRST, CreateMode::Override, &["101"]);
    stage.survey("101");
    let [card] = &stage.imported()[..] else { panic!("one card") };
    let card = card.id;
    stage.guest_with_phone("Ada");
    stage.issue("Ada", &joining(&[card], &["101"]));
    for _ in 0..2 {
        assert_eq!(stage.hold("Ada", "101"), "guest");
        assert_eq!(stage.hold_card(FIRST, "101"), "guest");
    }
}

#[test]
fn a_new_guest_of_the_front_desk_evicts_ours_and_nothing_is_issued_against_it() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    let key = stage.issue("Ada", &new_stay(&["101"]));
    assert_eq!(stage.hold("Ada", "101"), "guest");
    stage.go_to_hour(1);
    // The desk writes a start before ours on it, and makes it after ours: the later decision counts.
    let from = later(stage.world.now, SignedDuration::from_hours(-6));
    stage.desk_card_from(FIRST, CreateMode::Override, &["101"], from);
    stage.survey("101");
    assert_eq!(stage.is_valid(key), Some(false));
    assert_eq!(stage.hold_card(FIRST, "101"), "guest");
    stage.go_to_hour(2);
    stage.survey("101");
    assert_eq!(stage.hold("Ada", "101"), "overridden");
    assert_eq!(stage.hold_card(FIRST, "101"), "guest");
}

#[test]
fn a_walk_in_of_the_front_desk_does_not_lock_out_our_guest_who_arrives_after() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    let key = stage.issue("Ada", &new_stay(&["101"]).between(24, 72));
    stage.go_to_hour(1);
    stage.desk_card(FIRST, CreateMode::Override, &["101"]);
    assert_eq!(stage.hold_card(FIRST, "101"), "guest");
    stage.survey("101");
    assert_eq!(stage.is_valid(key), Some(true));
    stage.go_to_hour(25);
    assert_eq!(stage.hold("Ada", "101"), "guest");
    assert_eq!(stage.hold_card(FIRST, "101"), "overridden");
}

#[test]
fn a_second_card_that_the_desk_joins_to_our_guest_changes_nothing_for_our_guest() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    let key = stage.issue("Ada", &new_stay(&["101"]));
    let ours = stage.world.hotel.cards().next().unwrap().id.to_string();
    stage.desk_card(FIRST, CreateMode::Join(vec![ours]), &["101"]);
    stage.survey("101");
    assert_eq!(stage.imported().len(), 1);
    assert_eq!(stage.is_valid(key), Some(true));
    let before = stage.world.hotel.cards().count();
    stage.go_to_hour(2);
    assert_eq!(stage.world.hotel.cards().count(), before, "nothing is issued anew");
    assert_eq!(stage.hold("Ada", "101"), "guest");
    assert_eq!(stage.hold_card(FIRST, "101"), "guest");
}

#[test]
fn two_guests_of_the_front_desk_one_after_the_other_are_two_parties() {
    let mut stage = Stage::new();
    stage.desk_card(FIRST, CreateMode::Override, &["101"]);
    stage.survey("101");
    stage.go_to_hour(1);
    stage.desk_card(SECOND, CreateMode::Override, &["101"]);
    stage.survey("101");
    let imported = stage.imported();
    let validity: Vec<_> = imported.iter().map(|row| stage.is_valid(row.id)).collect();
    assert_eq!(validity, [Some(false), Some(true)]);
    stage.guest_with_phone("Ada");
    let refused = stage.try_ask("Ada", &joining(&[imported[0].id], &["101"]));
    assert!(refused.is_err(), "an overridden card cannot be joined");
    stage.issue("Ada", &joining(&[imported[1].id], &["101"]));
    assert_eq!(stage.hold("Ada", "101"), "guest");
    assert_eq!(stage.hold_card(SECOND, "101"), "guest");
}

#[test]
fn a_card_of_two_rooms_is_one_credential_and_is_joined_at_both() {
    let mut stage = Stage::new();
    stage.desk_card(FIRST, CreateMode::Override, &["201", "202"]);
    stage.survey("202");
    stage.survey("201");
    let [card] = &stage.imported()[..] else { panic!("one card") };
    let card = card.id;
    stage.guest_with_phone("Ada");
    stage.issue("Ada", &joining(&[card], &["201", "202"]));
    for door in ["201", "202"] {
        assert_eq!(stage.hold("Ada", door), "guest");
        assert_eq!(stage.hold_card(FIRST, door), "guest");
    }
}

#[test]
fn a_key_that_the_desk_discards_is_invalid_and_not_made_again() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    let key = stage.issue("Ada", &new_stay(&["101"]));
    let card = stage.world.hotel.cards().next().unwrap().id.to_string();
    stage.world.ask(Operation::DiscardCard(card)).unwrap();
    stage.survey("101");
    assert_eq!(stage.is_valid(key), Some(false));
    stage.go_to_hour(3);
    assert_eq!(stage.cards_in_use(), 0);
    assert_eq!(stage.keys_on("Ada"), 0);
}

#[test]
fn a_deleted_key_of_the_front_desk_is_discarded_at_the_lock_server() {
    let mut stage = Stage::new();
    stage.desk_card(FIRST, CreateMode::Override, &["101"]);
    stage.survey("101");
    let card = stage.imported()[0].id;
    stage.revoke(card);
    assert_eq!(stage.is_valid(card), None);
    assert_eq!(stage.cards_in_use(), 0);
    stage.survey("101");
    assert_eq!(stage.imported().len(), 0, "it does not come back");
}

#[test]
fn our_own_keys_are_never_imported_and_a_second_card_for_one_is_discarded() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.issue("Ada", &new_stay(&["101"]));
    stage.survey("101");
    assert_eq!(stage.imported().len(), 0);
    // As if a request that was given up had reached the lock server after all.
    let ours = stage.world.hotel.cards().next().unwrap();
    let (mark, first) = (ours.card_holder.clone(), ours.id.to_string());
    let zone = stage.world.zone.clone();
    let endpoint_id = ours.endpoint_id.clone().unwrap();
    let request = CardRequest {
        mode: CreateMode::Join(vec![first]),
        medium: Medium::Phone { endpoint_id },
        format: CardFormat::Rfid48,
        start: Some(local_time::start_minute(stage.world.now, &zone)),
        expire: local_time::end_minute(later(stage.world.now, SignedDuration::from_hours(72)), &zone),
        label: None,
        description: None,
        card_holder: Some(mark),
        guest_doors: vec!["101".to_owned()],
        common_doors: Vec::new(),
    };
    stage.world.ask(Operation::CreateCard(Box::new(request))).unwrap();
    assert_eq!(stage.keys_on("Ada"), 2);
    stage.survey("101");
    assert_eq!(stage.imported().len(), 0);
    assert_eq!(stage.keys_on("Ada"), 1);
    assert_eq!(stage.hold("Ada", "101"), "guest");
}

#[test]
fn a_survey_after_every_step_of_a_stay_changes_nothing() {
    let mut stage = Stage::new();
    for name in ["Ada", "Bert", "Cleo"] {
        stage.guest_with_phone(name);
    }
    let survey = |stage: &mut Stage| {
        for door in ["101", "102"] {
            stage.survey(door);
        }
        assert_eq!(stage.imported().len(), 0);
    };
    let key = stage.issue("Ada", &new_stay(&["101", "102"]));
    survey(&mut stage);
    let early = stage.issue("Cleo", &new_stay(&["101"]).between(48, 72));
    survey(&mut stage);
    stage.issue("Bert", &joining(&[key], &["101"]));
    survey(&mut stage);
    // A walk-in's new stay is newer at 101 than Cleo's, who starts later: she gets a new key, and is not lost. As long
    // as her phone is offline it has the former one, which the lock server calls overridden.
    stage.set_online("Cleo", false);
    stage.guest_with_phone("Dora");
    stage.issue("Dora", &new_stay(&["101"]).between(1, 24));
    survey(&mut stage);
    stage.go_to_hour(2);
    survey(&mut stage);
    assert_eq!(stage.is_valid(early), Some(true));
    stage.set_online("Cleo", true);
    stage.settle();
    stage.go_to_hour(49);
    survey(&mut stage);
    assert_eq!(stage.hold("Cleo", "101"), "guest");
    assert_eq!(stage.hold("Ada", "102"), "guest");
}

#[test]
fn a_key_that_waits_to_be_made_anew_is_not_taken_for_one_that_the_desk_overrode() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.guest_with_phone("Bert");
    let key = stage.issue("Ada", &new_stay(&["201", "202"]));
    let companion = stage.issue("Bert", &joining(&[key], &["201"]));
    stage.set_online("Bert", false);
    stage.lose_phone("Ada");
    stage.settle();
    // The stay is opened again; the lock server calls the key on Bert's phone overridden until he has the new one.
    stage.phone("Ada", "Ada's new phone");
    stage.settle();
    stage.survey("201");
    assert_eq!(stage.is_valid(key), Some(true));
    assert_eq!(stage.is_valid(companion), Some(true));
    stage.set_online("Bert", true);
    stage.go_to_hour(1);
    assert_eq!(stage.hold("Ada's new phone", "201"), "guest");
    assert_eq!(stage.hold("Bert", "201"), "guest");
}

#[test]
fn a_window_that_was_changed_at_the_hotel_is_noticed_until_the_key_is_made_anew() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    let key = stage.issue("Ada", &new_stay(&["101"]));
    let since = |stage: &Stage| {
        let child = stage.children(key)[0];
        let now = stage.world.now;
        let views = stage.program.store.read("views", |tx| {
            let rows = store::credentials::by_ids(tx, &[child])?;
            engine::credentials::views(tx, rows, now)
        });
        views.unwrap()[0].externally_modified_at
    };
    stage.survey("101");
    assert_eq!(since(&stage), None);
    let number = stage.world.hotel.cards().next().unwrap().id;
    assert!(stage.world.hotel.change_window(number, None, Some("2030-06-05T12:00".parse().unwrap())));
    stage.survey("101");
    assert!(since(&stage).is_some());
    stage.change_end(key, 96);
    stage.survey("101");
    assert_eq!(since(&stage), None);
}

/// Joining by the lock server's card id works as well, once the card is known.
#[test]
fn a_card_of_the_front_desk_can_be_named_by_its_card_id() {
    let mut stage = Stage::new();
    let card = stage.desk_card(FIRST, CreateMode::Override, &["101"]);
    stage.survey("101");
    stage.guest_with_phone("Ada");
    let by_card_id = |asked: &mut Create| asked.joiners = vec![Joiner::Card(card)];
    stage.try_ask_with("Ada", &joining(&[], &["101"]), by_card_id).unwrap();
    stage.settle();
    assert_eq!(stage.hold("Ada", "101"), "guest");
    assert_eq!(stage.hold_card(FIRST, "101"), "guest");
}
