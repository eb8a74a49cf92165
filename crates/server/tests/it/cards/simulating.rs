use serde_json::{Value, json};

use super::Desk;

#[tokio::test]
async fn a_sandbox_lays_a_blank_card_where_nobody_plays_the_person() {
    let desk = Desk::open().await;
    let card = desk.card(&["101"], json!({"override": true})).await;
    let result = desk.result(&desk.encode(0, &card).await).await;
    let serial_number = result["card_number"].as_str().unwrap();
    assert_eq!(desk.present(serial_number, "101"), "guest");
    let scanned = desk.scan(0).await;
    assert_eq!(scanned["result"]["acs_credential_on_seam"]["acs_credential_id"], card.as_str());
}

#[tokio::test]
async fn a_failure_is_simulated_once() {
    let desk = Desk::open().await;
    let card = desk.card(&["101"], json!({"override": true})).await;
    let encoder = desk.encoders[0].clone();
    for (body, expected) in [
        (json!({"acs_encoder_id": encoder}), "no_credential_on_encoder"),
        (json!({"acs_encoder_id": encoder, "error_code": "encoding_interrupted"}), "encoding_interrupted"),
        (json!({"acs_encoder_id": encoder, "error_code": "uncategorized_error"}), "uncategorized_error"),
        (
            json!({"acs_encoder_id": encoder, "error_code": "action_attempt_expired", "acs_credential_id": card}),
            "action_attempt_expired",
        ),
    ] {
        desk.simulate("encode_will_fail", body).await.ok();
        assert_eq!(desk.error(&desk.encode(0, &card).await).await, expected);
    }
    assert_eq!(desk.warnings(&card).await, ["waiting_to_be_issued"]);
    desk.result(&desk.encode(0, &card).await).await;
}

#[tokio::test]
async fn a_failure_for_one_credential_leaves_others_and_a_later_call_replaces_it() {
    let desk = Desk::open().await;
    let named = desk.card(&["101"], json!({"override": true})).await;
    let other = desk.card(&["102"], json!({"override": true})).await;
    let body = json!({
        "acs_encoder_id": desk.encoders[0], "error_code": "uncategorized_error", "acs_credential_id": named,
    });
    desk.simulate("encode_will_fail", body).await.ok();
    desk.result(&desk.encode(0, &other).await).await;
    // The person at the encoder is played by the test, and a card is laid there all the same.
    desk.take_over(0);
    desk.simulate("encode_will_succeed", json!({"acs_encoder_id": desk.encoders[0]})).await.ok();
    desk.result(&desk.encode(0, &named).await).await;
}

#[tokio::test]
async fn scans_are_simulated_with_each_outcome() {
    let desk = Desk::open().await;
    let card = desk.card(&["101"], json!({"override": true})).await;
    desk.result(&desk.encode(0, &card).await).await;
    let encoder = desk.encoders[0].clone();
    let simulated = async |scenario: &str, id: Option<&str>| {
        let mut body = json!({"acs_encoder_id": encoder, "scenario": scenario});
        if let Some(id) = id {
            body["acs_credential_id_on_seam"] = json!(id);
        }
        desk.simulate("scan_will_succeed", body).await.ok();
        desk.scan(0).await["result"].clone()
    };
    for id in [None, Some(card.as_str())] {
        let known = simulated("credential_exists_on_seam", id).await;
        assert_eq!(known["acs_credential_on_seam"]["acs_credential_id"], card.as_str());
        assert_eq!((&known["warnings"], known["acs_credential_on_encoder"].is_object()), (&json!([]), true));
        let stale = simulated("credential_on_encoder_needs_update", id).await;
        assert_eq!(stale["warnings"][0]["warning_code"], "acs_credential_on_encoder_out_of_sync");
        assert_ne!(stale["acs_credential_on_encoder"]["ends_at"], stale["acs_credential_on_seam"]["ends_at"]);
    }
    let unknown = simulated("credential_does_not_exist_on_seam", None).await;
    assert_eq!(
        (&unknown["acs_credential_on_seam"], unknown["acs_credential_on_encoder"].is_object()),
        (&Value::Null, true)
    );
    assert_eq!(unknown["warnings"][0]["warning_code"], "acs_credential_on_seam_not_found");
    let empty = simulated("credential_on_encoder_is_empty", None).await;
    assert_eq!(empty, json!({"acs_credential_on_encoder": null, "acs_credential_on_seam": null, "warnings": []}));

    for code in ["no_credential_on_encoder", "uncategorized_error", "action_attempt_expired"] {
        desk.simulate("scan_will_fail", json!({"acs_encoder_id": encoder, "error_code": code})).await.ok();
        assert_eq!(desk.scan(0).await["error"]["type"], code);
    }
    assert_eq!(desk.scan(0).await["status"], "success", "each counts once");
}

#[tokio::test]
async fn simulations_take_known_parameters_only_and_exist_in_sandboxes_only() {
    let desk = Desk::open().await;
    let encoder = desk.encoders[0].clone();
    let card = desk.card(&["101"], json!({"override": true})).await;
    for what in ["encode_will_succeed", "encode_will_fail", "scan_will_succeed", "scan_will_fail"] {
        let reply = desk.simulate(what, json!({"acs_encoder_id": encoder, "colour": "red"})).await;
        assert_eq!(reply.at("colour"), ["Unrecognized key"], "{what}");
        let reply = desk.simulate(what, json!({"acs_encoder_id": card})).await;
        assert_eq!(reply.refusal().1, "acs_encoder_not_found");
    }
    let body = json!({"acs_encoder_id": encoder, "acs_credential_id": card});
    let reply = desk.simulate("encode_will_fail", body).await;
    assert_eq!(
        reply.at("acs_credential_id"),
        ["only with the error_code uncategorized_error or action_attempt_expired"]
    );
    let body = json!({"acs_encoder_id": encoder, "acs_credential_id_on_seam": encoder});
    assert_eq!(desk.simulate("scan_will_succeed", body).await.refusal().1, "acs_credential_not_found");
    desk.api.change(|tx| store::testing::execute(tx, "UPDATE workspaces SET is_sandbox = false"));
    for what in ["encode_will_succeed", "encode_will_fail", "scan_will_succeed", "scan_will_fail"] {
        let reply = desk.simulate(what, json!({"acs_encoder_id": encoder})).await;
        assert_eq!(reply.refusal().1, "workspace_not_sandbox");
    }
}
