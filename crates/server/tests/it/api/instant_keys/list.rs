use serde_json::{Value, json};

use super::generate;
use crate::api::{Api, NOBODY};

#[tokio::test]
async fn links_are_listed_oldest_first_of_one_person_or_of_all() {
    let api = Api::new();
    let (jane, john) = (api.person("Jane").await, api.person("John").await);
    let first = generate(&api, &jane).await;
    api.app.clock.advance(std::time::Duration::from_secs(1)).unwrap();
    let second = generate(&api, &john).await;
    let listed = async |body: Value| api.post("/instant_keys/list", body).await.ok()["instant_keys"].clone();
    assert_eq!(listed(json!({})).await, json!([first, second]));
    assert_eq!(listed(json!({"user_identity_id": john})).await, json!([second]));
    assert_eq!(listed(json!({"user_identity_id": NOBODY})).await, json!([]));
    api.post("/instant_keys/delete", json!({"instant_key_id": first["instant_key_id"]})).await.ok();
    assert_eq!(listed(json!({})).await, json!([second]));
}
