use serde_json::json;

use crate::api::Api;

#[tokio::test]
async fn the_doors_come_in_the_order_in_which_they_were_named() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let card = api.card(&user, &["103", "Gym", "101"]).await;
    let target = format!("/acs/credentials/list_accessible_entrances?acs_credential_id={card}");
    let reply = api.get(&target).await.ok();
    let doors: Vec<_> =
        reply["acs_entrances"].as_array().unwrap().iter().map(|door| api.redacted(&door["acs_entrance_id"])).collect();
    assert_eq!(doors, [json!("<103>"), json!("<Gym>"), json!("<101>")]);
    assert_eq!(reply["acs_entrances"][1]["visionline_metadata"]["door_category"], "common");
    assert_eq!(reply.get("pagination"), None);
}
