//! The whole state can be written out and read back, as `demo --data` does.

use innkeep_visionline_sim::{Hotel, Presented};

use crate::client::{Desk, OPENED, OVERRIDDEN, stay};

#[test]
fn a_restored_hotel_goes_on_where_it_was_and_has_lost_its_sessions() {
    let mut desk = Desk::open();
    let old = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let new = desk.issue("override=true", "ep-2", &stay(&["101"]));
    assert_eq!(desk.show("101", new), OPENED);
    desk.hotel.set_phone_online("ep-3", false);
    let waiting = desk.issue("autoJoin=true", "ep-3", &stay(&["101"]));
    desk.write_card("override=true", "04aa", &stay(&["102"]));

    let written = serde_json::to_string(&desk.hotel).unwrap();
    desk.hotel = serde_json::from_str::<Hotel>(&written).unwrap();

    assert_eq!(serde_json::to_string(&desk.hotel).unwrap(), written);
    assert_eq!(desk.send("GET", "/api/v1/doors", None).0, 401);
    desk.log_in();
    assert_eq!(desk.card(old)["overridden"], true);
    assert_eq!(desk.show("101", old), OVERRIDDEN);
    assert_eq!(desk.verdict("102", Presented::Serial("04aa")), OPENED);
    assert_eq!(desk.card(waiting)["notIssued"], true);
    desk.hotel.set_phone_online("ep-3", true);
    assert_eq!(desk.show("101", waiting), OPENED);
}

#[test]
fn the_same_seed_and_the_same_requests_give_the_same_hotel() {
    let written = || {
        let mut desk = Desk::open();
        desk.issue("override=true", "ep-1", &stay(&["101"]));
        desk.write_card("override=true", "04aa", &stay(&["102"]));
        (desk.session.clone(), serde_json::to_string(&desk.hotel).unwrap())
    };
    assert_eq!(written(), written());
}
