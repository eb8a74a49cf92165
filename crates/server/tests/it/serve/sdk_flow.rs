//! The official SDK, unmodified, against `innkeep serve` and a lock server behind TLS.

use serde_json::{Value, json};

use super::{LockServer, Office, SiteTable, desk::text, usual};
use crate::sdk::run_in_python_against;

#[test]
fn a_door_opens_for_the_official_sdk_through_the_real_wire() {
    let (hotel, _office, desk) = usual();
    desk.doors();
    let systems = desk.post("/acs/systems/list", json!({}))["acs_systems"].clone();
    let manager = systems.as_array().unwrap().iter().find(|system| system["is_credential_manager"] == true).unwrap();
    let environment = [
        ("SEAM_ENDPOINT", desk.ready.endpoint.as_str()),
        ("SEAM_API_KEY", &desk.api_key),
        ("INNKEEP_CONTROL", &hotel.control()),
        ("INNKEEP_WORKSPACE_ID", &desk.ready.workspace_id),
        ("INNKEEP_ACS_SYSTEM_ID", desk.site()),
        ("INNKEEP_CREDENTIAL_MANAGER_ID", &text(&manager["acs_system_id"])),
    ];
    run_in_python_against("served_hotel", &environment, || desk.output());
}

#[test]
fn a_member_works_with_a_personal_access_token() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel)]);
    let (made, said, complained) = office.run(&["keys", "create", "--owner", "anna@example.org", "--json"]);
    assert!(made, "{said}{complained}");
    let token = serde_json::from_str::<Value>(&said).unwrap()["personal_access_token"].as_str().unwrap().to_owned();
    let desk = office.open(Some(&token));
    let environment = [
        ("SEAM_ENDPOINT", desk.ready.endpoint.as_str()),
        ("INNKEEP_PERSONAL_ACCESS_TOKEN", &token),
        ("INNKEEP_CONTROL", &hotel.control()),
        ("INNKEEP_WORKSPACE_ID", &desk.ready.workspace_id),
        ("INNKEEP_ACS_SYSTEM_ID", ""),
        ("INNKEEP_CREDENTIAL_MANAGER_ID", ""),
    ];
    run_in_python_against("personal_access_token", &environment, || desk.output());
}
