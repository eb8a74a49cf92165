//! Plastic cards that a client writes itself (`pendingImage`, `spec/visionline.md` 3.1).

use innkeep_visionline_sim::{PresentError, Presented};
use serde_json::json;

use crate::client::{Desk, OPENED, stay};

#[test]
fn a_pending_image_is_answered_as_48_hex_digits_and_counts_as_written() {
    let mut desk = Desk::open();
    let mut body = stay(&["101"]);
    body["serialNumbers"] = json!(["04AABBCCDDEEFF", "0411"]);
    let (status, card) = desk.send("POST", "/api/v1/cards?override=true&pendingImage=true", Some(&body));
    assert_eq!(status, 201);
    let image = card["encryptedImage"].as_str().unwrap();
    assert!(image.len() == 48 && image.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(card["serialNumbers"], json!(["04aabbccddeeffff", "0411ffffffffffff"]));
    assert_eq!((&card["notIssued"], &card["numberOfIssuedCards"]), (&json!(false), &json!(2)));
    assert_eq!(card.get("credentialID"), None);
    assert_eq!(desk.verdict("101", Presented::Serial("0411")), OPENED);
    assert_eq!(desk.verdict("101", Presented::Serial("04aabbccddeeffff")), OPENED);
}

#[test]
fn a_card_nobody_has_written_is_no_key() {
    let mut desk = Desk::open();
    let (status, card) = desk.send("POST", "/api/v1/cards?override=true", Some(&stay(&["101"])));
    assert_eq!((status, &card["notIssued"], card.get("encryptedImage")), (201, &json!(true), None));
    let id = card["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(desk.show("101", id), "refused no_key ");
    let unknown = desk.hotel.present(desk.now, "101", Presented::Serial("04"));
    assert_eq!(unknown, Err(PresentError::UnknownSerial("04".into())));
}

#[test]
fn writing_a_card_again_overwrites_what_it_was() {
    let mut desk = Desk::open();
    let first = desk.write_card("override=true", "04aa", &stay(&["101"]));
    let second = desk.write_card("override=true", "04AAff", &stay(&["102"]));
    assert_eq!(desk.card(first)["overwritten"], true);
    assert_eq!(desk.card(second)["overwritten"], false);
    assert_eq!(desk.verdict("101", Presented::Serial("04aa")), "refused no_access 0x0140");
    assert_eq!(desk.verdict("102", Presented::Serial("04aa")), OPENED);
    assert_eq!(desk.show("101", first), "refused no_key ");
    let listed = desk.get("/api/v1/cards?serialNumber=04AA");
    assert_eq!(listed, json!([{"id": first.to_string()}, {"id": second.to_string()}]));
}

#[test]
fn a_phone_joins_a_plastic_card_and_an_override_tells_plastic_apart() {
    let mut desk = Desk::open();
    let card = desk.write_card("autoJoin=true&override=false", "04aa", &stay(&["101"]));
    let phone = desk.issue("", "ep-1", &crate::client::joining(stay(&["101"]), &[card]));
    assert_eq!(desk.show("101", phone), OPENED);
    assert_eq!(desk.show("101", card), OPENED);
    let new = desk.issue("override=true", "ep-2", &stay(&["101"]));
    assert_eq!(desk.show("101", new), OPENED);
    assert_eq!(desk.show("101", card), "refused overridden 0x0010");
    assert_eq!(desk.show("101", phone), "refused overridden 0x0011");
}
