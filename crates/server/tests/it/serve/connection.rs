//! What becomes of a site whose lock server is away, slow, or does not let us in: a clear state, and work that waits.

use std::time::Duration;

use serde_json::json;

use super::{LockServer, Office, SiteTable, hold, text, usual};

#[test]
fn work_waits_for_a_lock_server_that_restarts_and_is_done_once() {
    let (mut hotel, _office, desk) = usual();
    let guest = desk.arrive("Ada", &hotel);
    desk.doors();
    hotel.stop();
    let key = desk.new_stay(&guest, &["101"]);
    desk.wait_error(Some("visionline_instance_unreachable"));
    assert_eq!(desk.credential(&key)["is_latest_desired_state_synced_with_provider"], false);
    hotel.resume();
    desk.wait_issued(&key);
    desk.wait_error(None);
    assert_eq!(hold(&hotel, &guest.endpoint, "101"), "guest");
    assert_eq!(hotel.hotel(|hotel| hotel.cards().count()), 1);
    let events = desk.connection_events();
    let expected = [
        "connected_account.created",
        "acs_system.added",
        "acs_system.connected",
        "connected_account.created",
        "acs_system.added",
        "acs_system.connected",
        "connected_account.connected",
        "connected_account.completed_first_sync",
        "acs_system.disconnected",
        "acs_system.connected",
    ];
    assert_eq!(events, expected);
}

#[test]
fn a_wrong_password_stops_all_requests_until_the_configuration_is_right() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.write("password", "wrong\n");
    office.configure("", &[SiteTable::of(&hotel)]);
    let desk = office.open(None);
    desk.wait_error(Some("account_disconnected"));
    let key = desk.api_key.clone();
    let events = desk.post(
        "/events/list",
        json!({
            "since": "2020-01-01T00:00:00Z", "event_type": "connected_account.disconnected"
        }),
    );
    let errors = &events["events"][0]["connected_account_errors"];
    assert_eq!(errors[0]["error_code"], "account_disconnected");
    assert_eq!(errors[0]["is_connected_account_error"], true);
    // It is woken by every change, and still asks no more.
    for _ in 0..5 {
        desk.post("/user_identities/create", json!({}));
    }
    assert!(!desk.output().contains("wrong\n"), "the password is in the log");
    desk.stop();
    assert_eq!(hotel.asked(), ["POST /api/v1/sessions"]);

    office.write("password", "sym\n");
    let desk = office.open(Some(&key));
    desk.wait_error(None);
    assert!(desk.connection_events().ends_with(&["connected_account.completed_first_sync".to_owned()]));
}

#[test]
fn a_forgotten_session_is_opened_again_once_and_nobody_notices() {
    let (hotel, _office, desk) = usual();
    let guest = desk.arrive("Ada", &hotel);
    desk.doors();
    hotel.hotel(|hotel| {
        let once = visionline_sim::FaultLength::Count(1);
        hotel.order_fault(visionline_sim::FaultKind::SessionExpired, once, 0);
    });
    let key = desk.new_stay(&guest, &["101"]);
    desk.wait_issued(&key);
    assert_eq!(hotel.hotel(|hotel| hotel.cards().count()), 1);
    let opened = hotel.asked().iter().filter(|asked| *asked == "POST /api/v1/sessions").count();
    assert_eq!(opened, 2);
    assert_eq!(desk.errors(), [] as [&str; 0]);
}

#[test]
fn a_missing_option_shows_on_the_system_and_the_key_waits_for_it() {
    let mut property = visionline_sim::Property::meridian();
    property.knobs.mobile_access = false;
    let hotel = LockServer::with(property);
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel)]);
    let desk = office.open(None);
    let guest = desk.arrive("Ada", &hotel);
    let key = desk.new_stay(&guest, &["101"]);
    desk.wait_error(Some("insufficient_permissions"));
    let child = desk.wait("the child is there", |desk| desk.children(&key).pop());
    assert_eq!(child["errors"], json!([]), "nothing is wrong with the key");
}

#[test]
fn several_requests_run_at_once_only_where_the_site_allows_it() {
    for (allowed, expected) in [(1, 1), (3, 3)] {
        let hotel = LockServer::start();
        let office = Office::new();
        let site = SiteTable::of(&hotel).with(&format!("requests_at_once = {allowed}"));
        office.configure("", &[site]);
        let desk = office.open(None);
        let guests: Vec<_> = (0..6).map(|number| desk.arrive(&format!("Guest {number}"), &hotel)).collect();
        desk.doors();
        hotel.take_your_time(Duration::from_millis(150));
        let rooms = ["101", "102", "103", "104", "105", "106"];
        let keys: Vec<String> = guests.iter().zip(rooms).map(|(guest, room)| desk.new_stay(guest, &[room])).collect();
        for key in &keys {
            desk.wait_issued(key);
        }
        assert_eq!(hotel.most_at_once(), expected);
    }
}

#[test]
fn keys_of_one_door_are_made_one_after_the_other() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel).with("requests_at_once = 4")]);
    let desk = office.open(None);
    let guests: Vec<_> = (0..4).map(|number| desk.arrive(&format!("Guest {number}"), &hotel)).collect();
    desk.doors();
    hotel.take_your_time(Duration::from_millis(100));
    let keys: Vec<String> = guests.iter().map(|guest| desk.new_stay(guest, &["101"])).collect();
    for key in &keys {
        desk.wait("each key has been made", |desk| {
            let child = desk.children(key).pop()?;
            (child["innkeep"]["stage"] == "on_phone").then_some(())
        });
    }
    assert_eq!(hotel.most_at_once(), 1);
    // The last stay that was asked for has the newest stamp.
    assert_eq!(hold(&hotel, &guests[3].endpoint, "101"), "guest");
    assert_eq!(hold(&hotel, &guests[0].endpoint, "101"), "overridden");
    assert_eq!(text(&desk.credential(&keys[3])["acs_credential_id"]), keys[3]);
}

#[test]
fn a_key_that_the_lock_server_does_not_get_done_says_so_until_it_is() {
    let (hotel, _office, desk) = usual();
    let guest = desk.arrive("Ada", &hotel);
    desk.doors();
    hotel.talk_nonsense(|request| {
        let is_new = request.method() == "POST" && request.uri().path() == "/api/v1/cards";
        let (status, body) = if is_new { (500, "{\"status\":500}") } else { (200, "[]") };
        super::lock_server::answer(status, "application/json", body)
    });
    let key = desk.new_stay(&guest, &["101"]);
    let codes = |credential: &serde_json::Value| {
        let warnings = credential["warnings"].as_array().unwrap().clone();
        warnings.iter().map(|warning| text(&warning["warning_code"])).collect::<Vec<_>>()
    };
    let child = desk.wait("the child is in trouble", |desk| {
        let child = desk.children(&key).pop()?;
        codes(&child).contains(&"unknown_issue_with_acs_credential".to_owned()).then_some(child)
    });
    let said = &child["innkeep"]["last_error"];
    assert!(said["message"].as_str().unwrap().contains("500"), "{said}");
    assert!(codes(&desk.credential(&key)).contains(&"unknown_issue_with_acs_credential".to_owned()), "its parent too");
    hotel.speak_sense();
    desk.wait_issued(&key);
    assert_eq!(codes(&desk.children(&key)[0]), [] as [&str; 0]);
    assert_eq!(codes(&desk.credential(&key)), [] as [&str; 0]);
}
