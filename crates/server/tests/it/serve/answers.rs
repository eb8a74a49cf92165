//! Answers that no lock server should give: each becomes a clear state on the system, and none a wrong key.

use http::Request;

use super::{Desk, LockServer, Office, SiteTable, hold, lock_server::answer};

type Nonsense = fn(&Request<Vec<u8>>) -> Option<http::Response<Vec<u8>>>;

/// What is answered to everything, and what the system then shows.
const KINDS: [(&str, Nonsense, &str); 9] = [
    ("a page", |_| answer(200, "text/html", "<html>It works!</html>"), "provider_service_unavailable"),
    ("nothing", |_| answer(200, "application/json", ""), "provider_service_unavailable"),
    ("half of it", |_| answer(200, "application/json", "[{\"id\":\"10"), "provider_service_unavailable"),
    ("another shape", |_| answer(200, "application/json", "{\"doors\":7}"), "provider_service_unavailable"),
    ("far too much", |_| answer(200, "application/json", vec![b'['; 9 << 20]), "visionline_instance_unreachable"),
    ("a redirect", |_| answer(302, "text/html", "elsewhere"), "provider_service_unavailable"),
    ("an error", |_| answer(500, "application/json", "{\"status\":500}"), "provider_service_unavailable"),
    ("a proxy's page", |_| answer(502, "text/html", "<h1>Bad gateway</h1>"), "provider_service_unavailable"),
    ("a cut connection", |_| None, "visionline_instance_unreachable"),
];

#[test]
fn nonsense_from_the_start_shows_on_the_system_and_passes() {
    each_at_once(|kind, nonsense, code| {
        let hotel = LockServer::start();
        hotel.talk_nonsense(nonsense);
        let office = Office::new();
        office.configure("", &[SiteTable::of(&hotel)]);
        let desk = office.open(None);
        wait_for(&desk, kind, Some(code));
        hotel.speak_sense();
        wait_for(&desk, kind, None);
        assert!(desk.doors().contains_key("101"), "{kind}");
    });
}

#[test]
fn nonsense_in_answer_to_a_new_key_makes_no_second_one() {
    each_at_once(|kind, nonsense, _| {
        let hotel = LockServer::start();
        let office = Office::new();
        office.configure("", &[SiteTable::of(&hotel)]);
        let desk = office.open(None);
        let guest = desk.arrive("Ada", &hotel);
        desk.doors();
        let creates = || hotel.asked().iter().filter(|asked| asked.starts_with("POST /api/v1/cards")).count();
        hotel.talk_nonsense(nonsense);
        let key = desk.new_stay(&guest, &["101"]);
        desk.wait(kind, |_| (creates() > 0).then_some(()));
        hotel.speak_sense();
        desk.wait_issued(&key);
        assert_eq!(hotel.hotel(|hotel| hotel.cards().count()), 1, "{kind}");
        assert_eq!(hold(&hotel, &guest.endpoint, "101"), "guest", "{kind}");
    });
}

/// Each kind in a hotel of its own, all at once: most of the time passes in pauses between two tries.
fn each_at_once(test: impl Fn(&'static str, Nonsense, &'static str) + Sync) {
    std::thread::scope(|scope| {
        for (kind, nonsense, code) in KINDS {
            let test = &test;
            scope.spawn(move || test(kind, nonsense, code));
        }
    });
}

#[test]
fn numbers_as_text_and_unknown_members_are_read() {
    let hotel = LockServer::start();
    hotel.talk_nonsense(|request| match (request.method().as_str(), request.uri().path()) {
        ("POST", _) => answer(201, "application/json", r#"{"id": 7, "accessKey": "k", "news": {"a": [1]}}"#),
        _ => answer(
            200,
            "application/json",
            r#"[{"id": 101, "doorCategory": "GUEST", "profiles": null, "weight": "12"}, "Gym"]"#,
        ),
    });
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel)]);
    let desk = office.open(None);
    let doors = desk.doors();
    let names: Vec<&str> = doors.keys().map(String::as_str).collect();
    assert_eq!(names, ["101", "Gym"]);
}

#[track_caller]
fn wait_for(desk: &Desk, kind: &str, code: Option<&str>) {
    let expected: Vec<&str> = code.into_iter().collect();
    desk.wait(&format!("{kind}: {expected:?}"), |desk| (desk.errors() == expected).then_some(()));
}
