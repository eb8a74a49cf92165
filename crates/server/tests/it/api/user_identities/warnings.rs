//! What people should know of a person (`spec/api.md 4.24`).

use serde_json::json;

use crate::api::Api;

async fn warnings(api: &Api, person: &str) -> Vec<String> {
    let shown = api.get(&format!("/user_identities/get?user_identity_id={person}")).await.ok();
    let warnings = shown["user_identity"]["warnings"].as_array().unwrap().clone();
    warnings.iter().map(|warning| warning["warning_code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_linked_user_of_another_name_is_warned_of_until_the_names_agree() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let user = api.user("Jane", Some(&person)).await;
    assert_eq!(warnings(&api, &person).await, [""; 0]);
    for (full_name, expected) in [("Jane Doe", vec!["acs_user_profile_does_not_match_user_identity"]), ("jane", vec![])]
    {
        api.post("/acs/users/update", json!({"acs_user_id": user, "full_name": full_name})).await.ok();
        assert_eq!(warnings(&api, &person).await, expected, "{full_name}");
    }
    let listed = api.get("/user_identities/list").await.ok();
    assert_eq!(listed["user_identities"][0]["warnings"], json!([]));
}

#[tokio::test]
async fn a_person_who_is_being_deleted_says_so_until_the_keys_are_gone() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let user = api.user("Jane", Some(&person)).await;
    api.card(&user, &["101"]).await;
    api.post("/user_identities/delete", json!({"user_identity_id": person})).await.ok();
    // No worker runs, so the card is still to be looked at.
    assert_eq!(warnings(&api, &person).await, ["being_deleted"]);
}
