//! The official SDK, unmodified, against `innkeep serve` and a lock server behind TLS.

use serde_json::json;

use super::{desk::text, usual};
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
