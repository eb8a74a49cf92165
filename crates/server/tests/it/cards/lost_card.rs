use serde_json::json;

use super::Desk;

const VOID: &str = "/innkeep/acs_credentials/void_lost_card";

#[tokio::test]
async fn deleting_one_card_keeps_the_others_of_the_stay_and_says_how_long_it_may_open() {
    let desk = Desk::open().await;
    let lost = desk.card(&["101"], json!({"override": true})).await;
    desk.write(&lost, "04aa").await;
    let kept = desk.card(&["101"], json!({"joiner_acs_credential_ids": [lost]})).await;
    desk.write(&kept, "04bb").await;
    let end = desk.credential(&lost).await["ends_at"].clone();

    desk.api.post("/acs/credentials/delete", json!({"acs_credential_id": lost})).await.ok();
    let deleted =
        desk.until("the deletion is told", || async { desk.events("acs_credential.deleted", &lost).await.pop() }).await;
    assert_eq!(deleted["innkeep"]["may_open_until"], end);
    assert_eq!(desk.present("04bb", "101"), "guest");
    assert_eq!(desk.present("04aa", "101"), "guest", "nothing reaches an offline lock");
    assert_eq!(desk.warnings(&kept).await, [""; 0]);
}

#[tokio::test]
async fn a_lost_card_is_refused_once_a_phone_of_the_stay_was_used_again() {
    let desk = Desk::open().await;
    let lost = desk.card(&["101"], json!({"override": true})).await;
    desk.write(&lost, "04aa").await;
    let kept = desk.card(&["101"], json!({"joiner_acs_credential_ids": [lost]})).await;
    desk.write(&kept, "04bb").await;
    let (key, phone) = desk.phone(&["101"], json!({"joiner_acs_credential_ids": [lost]})).await;
    desk.wait_until_issued(&key).await;
    let end = desk.credential(&lost).await["ends_at"].clone();

    let voided = desk.api.post(VOID, json!({"acs_credential_id": lost})).await.ok();
    let expected = json!({"acs_credential_ids_to_encode_again": [kept], "may_open_until": end});
    assert_eq!(voided["innkeep"], expected);
    assert_eq!(desk.warnings(&kept).await, ["needs_to_be_reissued"]);
    desk.until("the phone has a new key", || async {
        let body = json!({"since": "2020-01-01T00:00:00Z", "event_type": "acs_credential.reissued"});
        let told = desk.api.post("/events/list", body).await.ok();
        (!told["events"].as_array().unwrap().is_empty()).then_some(())
    })
    .await;
    assert_eq!(desk.present("04aa", "101"), "guest", "no new key was used yet");
    assert_eq!(desk.hold(&phone, "101"), "guest");
    assert_eq!(desk.present("04aa", "101"), "overridden");

    desk.write(&kept, "04bb").await;
    for _ in 0..2 {
        assert_eq!(desk.present("04bb", "101"), "guest");
        assert_eq!(desk.hold(&phone, "101"), "guest");
    }
    assert_eq!(desk.present("04aa", "101"), "overridden");
    let gone = desk.api.post("/acs/credentials/get", json!({"acs_credential_id": lost})).await;
    assert_eq!(gone.refusal().1, "acs_credential_not_found");
}

#[tokio::test]
async fn a_lost_card_of_a_stay_of_cards_is_refused_once_another_was_written_again() {
    let desk = Desk::open().await;
    let lost = desk.card(&["101", "102"], json!({"override": true})).await;
    desk.write(&lost, "04aa").await;
    let kept = desk.card(&["101", "102"], json!({"joiner_acs_credential_ids": [lost]})).await;
    desk.write(&kept, "04bb").await;
    desk.api.post(VOID, json!({"acs_credential_id": lost})).await.ok();
    assert_eq!(desk.present("04bb", "101"), "guest", "the guest is not locked out meanwhile");
    desk.write(&kept, "04bb").await;
    for door in ["101", "102"] {
        assert_eq!(desk.present("04bb", door), "guest");
        assert_eq!(desk.present("04aa", door), "overridden");
    }
    assert_eq!(desk.events("acs_credential.reissued", &kept).await.len(), 1);
}

#[tokio::test]
async fn only_a_card_that_was_written_can_be_lost() {
    let desk = Desk::open().await;
    let card = desk.card(&["101"], json!({"override": true})).await;
    let reply = desk.api.post(VOID, json!({"acs_credential_id": card})).await;
    assert!(reply.at("acs_credential_id")[0].starts_with("no card that could still open a door"));
    let (key, _) = desk.phone(&["102"], json!({"override": true})).await;
    let reply = desk.api.post(VOID, json!({"acs_credential_id": key})).await;
    assert!(reply.at("acs_credential_id")[0].starts_with("not a card"));
    let there = desk.api.post_there(VOID, json!({"acs_credential_id": card})).await;
    assert_eq!(there.refusal().1, "acs_credential_not_found", "P8");
}
