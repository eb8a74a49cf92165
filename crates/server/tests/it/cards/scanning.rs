use serde_json::{Value, json};

use super::Desk;

#[tokio::test]
async fn a_known_card_is_found_in_step_with_its_credential() {
    let desk = Desk::open().await;
    let card = desk.card(&["101", "Gym"], json!({"override": true})).await;
    desk.write(&card, "04aa").await;
    let scanned = desk.scan(0).await;
    assert_eq!(scanned["action_type"], "SCAN_CREDENTIAL");
    let result = &scanned["result"];
    assert_eq!(result["warnings"], json!([]), "{result}");
    assert_eq!(result["acs_credential_on_seam"], desk.credential(&card).await);
    let on_card = &result["acs_credential_on_encoder"];
    assert_eq!((&on_card["is_issued"], &on_card["card_number"]), (&json!(true), &json!("04aaffffffffffff")));
    let metadata = &on_card["visionline_metadata"];
    assert_eq!(metadata["guest_acs_entrance_ids"], json!([desk.api.door("101")]));
    assert_eq!(metadata["common_acs_entrance_ids"], json!([desk.api.door("Gym")]));
    assert_eq!((&metadata["card_format"], &metadata["overwritten"]), (&json!("rfid48"), &json!(false)));
}

#[tokio::test]
async fn a_card_that_differs_names_what_differs() {
    let desk = Desk::open().await;
    let card = desk.card(&["101"], json!({"override": true})).await;
    desk.write(&card, "04aa").await;
    let update = json!({"acs_credential_id": card, "ends_at": "2025-06-10T10:00:00Z"});
    desk.api.post("/acs/credentials/update", update).await.ok();
    let result = desk.scan(0).await["result"].clone();
    assert_eq!(result["warnings"].as_array().unwrap().len(), 1);
    let warning = &result["warnings"][0];
    assert_eq!(warning["warning_code"], "acs_credential_on_encoder_out_of_sync");
    assert_eq!(warning["warning_message"], "The card differs from its credential in: ends_at.");
    assert_eq!(result["acs_credential_on_seam"]["acs_credential_id"], card.as_str());
}

#[tokio::test]
async fn a_blank_card_an_unknown_card_and_no_card_are_told_apart() {
    let desk = Desk::open().await;
    desk.place(0, "04aa");
    let blank = json!({"acs_credential_on_encoder": null, "acs_credential_on_seam": null, "warnings": []});
    assert_eq!(desk.scan(0).await["result"], blank);

    desk.control("POST", "media/04bb/program", &json!({"function": "guest", "guest_doors": ["101"]}));
    desk.place(0, "04bb");
    let unknown = desk.scan(0).await["result"].clone();
    assert_eq!(unknown["acs_credential_on_seam"], Value::Null);
    assert!(unknown["acs_credential_on_encoder"].is_object());
    assert_eq!(unknown["warnings"][0]["warning_code"], "acs_credential_on_seam_not_found");

    // Nobody has touched the second encoder, so nobody comes.
    let attempt = desk.scan(1).await;
    assert_eq!(attempt["error"]["type"], "no_credential_on_encoder", "{attempt}");
}

#[tokio::test]
async fn a_scanned_card_is_given_to_a_user_who_has_none() {
    let desk = Desk::open().await;
    let owner = desk.api.user("Owner", None).await;
    let card = desk.card_of(&owner, &["101"], json!({"override": true})).await;
    desk.write(&card, "04aa").await;
    let unassign = json!({"acs_credential_id": card, "acs_user_id": owner});
    desk.api.post("/acs/credentials/unassign", unassign).await.ok();

    let person = desk.api.person("Next").await;
    let body = json!({"acs_encoder_id": desk.encoders[0], "user_identity_id": person});
    let attempt = desk.ask("/acs/encoders/scan_to_assign_credential", body).await;
    let result = desk.result(&attempt).await;
    assert_eq!((&result["acs_credential_id"], &result["user_identity_id"]), (&json!(card), &json!(person)));

    let body = json!({"acs_encoder_id": desk.encoders[0], "acs_user_id": owner});
    let again = desk.ask("/acs/encoders/scan_to_assign_credential", body).await;
    assert_eq!(desk.error(&again).await, "uncategorized_error", "it belongs to somebody else now");
    let neither = desk.api.post("/acs/encoders/scan_to_assign_credential", json!({"acs_encoder_id": desk.encoders[0]}));
    assert_eq!(neither.await.at(""), ["Provide exactly one of acs_user_id and user_identity_id"]);
}
