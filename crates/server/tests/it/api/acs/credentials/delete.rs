use http::Method;
use serde_json::json;

use crate::api::Api;

#[tokio::test]
async fn a_credential_shows_that_it_is_being_deleted_and_may_be_deleted_again() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let card = api.card(&user, &["101"]).await;
    let target = format!("/acs/credentials/delete?acs_credential_id={card}");
    for _ in 0..2 {
        let reply = api.send("seam_testmeridian_0123456789abcdef", Method::DELETE, &target, None).await.ok();
        assert_eq!(reply, json!({"ok": true}));
    }
    let reply = api.get(&format!("/acs/credentials/get?acs_credential_id={card}")).await.ok();
    let codes: Vec<_> = reply["acs_credential"]["warnings"].as_array().unwrap().iter().collect();
    assert_eq!(codes.len(), 1, "{codes:?}");
    assert_eq!(codes[0]["warning_code"], "being_deleted");
    assert_eq!(reply["acs_credential"]["visionline_metadata"]["is_valid"], false);
}

#[tokio::test]
async fn the_id_is_needed() {
    let api = Api::new();
    let reply = api.post("/acs/credentials/delete", json!({})).await;
    assert_eq!(reply.refusal(), (400, "invalid_input", "acs_credential_id is required"));
    let reply = api.post("/acs/credentials/delete", json!({"acs_credential_id": 5})).await;
    assert_eq!(reply.at("acs_credential_id"), ["Expected string, received number"]);
}
