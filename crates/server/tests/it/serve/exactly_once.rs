//! No key twice and none lost (P1, P2, P9): the real program is killed, stopped and started while it works, and what
//! counts is what the lock server has in the end.

use std::{collections::BTreeMap, process::Command};

use serde_json::json;
use store::testing::PrivateCluster;
use visionline_sim::{FaultKind, FaultLength};

use super::{Desk, LockServer, Office, SiteTable, desk::Guest, hold, lock_server::answer};

const ROOMS: [&str; 20] = [
    "101", "102", "103", "104", "105", "106", "107", "108", "109", "110", "201", "202", "203", "204", "205", "206",
    "207", "208", "209", "210",
];

/// The cards of a phone that are in use at the lock server.
fn cards_of(hotel: &LockServer, endpoint: &str) -> usize {
    hotel.hotel(|hotel| {
        let in_use = hotel.cards().filter(|card| card.discarded.is_none() && card.cancelled.is_none());
        in_use.filter(|card| card.endpoint_id.as_deref() == Some(endpoint)).count()
    })
}

#[test]
fn every_kind_of_lost_answer_leaves_one_card() {
    let (hotel, _office, desk) = super::usual();
    desk.doors();
    let kinds = [
        FaultKind::LostReply,
        FaultKind::Garbage,
        FaultKind::ServerError,
        FaultKind::SessionExpired,
        FaultKind::Unreachable,
        FaultKind::Slow,
    ];
    for (kind, room) in kinds.into_iter().zip(ROOMS) {
        let guest = desk.arrive(room, &hotel);
        // Longer than the two seconds that the configuration allows.
        hotel.hotel(|hotel| hotel.order_fault(kind, FaultLength::Count(1), 2_500));
        let key = desk.new_stay(&guest, &[room]);
        desk.wait_issued(&key);
        assert_eq!(cards_of(&hotel, &guest.endpoint), 1, "{kind:?}");
        assert_eq!(hold(&hotel, &guest.endpoint, room), "guest", "{kind:?}");
        // The answer to a discard is lost as well.
        hotel.hotel(|hotel| hotel.order_fault(kind, FaultLength::Count(1), 2_500));
        desk.post("/acs/credentials/delete", json!({"acs_credential_id": key}));
        desk.wait("the key is gone", |desk| is_gone(desk, &key));
        assert_eq!(cards_of(&hotel, &guest.endpoint), 0, "{kind:?}");
    }
}

fn is_gone(desk: &Desk, key: &str) -> Option<()> {
    let (status, _) = desk.try_post("/acs/credentials/get", &json!({"acs_credential_id": key})).ok()?;
    (status == 404).then_some(())
}

#[test]
fn a_server_that_is_killed_at_any_moment_makes_every_key_once() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel)]);
    let first = office.open(None);
    let api_key = first.api_key.clone();
    first.doors();
    hotel.take_your_time(std::time::Duration::from_millis(15));
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut desk = Some(first);
    let mut asked_for: BTreeMap<String, (Guest, &str)> = BTreeMap::new();
    let mut deleted: BTreeMap<String, Guest> = BTreeMap::new();
    for pair in ROOMS.chunks(2) {
        let open = desk.take().unwrap_or_else(|| office.open(Some(&api_key)));
        for room in pair {
            let guest = open.arrive(room, &hotel);
            let key = open.new_stay(&guest, &[room]);
            asked_for.insert(key, (guest, room));
        }
        if asked_for.len() > 6 {
            let victim = asked_for.keys().next().unwrap().clone();
            open.post("/acs/credentials/delete", json!({"acs_credential_id": victim}));
            deleted.insert(victim.clone(), asked_for.remove(&victim).unwrap().0);
        }
        // Killed after some more requests: while one is being answered, or just after.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let more = usize::try_from(random >> 33).unwrap() % 7;
        let goal = hotel.asked().len() + more;
        // It may have nothing more to ask; then it is killed at rest.
        open.wait("some more requests", |desk| {
            let is_idle = asked_for.keys().all(|key| desk.credential(key)["is_issued"] == true);
            (hotel.asked().len() >= goal || is_idle).then_some(())
        });
        open.kill();
    }
    let open = office.open(Some(&api_key));
    for (key, (guest, room)) in &asked_for {
        open.wait_issued(key);
        assert_eq!(cards_of(&hotel, &guest.endpoint), 1, "{room}");
        assert_eq!(hold(&hotel, &guest.endpoint, room), "guest", "{room}");
    }
    for (key, guest) in &deleted {
        open.wait("the deleted key is gone", |desk| is_gone(desk, key));
        assert_eq!(cards_of(&hotel, &guest.endpoint), 0);
    }
    let made = hotel.hotel(|hotel| hotel.cards().count());
    assert_eq!(made, asked_for.len() + deleted.len(), "as many cards were ever made as keys were asked for");
}

#[test]
fn a_server_that_died_before_it_sent_is_taken_up_after_the_request_could_have_arrived() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel)]);
    let desk = office.open(None);
    let api_key = desk.api_key.clone();
    let guest = desk.arrive("Ada", &hotel);
    desk.doors();
    // Never answered and never done: as if the request had got lost on its way.
    hotel.talk_nonsense(|_| answer(503, "text/plain", ""));
    let key = desk.new_stay(&guest, &["101"]);
    desk.wait("the key is sent", |desk| {
        let child = desk.children(&key).pop()?;
        (child["innkeep"]["stage"] == "sent").then_some(())
    });
    desk.kill();
    hotel.speak_sense();
    let desk = office.open(Some(&api_key));
    desk.wait_issued(&key);
    assert_eq!(hotel.hotel(|hotel| hotel.cards().count()), 1);
}

#[test]
fn a_card_that_is_made_after_its_answer_was_given_up_is_not_made_twice() {
    let (hotel, _office, desk) = super::usual();
    let guest = desk.arrive("Ada", &hotel);
    desk.doors();
    // The server waits for four seconds as a whole, and looks half a second later.
    hotel.work_late(std::time::Duration::from_secs(5));
    let key = desk.new_stay(&guest, &["101"]);
    let looked = |hotel: &LockServer| hotel.asked().iter().any(|asked| asked.contains("guestDoor=101"));
    desk.wait("it is looked for", |_| looked(&hotel).then_some(()));
    assert_eq!(cards_of(&hotel, &guest.endpoint), 0, "the look came before the card");
    desk.wait_issued(&key);
    assert_eq!(hotel.hotel(|hotel| hotel.cards().count()), 1);
    assert_eq!(hold(&hotel, &guest.endpoint, "101"), "guest");
}

#[test]
fn a_second_server_on_one_file_is_refused() {
    let (_hotel, office, desk) = super::usual();
    let (started, _, said) = office.run(&["serve"]);
    assert!(!started && said.contains("another innkeep already serves"), "{said}");
    drop(desk);
}

/// Sends a signal to a process.
fn signal(desk: &Desk, name: &str) {
    let told = Command::new("sh").args(["-c", "kill -$0 $1", name, &desk.process_id().to_string()]).status();
    assert!(told.unwrap().success());
}

#[test]
fn two_servers_on_one_database_make_every_key_once_also_when_one_freezes_or_dies() {
    const NAME: &str = "two_servers_on_one_database_make_every_key_once_also_when_one_freezes_or_dies";
    let Some(cluster) = PrivateCluster::start_or_skip(NAME) else { return };
    let store::Location::Postgres(url) = cluster.fresh_database().unwrap() else { panic!("no PostgreSQL") };
    let hotel = LockServer::start();
    let office = Office::new();
    office.write("database.url", &url);
    office.configure("database_file = \"database.url\"\nlease_seconds = 3", &[SiteTable::of(&hotel)]);
    let first = office.open(None);
    let api_key = first.api_key.clone();
    first.doors();
    let second = office.open(Some(&api_key));
    hotel.take_your_time(std::time::Duration::from_millis(15));

    let mut rooms = ROOMS.iter();
    let mut asked_for: Vec<(String, Guest, &str)> = Vec::new();
    let mut ask = |desk: &Desk| {
        for room in rooms.by_ref().take(3) {
            let guest = desk.arrive(room, &hotel);
            let key = desk.new_stay(&guest, &[room]);
            asked_for.push((key, guest, room));
        }
        let last = asked_for.last().unwrap().0.clone();
        desk.wait_issued(&last);
    };
    ask(&first);
    ask(&second);
    // One of these is the one that works at the site; the other must take over and leave it nothing to do twice.
    for (frozen, awake) in [(&first, &second), (&second, &first)] {
        signal(frozen, "STOP");
        ask(awake);
        signal(frozen, "CONT");
    }
    ask(&first);
    second.kill();
    ask(&first);
    first.kill();
    let third = office.open(Some(&api_key));
    ask(&third);
    for (key, guest, room) in &asked_for {
        third.wait_issued(key);
        assert_eq!(cards_of(&hotel, &guest.endpoint), 1, "{room}");
        assert_eq!(hold(&hotel, &guest.endpoint, room), "guest", "{room}");
    }
    assert_eq!(hotel.hotel(|hotel| hotel.cards().count()), asked_for.len());
}
