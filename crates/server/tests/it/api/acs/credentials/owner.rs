//! Whose a new credential is when a person is named instead of a user (`spec/api.md 2`, U1).

use serde_json::{Value, json};
use store::{page::Page, users};

use super::refusal::{assert_unchanged, rows};
use crate::api::{Api, NOBODY, Reply};

/// A person with this member besides the name.
async fn person(api: &Api, name: &str, member: (&str, &str)) -> String {
    let body = json!({"full_name": name, member.0: member.1});
    let made = api.post("/user_identities/create", body).await.ok();
    made["user_identity"]["user_identity_id"].as_str().unwrap().to_owned()
}

/// A user of nobody's with this member besides the name.
async fn user(api: &Api, name: &str, member: (&str, &str)) -> String {
    let body = json!({"acs_system_id": api.site.acs_system_id, "full_name": name, member.0: member.1});
    let made = api.post("/acs/users/create", body).await.ok();
    made["acs_user"]["acs_user_id"].as_str().unwrap().to_owned()
}

/// A card for 101, given to a person; `changes` are put over the request.
async fn ask(api: &Api, person: &str, changes: Value) -> Reply {
    let mut body = json!({
        "user_identity_id": person, "acs_system_id": api.site.acs_system_id, "access_method": "card",
        "allowed_acs_entrance_ids": [api.door("101")], "ends_at": "2030-01-03 10:00:00.000",
        "visionline_metadata": {"override": true},
    });
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    api.post("/acs/credentials/create", body).await
}

/// Owner and person of a credential that was made.
fn whose(reply: Reply) -> (String, String) {
    let credential = &reply.ok()["acs_credential"];
    let text = |member: &str| credential[member].as_str().unwrap().to_owned();
    (text("acs_user_id"), text("user_identity_id"))
}

fn user_count(api: &Api) -> usize {
    api.look(|tx| users::list(tx, api.site.workspace_id, &users::Filter::default(), Page::whole())).len()
}

#[tokio::test]
async fn a_person_without_a_user_gets_one_and_keeps_it() {
    let api = Api::new();
    let ada = person(&api, "Ada", ("email_address", "ada@example.com")).await;
    let (made, of) = whose(ask(&api, &ada, json!({})).await);
    assert_eq!(of, ada);
    assert_eq!(whose(ask(&api, &ada, json!({})).await).0, made, "the second key is the same user's");
    assert_eq!(user_count(&api), 1);
    let shown = api.post("/acs/users/get", json!({"acs_user_id": made})).await.ok()["acs_user"].clone();
    let expected = (json!("Ada"), json!("ada@example.com"), json!(api.site.acs_system_id));
    assert_eq!((shown["full_name"].clone(), shown["email_address"].clone(), shown["acs_system_id"].clone()), expected);
    let body = json!({"since": "2025-01-01T00:00:00Z", "event_type": "acs_user.created"});
    let events = api.post("/events/list", body).await.ok()["events"].clone();
    assert_eq!((events.as_array().unwrap().len(), &events[0]["acs_user_id"]), (1, &json!(made)));
}

#[tokio::test]
async fn a_user_with_the_persons_email_or_phone_is_taken_before_one_is_made() {
    let api = Api::new();
    let by_email = user(&api, "A. Lovelace", ("email_address", "ada@example.com")).await;
    let by_phone = user(&api, "B. Babbage", ("phone_number", "+15551234")).await;
    let ada = person(&api, "Ada", ("email_address", "ada@example.com")).await;
    let bob = person(&api, "Bob", ("phone_number", "+15551234")).await;
    assert_eq!(whose(ask(&api, &ada, json!({})).await), (by_email, ada));
    assert_eq!(whose(ask(&api, &bob, json!({})).await), (by_phone, bob));
    assert_eq!(user_count(&api), 2);
}

#[tokio::test]
async fn a_user_of_somebody_else_or_on_the_way_out_is_not_taken() {
    let api = Api::new();
    let taken = user(&api, "Ada", ("email_address", "ada@example.com")).await;
    let other = person(&api, "Other", ("full_name", "Other")).await;
    let body = json!({"acs_user_id": taken, "user_identity_id": other});
    api.post("/user_identities/add_acs_user", body).await.ok();
    let going = user(&api, "Ada", ("email_address", "ada@example.com")).await;
    api.card(&going, &["101"]).await;
    api.post("/acs/users/delete", json!({"acs_user_id": going})).await.ok();
    let ada = person(&api, "Ada", ("email_address", "ada@example.com")).await;
    let (made, _) = whose(ask(&api, &ada, json!({})).await);
    assert!(made != taken && made != going, "{made}");
}

#[tokio::test]
async fn a_refused_credential_leaves_no_user_behind() {
    let api = Api::new();
    let unlinked = user(&api, "Ada", ("email_address", "ada@example.com")).await;
    let ada = person(&api, "Ada", ("email_address", "ada@example.com")).await;
    let bob = person(&api, "Bob", ("phone_number", "+15551234")).await;
    let before = rows(&api);
    for somebody in [&ada, &bob] {
        let reply = ask(&api, somebody, json!({"visionline_metadata": {"override": false}})).await;
        assert_eq!(reply.at("visionline_metadata.joiner_acs_credential_ids").len(), 1);
        assert_unchanged(&api, &before);
        assert_eq!(user_count(&api), 1);
    }
    let shown = api.post("/acs/users/get", json!({"acs_user_id": unlinked})).await.ok();
    assert_eq!(shown["acs_user"].get("user_identity_id"), None);
}

#[tokio::test]
async fn unknown_and_foreign_persons_and_systems_look_the_same() {
    let api = Api::new();
    let ada = person(&api, "Ada", ("email_address", "ada@example.com")).await;
    let there = api.post_there("/user_identities/create", json!({})).await.ok();
    let before = rows(&api);
    for id in [NOBODY, there["user_identity"]["user_identity_id"].as_str().unwrap()] {
        let reply = ask(&api, id, json!({})).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (404, "user_identity_not_found"));
    }
    for id in [NOBODY.to_owned(), api.foreign.acs_system_id.to_string()] {
        let reply = ask(&api, &ada, json!({"acs_system_id": id})).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (404, "acs_system_not_found"));
    }
    let reply = ask(&api, &ada, json!({"acs_system_id": api.site.manager_id})).await;
    assert_eq!(reply.at("acs_system_id"), ["name Visionline systems only: a credential manager has no users"]);
    assert_unchanged(&api, &before);
}

#[tokio::test]
async fn a_person_who_is_being_deleted_gets_no_user() {
    let api = Api::new();
    let ada = person(&api, "Ada", ("email_address", "ada@example.com")).await;
    let annex = super::second_site::SecondSite::open(&api, &["101".to_owned()], &[]).await;
    let body = json!({"user_identity_id": ada, "acs_user_id": annex.user});
    api.post("/user_identities/add_acs_user", body).await.ok();
    let doors = annex.ids(&["101".to_owned()]);
    let body = json!({
        "acs_user_id": annex.user, "access_method": "card", "allowed_acs_entrance_ids": doors,
        "visionline_metadata": {"override": true},
    });
    api.post("/acs/credentials/create", body).await.ok();
    // Its credential at the annex keeps the person until the lock server has confirmed the end.
    api.post("/user_identities/delete", json!({"user_identity_id": ada})).await.ok();
    let before = rows(&api);
    let reply = ask(&api, &ada, json!({})).await;
    assert_eq!(reply.at("user_identity_id"), ["the person is being deleted; name another one"]);
    assert_unchanged(&api, &before);
}

#[tokio::test]
async fn a_card_without_an_owner_is_assigned_to_a_person_who_has_no_user_yet() {
    let api = Api::new();
    let jane = api.user("Jane", None).await;
    let card = api.card(&jane, &["101"]).await;
    api.post("/acs/credentials/unassign", json!({"acs_credential_id": card, "acs_user_id": jane})).await.ok();
    let ada = person(&api, "Ada", ("email_address", "ada@example.com")).await;
    let body = json!({"acs_credential_id": card, "user_identity_id": ada});
    let assigned = api.post("/acs/credentials/assign", body.clone()).await.ok()["acs_credential"].clone();
    assert_eq!(assigned["user_identity_id"], json!(ada));
    assert_eq!(user_count(&api), 2);
    api.post("/acs/credentials/assign", body).await.ok();
    assert_eq!(user_count(&api), 2, "asking again changes nothing");
}
