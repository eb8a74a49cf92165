//! Phones: keys arriving and leaving, in contact and out of it.

use innkeep_visionline_sim::{EndpointStatus, PresentError, Presented};

use crate::client::{Desk, OPENED, between, joining, stay};

#[test]
fn a_phone_that_is_offline_gets_its_key_at_its_next_contact() {
    let mut desk = Desk::open();
    desk.hotel.set_phone_online("ep-1", false);
    let card = desk.issue("override=true", "ep-1", &stay(&["101"]));
    assert_eq!(desk.card(card)["notIssued"], true);
    assert_eq!(desk.verdict("101", Presented::Endpoint("ep-1")), "refused no_key ");
    desk.hotel.set_phone_online("ep-1", true);
    assert_eq!(desk.card(card)["notIssued"], false);
    assert_eq!(desk.verdict("101", Presented::Endpoint("ep-1")), OPENED);
}

#[test]
fn a_revoked_key_keeps_opening_until_the_phone_is_in_contact() {
    let mut desk = Desk::open();
    let card = desk.issue("override=true", "ep-1", &stay(&["101"]));
    desk.hotel.set_phone_online("ep-1", false);
    desk.send("DELETE", &format!("/api/v1/cards/{card}"), None);
    assert_eq!(desk.verdict("101", Presented::Endpoint("ep-1")), OPENED);
    desk.hotel.set_phone_online("ep-1", true);
    assert_eq!(desk.verdict("101", Presented::Endpoint("ep-1")), "refused no_key ");
}

#[test]
fn a_key_revoked_before_it_was_delivered_never_arrives() {
    let mut desk = Desk::open();
    desk.hotel.set_phone_online("ep-1", false);
    let card = desk.issue("override=true", "ep-1", &stay(&["101"]));
    desk.send("DELETE", &format!("/api/v1/cards/{card}"), None);
    desk.hotel.set_phone_online("ep-1", true);
    assert!(desk.hotel.phone_keys("ep-1").unwrap().is_empty());
    assert_eq!(desk.card(card)["notIssued"], true);
}

#[test]
fn a_phone_tries_its_keys_newest_first_until_one_opens() {
    let mut desk = Desk::open();
    let older = desk.issue("override=true", "ep-1", &stay(&["101"]));
    let newer = desk.issue("override=true", "ep-1", &stay(&["102"]));
    let keys: Vec<u32> = desk.hotel.phone_keys("ep-1").unwrap().iter().map(|key| key.image.card_id).collect();
    assert_eq!(keys, [newer, older]);
    let verdict = desk.hotel.present(desk.now, "101", Presented::Endpoint("ep-1")).unwrap();
    assert_eq!((verdict.opened(), verdict.card_id), (true, Some(older)));
    let tried: Vec<_> = desk.hotel.lock("101").unwrap().log().map(|verdict| verdict.card_id).collect();
    assert_eq!(tried, [Some(newer), Some(older)]);
}

#[test]
fn when_all_keys_are_refused_the_one_that_has_the_door_on_it_speaks() {
    let mut desk = Desk::open();
    let later = desk.issue("override=true", "ep-1", &between(&["101"], "20251115T1500", "20251117T1100"));
    desk.issue("override=true", "ep-1", &stay(&["102"]));
    let verdict = desk.hotel.present(desk.now, "101", Presented::Endpoint("ep-1")).unwrap();
    assert_eq!((verdict.reason(), verdict.card_id), ("not_valid_yet", Some(later)));
    assert_eq!(desk.verdict("103", Presented::Endpoint("ep-1")), "refused no_access 0x0140");
}

#[test]
fn a_second_phone_as_override_evicts_the_first_and_as_joiner_does_not() {
    let mut desk = Desk::open();
    let first = desk.issue("override=true", "ep-1", &stay(&["101"]));
    desk.issue("autoJoin=true", "ep-2", &stay(&["101"]));
    desk.issue("", "ep-3", &joining(stay(&["101"]), &[first]));
    for endpoint_id in ["ep-1", "ep-3", "ep-2", "ep-1"] {
        assert_eq!(desk.verdict("101", Presented::Endpoint(endpoint_id)), OPENED, "{endpoint_id}");
    }
    desk.issue("override=true", "ep-2", &stay(&["101"]));
    assert_eq!(desk.verdict("101", Presented::Endpoint("ep-2")), OPENED);
    assert_eq!(desk.verdict("101", Presented::Endpoint("ep-1")), "refused overridden 0x0011");
}

#[test]
fn enrolling_twice_changes_nothing_and_removing_takes_the_keys() {
    let mut desk = Desk::open();
    let card = desk.issue("override=true", "ep-1", &stay(&["101"]));
    desk.hotel.enrol_phone("ep-1");
    assert_eq!(desk.hotel.phone_keys("ep-1").unwrap().len(), 1);
    assert!(desk.hotel.remove_phone("ep-1"));
    assert!(!desk.hotel.remove_phone("ep-1"));
    assert_eq!(desk.hotel.endpoint_status("ep-1"), Some(EndpointStatus::Terminated));
    assert_eq!(desk.show("101", card), "refused no_key ");
    let gone = desk.hotel.present(desk.now, "101", Presented::Endpoint("ep-1"));
    assert_eq!(gone, Err(PresentError::UnknownEndpoint("ep-1".into())));
    desk.hotel.enrol_phone("ep-1");
    assert_eq!(desk.hotel.endpoint_status("ep-1"), Some(EndpointStatus::Active));
    assert!(desk.hotel.phone_keys("ep-1").unwrap().is_empty());
}

#[test]
fn unknown_doors_and_cards_cannot_be_shown() {
    let mut desk = Desk::open();
    let present = |desk: &mut Desk, door: &str| desk.hotel.present(desk.now, door, Presented::Card(3));
    assert_eq!(present(&mut desk, "999"), Err(PresentError::UnknownDoor("999".into())));
    assert_eq!(present(&mut desk, "101"), Err(PresentError::UnknownCard(3)));
}
