use serde_json::{Value, json};

use super::Desk;
use crate::api::acs::credentials::second_site::SecondSite;

/// A card that did not work out is as it was, and works the next time.
async fn works_the_next_time(desk: &Desk, card: &str) {
    assert_eq!(desk.warnings(card).await, ["waiting_to_be_issued"]);
    desk.take_over(0);
    desk.write(card, "04ee").await;
    assert_eq!(desk.present("04ee", "101"), "guest");
}

#[tokio::test]
async fn what_the_encoder_reports_is_told_in_the_apis_words() {
    let desk = Desk::open().await;
    desk.take_over(0);
    let card = desk.card(&["101"], json!({"override": true})).await;
    for (code, expected) in [
        (3, "encoder_not_online"),
        (17, "incompatible_card_format"),
        (18, "encoding_interrupted"),
        (39, "uncategorized_error"),
    ] {
        let attempt = desk.encode(0, &card).await;
        desk.wait_until_encoder_waits(0).await;
        desk.control("POST", "encoders/front-desk-1/fail", &json!({ "result_code": code }));
        assert_eq!(desk.error(&attempt).await, expected, "{code}");
    }
    works_the_next_time(&desk, &card).await;
}

#[tokio::test]
async fn a_card_of_the_wrong_kind_is_named() {
    let desk = Desk::open().await;
    let card = desk.card(&["101"], json!({"override": true})).await;
    let body = json!({"serial_number": "04dd", "technology": "desfire"});
    desk.control("POST", "encoders/front-desk-1/place", &body);
    assert_eq!(desk.error(&desk.encode(0, &card).await).await, "incompatible_card_format");
    works_the_next_time(&desk, &card).await;
}

#[tokio::test]
async fn an_encoder_without_connection_is_not_online() {
    let desk = Desk::open().await;
    desk.control("POST", "encoders/front-desk-1/offline", &Value::Null);
    let card = desk.card(&["101"], json!({"override": true})).await;
    assert_eq!(desk.error(&desk.encode(0, &card).await).await, "encoder_not_online");
    desk.control("POST", "encoders/front-desk-1/online", &Value::Null);
    works_the_next_time(&desk, &card).await;
}

#[tokio::test]
async fn a_person_has_a_minute_for_placing_a_card() {
    let desk = Desk::open().await;
    desk.take_over(0);
    let card = desk.card(&["101"], json!({"override": true})).await;
    let attempt = desk.encode(0, &card).await;
    desk.wait_until_encoder_waits(0).await;
    // The lock server gives up after half a minute, and is asked again.
    desk.advance(31);
    desk.wait_until_encoder_waits(0).await;
    assert_eq!(desk.attempt(&attempt).await["status"], "pending");
    desk.advance(31);
    assert_eq!(desk.error(&attempt).await, "no_credential_on_encoder");
    works_the_next_time(&desk, &card).await;
    let usable = desk.records().into_iter().filter(|record| record["notIssued"] == false).count();
    assert_eq!(usable, 1);
}

#[tokio::test]
async fn credentials_that_cannot_be_written_say_why() {
    let desk = Desk::open().await;
    let deleted = desk.card(&["101"], json!({"override": true})).await;
    desk.api.post("/acs/credentials/delete", json!({"acs_credential_id": deleted})).await.ok();
    assert_eq!(desk.error(&desk.encode(0, &deleted).await).await, "credential_deleted");

    let expired = desk.card(&["101"], json!({"override": true})).await;
    desk.advance(4 * 86_400);
    assert_eq!(desk.error(&desk.encode(0, &expired).await).await, "uncategorized_error");
}

#[tokio::test]
async fn a_card_with_fewer_rooms_than_its_stay_says_which_to_write_first() {
    let desk = Desk::open().await;
    let full = desk.card(&["101", "102"], json!({"override": true})).await;
    let few = desk.card(&["101"], json!({"joiner_acs_credential_ids": [full]})).await;
    let attempt = desk.ended(&desk.encode(0, &few).await).await;
    assert_eq!(attempt["error"]["type"], "uncategorized_error");
    assert!(attempt["error"]["message"].as_str().unwrap().contains("101, 102"), "{attempt}");
    desk.write(&full, "04aa").await;
    desk.write(&few, "04bb").await;
    for serial in ["04bb", "04aa", "04bb"] {
        assert_eq!(desk.present(serial, "101"), "guest");
    }
}

#[tokio::test]
async fn what_waits_too_long_for_its_turn_expires() {
    let desk = Desk::open().await;
    desk.take_over(0);
    let first = desk.card(&["101"], json!({"override": true})).await;
    let second = desk.card(&["102"], json!({"override": true})).await;
    let held = desk.encode(0, &first).await;
    desk.wait_until_encoder_waits(0).await;
    let waiting = desk.encode(0, &second).await;
    desk.advance(301);
    assert_eq!(desk.error(&waiting).await, "action_attempt_expired");
    desk.ended(&held).await;
}

#[tokio::test]
async fn while_the_lock_server_is_away_an_encode_fails_and_is_not_queued() {
    let desk = Desk::open().await;
    let card = desk.card(&["101"], json!({"override": true})).await;
    desk.control("POST", "faults", &json!({"kind": "unreachable", "seconds": 3600}));
    assert_eq!(desk.error(&desk.encode(0, &card).await).await, "bridge_disconnected");
    assert_eq!(desk.warnings(&card).await, ["waiting_to_be_issued"]);
}

#[tokio::test]
async fn encoders_that_are_off_or_gone_are_not_online() {
    let off = Desk::with_encoders(false).await;
    let card = off.card(&["101"], json!({"override": true})).await;
    let attempt = off.ended(&off.encode(0, &card).await).await;
    assert_eq!(attempt["error"]["type"], "encoder_not_online");
    assert!(attempt["error"]["message"].as_str().unwrap().contains("encoders = true"), "{attempt}");

    let gone = Desk::with_encoders(false).await;
    gone.api.list_encoders(&["Front Desk 2"]);
    let card = gone.card(&["101"], json!({"override": true})).await;
    assert_eq!(gone.error(&gone.encode(0, &card).await).await, "encoder_not_online");
}

#[tokio::test]
async fn a_lost_answer_without_a_card_ends_and_leaves_no_record_that_could_become_one() {
    let desk = Desk::open().await;
    let warm_up = desk.card(&["102"], json!({"override": true})).await;
    desk.write(&warm_up, "04bb").await;
    desk.take_over(0);
    let card = desk.card(&["101"], json!({"override": true})).await;
    desk.control("POST", "faults", &json!({"kind": "lost_reply", "count": 1, "only_changes": true}));
    let attempt = desk.encode(0, &card).await;
    desk.wait_until_encoder_waits(0).await;
    desk.advance(120);
    assert_eq!(desk.error(&attempt).await, "encoder_communication_timeout");
    desk.until("the empty record is discarded", || async {
        let discarded = desk.records().into_iter().filter(|record| record["discarded"] == true).count();
        (discarded == 1).then_some(())
    })
    .await;
    works_the_next_time(&desk, &card).await;
}

#[tokio::test]
async fn a_card_that_is_deleted_while_it_is_written_says_so() {
    let desk = Desk::open().await;
    desk.take_over(0);
    let card = desk.card(&["101"], json!({"override": true})).await;
    let attempt = desk.encode(0, &card).await;
    desk.wait_until_encoder_waits(0).await;
    desk.api.post("/acs/credentials/delete", json!({"acs_credential_id": card})).await.ok();
    desk.place(0, "04aa");
    assert_eq!(desk.error(&attempt).await, "credential_deleted");
    desk.until("the card is discarded", || async {
        desk.records().into_iter().all(|record| record["discarded"] == true).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_encoder_writes_cards_of_its_own_hotel_only() {
    let desk = Desk::open().await;
    let annex = SecondSite::open(&desk.api, &["1".to_owned()], &[]).await;
    let body = json!({
        "acs_user_id": annex.user, "access_method": "card", "allowed_acs_entrance_ids": annex.ids([&"1".to_owned()]),
        "ends_at": "2025-06-10T10:00:00Z", "visionline_metadata": {"override": true},
    });
    let made = desk.api.post("/acs/credentials/create", body).await.ok();
    let card = &made["acs_credential"]["acs_credential_id"];
    let body = json!({"acs_encoder_id": desk.encoders[0], "acs_credential_id": card});
    let reply = desk.api.post("/acs/encoders/encode_credential", body).await;
    assert!(reply.at("acs_encoder_id")[0].starts_with("the encoder belongs to another access system"));
}

#[tokio::test]
async fn bad_input_is_refused_before_anything_is_stored() {
    const PATH: &str = "/acs/encoders/encode_credential";
    let desk = Desk::open().await;
    let card = desk.card(&["101"], json!({"override": true})).await;
    let (mobile, _) = desk.phone(&["102"], json!({"override": true})).await;
    let encoder = &desk.encoders[0];

    let reply = desk.api.post(PATH, json!({"acs_encoder_id": encoder, "acs_credential_id": mobile})).await;
    assert!(reply.at("acs_credential_id")[0].starts_with("only credentials of access_method card"));
    let reply = desk.api.post(PATH, json!({"acs_encoder_id": encoder})).await;
    assert_eq!(reply.at(""), ["Provide exactly one of acs_credential_id and access_method_id"]);
    let both = json!({"acs_encoder_id": encoder, "acs_credential_id": card, "access_method_id": card});
    assert_eq!(desk.api.post(PATH, both).await.refusal().0, 400);
    let method = json!({"acs_encoder_id": encoder, "access_method_id": card});
    assert_eq!(desk.api.post(PATH, method).await.refusal().1, "access_method_not_found");
    let unknown = json!({"acs_encoder_id": card, "acs_credential_id": card});
    assert_eq!(desk.api.post(PATH, unknown).await.refusal().1, "acs_encoder_not_found");
    let unknown = json!({"acs_encoder_id": encoder, "acs_credential_id": encoder});
    assert_eq!(desk.api.post(PATH, unknown).await.refusal().1, "acs_credential_not_found");
    let there = desk.api.post_there(PATH, json!({"acs_encoder_id": encoder, "acs_credential_id": card})).await;
    assert_eq!(there.refusal().1, "acs_encoder_not_found", "P8");
}
