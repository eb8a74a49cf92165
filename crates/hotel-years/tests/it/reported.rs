//! What is told of keys besides the doors they open: events.

use serde_json::{Value, json};
use store::events;

use crate::keys::stage::{Stage, joining, new_stay};

/// Type and detail of the events about credentials, oldest first.
fn told(stage: &Stage) -> Vec<(String, Value)> {
    let workspace_id = stage.program.site.workspace_id;
    let filter = events::Filter { limit: 1_000, ..events::Filter::default() };
    let all = stage.program.store.read("events", move |tx| events::list(tx, workspace_id, &filter)).unwrap();
    let about_credentials = all.into_iter().filter(|event| event.acs_credential_id.is_some());
    about_credentials.map(|event| (event.event_type, event.detail)).collect()
}

fn issued(doors: &[&str], stage: &Stage) -> (String, Value) {
    let ids: Vec<String> = doors.iter().map(|door| stage.world.entrances[*door].to_string()).collect();
    let detail =
        if ids.is_empty() { json!({}) } else { json!({ "innkeep": { "double_booked_acs_entrance_ids": ids } }) };
    ("acs_credential.issued".to_owned(), detail)
}

#[test]
fn a_key_that_takes_a_booked_room_is_issued_with_the_doors_that_were_booked_twice() {
    let mut stage = Stage::new();
    for guest in ["Ada", "Bob", "Cleo"] {
        stage.guest_with_phone(guest);
    }
    let adas = stage.issue("Ada", &new_stay(&["101", "102"]));
    stage.issue("Cleo", &joining(&[adas], &["102"]));
    stage.issue("Bob", &new_stay(&["101", "103"]));
    assert_eq!(stage.hold("Bob", "101"), "guest");
    assert_eq!(stage.hold("Ada", "101"), "overridden");
    let free = issued(&[], &stage);
    let twice = issued(&["101"], &stage);
    // Each key and its parent.
    let expected = [free.clone(), free.clone(), free.clone(), free, twice.clone(), twice];
    assert_eq!(told(&stage), expected);
}

#[test]
fn a_returning_guests_own_former_stay_is_no_double_booking() {
    let mut stage = Stage::new();
    stage.guest_with_phone("Ada");
    stage.issue("Ada", &new_stay(&["101"]));
    stage.issue("Ada", &new_stay(&["101"]));
    let free = issued(&[], &stage);
    let issued: Vec<_> = told(&stage).into_iter().filter(|(kind, _)| kind == "acs_credential.issued").collect();
    assert_eq!(issued, [free.clone(), free.clone(), free.clone(), free]);
}
