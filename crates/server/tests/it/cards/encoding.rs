use serde_json::json;

use super::Desk;

#[tokio::test]
async fn a_written_card_opens_its_door_and_its_credential_says_so() {
    let desk = Desk::open().await;
    let card = desk.card(&["101", "Gym"], json!({"override": true})).await;
    assert_eq!(desk.warnings(&card).await, ["waiting_to_be_issued"]);
    desk.take_over(0);
    let attempt = desk.encode(0, &card).await;
    desk.wait_until_encoder_waits(0).await;
    let pending = desk.attempt(&attempt).await;
    assert_eq!(
        (&pending["status"], &pending["result"], &pending["error"]),
        (&json!("pending"), &json!(null), &json!(null))
    );

    desk.place(0, "04aa");
    let result = desk.result(&attempt).await;
    assert_eq!(result["acs_credential_id"], card.as_str());
    assert_eq!((&result["is_issued"], &result["card_number"]), (&json!(true), &json!("04aaffffffffffff")));
    assert!(result["issued_at"].is_string());
    assert_eq!(result["visionline_metadata"]["is_valid"], true);
    assert!(result["visionline_metadata"]["card_id"].is_string());
    assert_eq!(result["innkeep"]["stage"], "on_card");
    assert_eq!(result["warnings"], json!([]));
    assert_eq!(desk.events("acs_credential.issued", &card).await.len(), 1);
    assert_eq!(desk.present("04aa", "101"), "guest");
    assert_eq!(desk.present("04aa", "Gym"), "guest_common");
    assert_eq!(desk.present("04aa", "102"), "no_access");
}

#[tokio::test]
async fn a_card_is_never_written_by_itself() {
    let desk = Desk::open().await;
    let card = desk.card(&["101"], json!({"override": true})).await;
    let (_, phone) = desk.phone(&["102"], json!({"override": true})).await;
    desk.until("the phone opens", || async { (desk.hold(&phone, "102") == "guest").then_some(()) }).await;
    assert_eq!(desk.warnings(&card).await, ["waiting_to_be_issued"]);
    assert_eq!(desk.records().len(), 1, "only the phone's");
}

#[tokio::test]
async fn an_encoder_does_its_work_in_the_order_in_which_it_was_asked_for() {
    let desk = Desk::open().await;
    desk.take_over(0);
    let first = desk.card(&["101"], json!({"override": true})).await;
    let second = desk.card(&["102"], json!({"override": true})).await;
    let first_attempt = desk.encode(0, &first).await;
    let second_attempt = desk.encode(0, &second).await;
    desk.place(0, "04aa");
    desk.result(&first_attempt).await;
    assert_eq!(desk.attempt(&second_attempt).await["status"], "pending", "the same card must not become the next key");
    desk.wait_until_encoder_waits(0).await;
    desk.place(0, "04bb");
    desk.result(&second_attempt).await;
    assert_eq!(desk.present("04aa", "101"), "guest");
    assert_eq!(desk.present("04bb", "102"), "guest");
}

#[tokio::test]
async fn nobody_else_waits_for_the_person_at_an_encoder() {
    let desk = Desk::open().await;
    desk.take_over(0);
    desk.take_over(1);
    let slow = desk.card(&["101"], json!({"override": true})).await;
    let attempt = desk.encode(0, &slow).await;
    desk.wait_until_encoder_waits(0).await;

    let (_, phone) = desk.phone(&["102"], json!({"override": true})).await;
    desk.until("the phone opens", || async { (desk.hold(&phone, "102") == "guest").then_some(()) }).await;
    let quick = desk.card(&["103"], json!({"override": true})).await;
    let quick_attempt = desk.encode(1, &quick).await;
    desk.place(1, "04bb");
    desk.result(&quick_attempt).await;
    assert_eq!(desk.attempt(&attempt).await["status"], "pending");
}

#[tokio::test]
async fn one_credential_fits_one_card() {
    let desk = Desk::open().await;
    let card = desk.card(&["101"], json!({"override": true})).await;
    desk.write(&card, "04aa").await;
    assert_eq!(desk.error(&desk.encode(0, &card).await).await, "credential_cannot_be_reissued");
    assert_eq!(desk.present("04aa", "101"), "guest");
}

#[tokio::test]
async fn twice_at_once_on_two_encoders_makes_one_card() {
    let desk = Desk::open().await;
    desk.take_over(0);
    desk.take_over(1);
    let card = desk.card(&["101"], json!({"override": true})).await;
    let first = desk.encode(0, &card).await;
    let second = desk.encode(1, &card).await;
    assert_eq!(desk.error(&second).await, "credential_cannot_be_reissued");
    desk.place(0, "04aa");
    desk.result(&first).await;
    assert_eq!(desk.records().len(), 1);
}

#[tokio::test]
async fn a_longer_stay_needs_the_card_again() {
    let desk = Desk::open().await;
    let card = desk.card(&["101"], json!({"override": true})).await;
    desk.write(&card, "04aa").await;
    let ends_at = "2025-06-10T10:00:00.000Z";
    desk.api.post("/acs/credentials/update", json!({"acs_credential_id": card, "ends_at": ends_at})).await.ok();
    assert_eq!(desk.warnings(&card).await, ["needs_to_be_reissued"]);
    assert!(
        desk.credential(&card).await["innkeep"]["may_open_until"].as_str().unwrap().starts_with("2025-06-04T10:00:0")
    );

    let result = desk.write(&card, "04aa").await;
    assert_eq!((&result["warnings"], &result["ends_at"]), (&json!([]), &json!(ends_at)));
    assert_eq!(desk.events("acs_credential.reissued", &card).await.len(), 1);
    assert_eq!(desk.events("acs_credential.issued", &card).await.len(), 1);
    assert_eq!(desk.events("acs_credential.invalidated", &card).await.len(), 0, "the former card was its own");
    desk.advance(5 * 86_400);
    assert_eq!(desk.present("04aa", "101"), "guest");
}

#[tokio::test]
async fn a_rewritten_card_ends_the_credential_that_was_on_it() {
    let desk = Desk::open().await;
    let former = desk.card(&["101"], json!({"override": true})).await;
    desk.write(&former, "04aa").await;
    let next = desk.card(&["102"], json!({"override": true})).await;
    desk.write(&next, "04aa").await;
    assert_eq!(desk.credential(&former).await["visionline_metadata"]["is_valid"], false);
    assert_eq!(desk.events("acs_credential.invalidated", &former).await.len(), 1);
    assert_eq!(desk.present("04aa", "102"), "guest");
    assert_eq!(desk.present("04aa", "101"), "no_access");
    assert_eq!(desk.error(&desk.encode(0, &former).await).await, "credential_cannot_be_reissued");
}

#[tokio::test]
async fn a_card_is_written_once_though_its_answer_gets_lost() {
    let desk = Desk::open().await;
    let warm_up = desk.card(&["102"], json!({"override": true})).await;
    desk.write(&warm_up, "04bb").await;

    let card = desk.card(&["101"], json!({"override": true})).await;
    desk.take_over(0);
    desk.control("POST", "faults", &json!({"kind": "lost_reply", "count": 1, "only_changes": true}));
    let attempt = desk.encode(0, &card).await;
    desk.wait_until_encoder_waits(0).await;
    desk.place(0, "04aa");
    assert_eq!(desk.result(&attempt).await["card_number"], "04aaffffffffffff");
    assert_eq!(desk.records().len(), 2, "one for each credential");
    assert_eq!(desk.present("04aa", "101"), "guest");
}

#[tokio::test]
async fn a_restart_in_the_middle_finds_the_card_that_was_written() {
    let mut desk = Desk::open().await;
    desk.take_over(0);
    let card = desk.card(&["101"], json!({"override": true})).await;
    let attempt = desk.encode(0, &card).await;
    desk.wait_until_encoder_waits(0).await;
    desk.restart().await;
    assert_eq!(desk.attempt(&attempt).await["status"], "pending");
    desk.place(0, "04aa");
    assert_eq!(desk.result(&attempt).await["card_number"], "04aaffffffffffff");
    assert_eq!(desk.records().len(), 1);
    assert_eq!(desk.events("acs_credential.issued", &card).await.len(), 1);
    assert_eq!(desk.present("04aa", "101"), "guest");
}

#[tokio::test]
async fn a_survey_leaves_a_card_alone_that_waits_at_an_encoder_and_discards_one_that_was_given_up() {
    let desk = Desk::under_survey().await;
    desk.take_over(0);
    let given_up = desk.card(&["101"], json!({"override": true})).await;
    let attempt = desk.encode(0, &given_up).await;
    desk.wait_until_encoder_waits(0).await;
    desk.control("POST", "encoders/front-desk-1/fail", &json!({"result_code": 18}));
    assert_eq!(desk.error(&attempt).await, "encoding_interrupted");

    let card = desk.card(&["101"], json!({"override": true})).await;
    let attempt = desk.encode(0, &card).await;
    desk.wait_until_encoder_waits(0).await;
    // The lock server has a record for each, and no medium carries either.
    desk.until("the record that was given up is discarded", || async {
        let discarded = desk.records().into_iter().filter(|record| record["discarded"] == true).count();
        (discarded == 1).then_some(())
    })
    .await;
    assert_eq!(desk.attempt(&attempt).await["status"], "pending");
    desk.place(0, "04aa");
    desk.result(&attempt).await;
    assert_eq!(desk.credential(&card).await["innkeep"]["stage"], "on_card");
    assert_eq!(desk.present("04aa", "101"), "guest");
}
