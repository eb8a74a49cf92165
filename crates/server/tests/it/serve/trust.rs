//! Which certificate a lock server may show, end to end.

use super::{LockServer, Office, SiteTable, hold, usual};

#[test]
fn a_key_opens_the_door_through_a_pinned_certificate() {
    let (hotel, _office, desk) = usual();
    let guest = desk.arrive("Ada", &hotel);
    let key = desk.new_stay(&guest, &["101", "Gym"]);
    desk.wait_issued(&key);
    assert_eq!(hold(&hotel, &guest.endpoint, "101"), "guest");
    assert_eq!(hold(&hotel, &guest.endpoint, "102"), "no_access");
    assert_eq!(desk.errors(), [] as [&str; 0]);
    assert_eq!(desk.stop().and_then(|status| status.code()), Some(0));
    let closed = hotel.asked().iter().filter(|asked| asked.starts_with("DELETE /api/v1/sessions/")).count();
    let opened = hotel.asked().iter().filter(|asked| asked.starts_with("POST /api/v1/sessions")).count();
    assert_eq!((opened, closed), (1, 1), "{:?}", hotel.asked());
}

#[test]
fn a_pinned_root_is_enough() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.write("root.pem", &hotel.pem);
    office.configure("", &[SiteTable::of(&hotel).trusting("root_certificate_file = \"root.pem\"")]);
    let desk = office.open(None);
    assert!(desk.doors().contains_key("101"));
}

#[test]
fn another_certificate_than_the_pinned_one_gets_no_request_and_shows_on_the_system() {
    let (hotel, expected) = (LockServer::start(), LockServer::start());
    let office = Office::new();
    let trust = format!("certificate_sha256 = \"{}\"", expected.fingerprint);
    office.configure("", &[SiteTable::of(&hotel).trusting(&trust)]);
    let desk = office.open(None);
    desk.wait_error(Some("visionline_instance_unreachable"));
    let system = desk.post("/acs/systems/get", serde_json::json!({"acs_system_id": desk.site()}));
    let message = system["acs_system"]["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains(&hotel.fingerprint) && message.contains(&expected.fingerprint), "{message}");
    assert_eq!(hotel.asked(), [] as [&str; 0]);
}

#[test]
fn switching_verification_off_is_said_at_every_start() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel).trusting("insecure_no_verification = true")]);
    let first = office.open(None);
    let key = first.api_key.clone();
    assert!(first.doors().contains_key("101"));
    assert!(first.output().contains("is not verified"), "{}", first.output());
    first.stop();
    let second = office.open(Some(&key));
    assert!(second.output().contains("is not verified"), "{}", second.output());
}

#[test]
fn without_a_word_about_the_certificate_nothing_is_started() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel).trusting("")]);
    let (started, _, said) = office.run(&["serve"]);
    assert!(!started);
    assert!(said.contains("site meridian: nothing says which certificate") && said.contains("doctor"), "{said}");
    assert!(!office.path("innkeep.db").exists());
    assert_eq!(hotel.asked(), [] as [&str; 0]);
}
