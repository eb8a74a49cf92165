use serde_json::{Value, json};

use crate::api::Api;

#[tokio::test]
async fn sessions_are_listed_by_person_key_and_the_want_of_them() {
    let api = Api::new();
    let anna = api.person("Anna").await;
    for (name, body) in [
        ("nobody's", json!({})),
        ("anna's", json!({"user_identity_id": anna})),
        ("keyed", json!({"user_identifier_key": "k", "user_identity_id": anna})),
    ] {
        let made = api.post("/client_sessions/create", body).await.ok();
        api.name(&made["client_session"]["client_session_id"], name);
    }
    api.post_there("/client_sessions/create", json!({})).await.ok();
    let list = async |body: Value| {
        let listed = api.post("/client_sessions/list", body).await.ok();
        let ids: Vec<Value> = listed["client_sessions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|session| api.redacted(&session["client_session_id"]))
            .collect();
        json!(ids)
    };
    assert_eq!(list(json!({})).await, json!(["<nobody's>", "<anna's>", "<keyed>"]));
    assert_eq!(list(json!({"user_identity_id": anna})).await, json!(["<anna's>", "<keyed>"]));
    assert_eq!(list(json!({"user_identity_id": null})).await, json!(["<nobody's>"]));
    assert_eq!(list(json!({"user_identifier_key": "k"})).await, json!(["<keyed>"]));
    assert_eq!(list(json!({"without_user_identifier_key": true})).await, json!(["<nobody's>", "<anna's>"]));
    assert_eq!(list(json!({"connect_webview_id": null})).await, json!(["<nobody's>", "<anna's>", "<keyed>"]));
}
