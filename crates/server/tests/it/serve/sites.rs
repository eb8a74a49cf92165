//! Sites come from the configuration and keep their identity; doors and encoders follow the lock server.

use std::collections::BTreeSet;

use serde_json::json;
use visionline_sim::{Category, Property};

use super::{LockServer, Office, SiteTable, text};

#[test]
fn a_site_keeps_its_id_whatever_else_changes_in_the_file() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel)]);
    let desk = office.open(None);
    let (site, key) = (desk.site().to_owned(), desk.api_key.clone());
    let door = desk.doors()["101"].clone();
    desk.stop();

    let elsewhere = LockServer::start();
    let text_of = std::fs::read_to_string(office.path("innkeep.toml")).unwrap();
    let changed = text_of
        .replace("Hotel Meridian", "Hotel Zenith")
        .replace(&hotel.url(), &elsewhere.url())
        .replace(&hotel.fingerprint, &elsewhere.fingerprint)
        .replace("Europe/Stockholm", "Europe/Lisbon");
    office.write("innkeep.toml", &changed);
    let desk = office.open(Some(&key));
    assert_eq!(desk.site(), site);
    let system = desk.post("/acs/systems/get", json!({"acs_system_id": site}))["acs_system"].clone();
    assert_eq!(system["name"], "Hotel Zenith");
    assert_eq!(system["location"]["time_zone"], "Europe/Lisbon");
    assert_eq!(system["visionline_metadata"]["lan_address"], json!(elsewhere.url()));
    assert_eq!(desk.doors()["101"], door);
}

#[test]
fn a_site_that_left_the_file_is_not_worked_and_keeps_its_data() {
    let (first, second) = (LockServer::start(), LockServer::start());
    let office = Office::new();
    let both = || [SiteTable::of(&first), SiteTable { key: "zenith", ..SiteTable::of(&second) }];
    office.configure("", &both());
    let desk = office.open(None);
    let (key, zenith) = (desk.api_key.clone(), desk.ready.sites["zenith"].clone());
    let doors_of = |desk: &super::Desk, site: &str| {
        let listed = desk.post("/acs/entrances/list", json!({"acs_system_id": site}));
        listed["acs_entrances"].as_array().unwrap().len()
    };
    let count = desk.wait("both sites are read", |desk| {
        let (here, there) = (doors_of(desk, desk.site()), doors_of(desk, &zenith));
        (here > 0 && there > 0).then_some(there)
    });
    desk.stop();

    office.configure("", &[SiteTable::of(&first)]);
    let before = second.asked().len();
    let desk = office.open(Some(&key));
    desk.doors();
    assert_eq!(doors_of(&desk, &zenith), count);
    assert_eq!(desk.ready.sites.len(), 1);
    desk.stop();
    assert_eq!(second.asked().len(), before);

    office.configure("", &both());
    let desk = office.open(Some(&key));
    assert_eq!(desk.ready.sites["zenith"], zenith);
}

/// The hotel with one door more, one less, and one of another category.
fn rebuilt() -> Property {
    let mut property = Property::meridian();
    property.doors.retain(|door| door.name != "103");
    let spa = property.doors.iter().find(|door| door.name == "Gym").cloned().unwrap();
    property.doors.push(visionline_sim::Door { name: "Spa".to_owned(), number: 9_999, ..spa });
    property.doors.iter_mut().find(|door| door.name == "Pool").unwrap().category = Category::Common;
    property
}

#[test]
fn doors_that_come_go_change_and_come_back_are_followed_with_their_events() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel).with("synchronise_seconds = 1")]);
    let desk = office.open(None);
    let before = desk.doors();
    let category = |name: &str| {
        let door = desk.post("/acs/entrances/get", json!({"acs_entrance_id": before[name]}));
        text(&door["acs_entrance"]["visionline_metadata"]["door_category"])
    };
    let had = category("Pool");
    let rename = |property: Property| {
        hotel.hotel(|hotel| *hotel = visionline_sim::Hotel::new(property, 11));
    };
    rename(rebuilt());
    let names = |desk: &super::Desk| desk.doors().into_keys().collect::<BTreeSet<_>>();
    desk.wait("the new doors", |desk| {
        let now = names(desk);
        (now.contains("Spa") && !now.contains("103")).then_some(())
    });
    assert_ne!(category("Pool"), had);
    rename(Property::meridian());
    desk.wait("the old doors", |desk| (names(desk) == before.keys().cloned().collect()).then_some(()));
    assert_eq!(desk.doors()["103"], before["103"], "a door that came back has its old id");

    let events = desk.post(
        "/events/list",
        json!({
            "since": "2020-01-01T00:00:00Z", "acs_entrance_id": before["103"]
        }),
    );
    let types: Vec<String> =
        events["events"].as_array().unwrap().iter().map(|event| text(&event["event_type"])).collect();
    assert_eq!(types, ["acs_entrance.added", "acs_entrance.removed", "acs_entrance.added"]);
}

#[test]
fn encoders_are_read_only_where_the_site_says_so() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel)]);
    let desk = office.open(None);
    desk.doors();
    assert_eq!(desk.post("/acs/encoders/list", json!({}))["acs_encoders"], json!([]));
    assert!(!hotel.asked().iter().any(|asked| asked.contains("/encoders")));

    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel).with("encoders = true\nsynchronise_seconds = 1")]);
    let desk = office.open(None);
    let encoders = |desk: &super::Desk| {
        desk.post("/acs/encoders/list", json!({"acs_system_id": desk.site()}))["acs_encoders"].clone()
    };
    let first = desk.wait("the encoders", |desk| {
        let listed = encoders(desk);
        (listed[1]["display_name"] == "Front Desk 2").then_some(listed)
    });
    assert_eq!(first[0]["display_name"], "Front Desk 1");
    assert_eq!(first[0]["errors"], json!([]));
    let id = text(&first[1]["acs_encoder_id"]);

    let mut smaller = Property::meridian();
    smaller.encoders.truncate(1);
    hotel.hotel(|hotel| *hotel = visionline_sim::Hotel::new(smaller, 12));
    desk.wait("the encoder is gone", |desk| {
        let listed = encoders(desk);
        (listed[1]["errors"][0]["error_code"] == "acs_encoder_removed").then_some(())
    });
    let events = desk.post("/events/list", json!({"since": "2020-01-01T00:00:00Z", "acs_encoder_id": id}));
    let types: Vec<String> =
        events["events"].as_array().unwrap().iter().map(|event| text(&event["event_type"])).collect();
    assert_eq!(types, ["acs_encoder.added", "acs_encoder.removed"]);
}

#[test]
fn the_way_to_discard_a_card_is_remembered_over_a_restart() {
    let mut property = Property::meridian();
    property.knobs.revoke_dialects = vec![visionline_sim::RevokeDialect::Delete];
    let hotel = LockServer::with(property);
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel)]);
    let discard = |desk: &super::Desk| {
        let guest = desk.arrive("Ada", &hotel);
        let key = desk.new_stay(&guest, &["101"]);
        desk.wait_issued(&key);
        let before = hotel.asked().len();
        desk.post("/acs/credentials/delete", json!({"acs_credential_id": key}));
        desk.wait("it is gone", |desk| {
            let (status, _) = desk.try_post("/acs/credentials/get", &json!({"acs_credential_id": key})).unwrap();
            (status == 404).then_some(())
        });
        let asked = hotel.asked();
        let writes = asked[before..].iter().filter(|asked| asked.contains("/cards/") && !asked.starts_with("GET"));
        writes.map(|asked| asked.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let desk = office.open(None);
    let key = desk.api_key.clone();
    assert_eq!(discard(&desk), ["POST", "PUT", "POST", "DELETE"]);
    desk.stop();
    let desk = office.open(Some(&key));
    assert_eq!(discard(&desk), ["DELETE"]);
}
