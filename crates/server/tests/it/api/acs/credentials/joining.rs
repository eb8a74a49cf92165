//! What a new credential can join, and what it cannot (`spec/api.md 4.6`, `4.8`).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    refusal::{ask, ask_for, assert_refused, rows},
    second_site::SecondSite,
};
use crate::api::{Api, NOBODY, Reply, app::NOW};

const JOINERS: &str = "visionline_metadata.joiner_acs_credential_ids";

/// A guest who wants to join, and one whose card opens 101.
async fn two_guests(api: &Api) -> (String, String, String) {
    let (ada, bob) = (api.user("Ada", None).await, api.user("Bob", None).await);
    let first = api.card(&ada, &["101"]).await;
    (ada, bob, first)
}

async fn join(api: &Api, user: &str, doors: &[&str], joiners: &[&str]) -> Reply {
    let doors: Vec<String> = doors.iter().map(|name| api.door(name)).collect();
    ask(api, user, &doors, json!({"joiner_acs_credential_ids": joiners})).await
}

#[tokio::test]
async fn an_unknown_and_a_foreign_credential_look_the_same() {
    let api = Api::new();
    let (_, bob, first) = two_guests(&api).await;
    let stranger = api.foreign_user().await;
    let body = json!({
        "acs_user_id": stranger, "access_method": "card", "allowed_acs_entrance_ids": [api.foreign.doors["101"]],
        "starts_at": "2030-01-01T15:00:00Z", "ends_at": "2030-01-03T10:00:00Z", "visionline_metadata": {"override": true},
    });
    let made = api.post_there("/acs/credentials/create", body).await.ok();
    let foreign = made["acs_credential"]["acs_credential_id"].as_str().unwrap();
    let before = rows(&api);
    for id in [NOBODY, foreign, "15"] {
        let reply = join(&api, &bob, &["101"], &[&first, id]).await;
        assert_refused(&api, &before, &reply, JOINERS, &[]);
        let expected =
            format!("there is no credential {id}; list_credentials_with_access names those that can be joined");
        assert_eq!(reply.at(JOINERS), [expected]);
    }
}

#[tokio::test]
async fn a_credential_that_lost_its_doors_cannot_be_joined() {
    let api = Api::new();
    let (_, bob, first) = two_guests(&api).await;
    let id = first.parse().unwrap();
    let at: Timestamp = NOW.parse().unwrap();
    api.change(move |tx| store::credential_state::set_invalidated(tx, id, at));
    let before = rows(&api);
    let reply = join(&api, &bob, &["101"], &[&first]).await;
    let says = [first.as_str(), "a newer stay has taken its doors", "join a credential that is valid"];
    assert_refused(&api, &before, &reply, JOINERS, &says);
}

#[tokio::test]
async fn an_expired_credential_cannot_be_joined() {
    let api = Api::new();
    let (_, bob, first) = two_guests(&api).await;
    api.app.clock.advance_to("2030-01-03T10:00:00Z".parse().unwrap()).unwrap();
    let before = rows(&api);
    let changes = json!({
        "allowed_acs_entrance_ids": [api.door("101")],
        "starts_at": "2030-01-02 10:00:00.000", "ends_at": "2030-01-09 10:00:00.000",
        "visionline_metadata": {"joiner_acs_credential_ids": [first]},
    });
    let reply = ask_for(&api, &bob, changes).await;
    assert_refused(&api, &before, &reply, JOINERS, &[&first, "it has expired", "join a credential that is valid"]);
}

#[tokio::test]
async fn a_credential_on_its_way_out_cannot_be_joined() {
    let api = Api::new();
    let (ada, bob, first) = two_guests(&api).await;
    let second = api.card(&ada, &["102"]).await;
    api.post("/acs/credentials/delete", json!({"acs_credential_id": first})).await.ok();
    let before = rows(&api);
    let reply = join(&api, &bob, &["101"], &[&first]).await;
    let says = [first.as_str(), "it is being deleted", "join another credential"];
    assert_refused(&api, &before, &reply, JOINERS, &says);

    api.post("/acs/users/revoke_access_to_all_entrances", json!({"acs_user_id": ada})).await.ok();
    let before = rows(&api);
    let reply = join(&api, &bob, &["102"], &[&second]).await;
    let says = [second.as_str(), "access was revoked", "join another credential"];
    assert_refused(&api, &before, &reply, JOINERS, &says);
}

#[tokio::test]
async fn a_credential_of_another_system_cannot_be_joined() {
    let api = Api::new();
    let (_, _, first) = two_guests(&api).await;
    let annex = SecondSite::open(&api, &["101".to_owned()], &[]).await;
    let before = rows(&api);
    let doors = annex.ids(&["101".to_owned()]);
    let reply = ask(&api, &annex.user, &doors, json!({"joiner_acs_credential_ids": [first]})).await;
    let says = [first.as_str(), "belongs to another system", "join credentials of the same system"];
    assert_refused(&api, &before, &reply, JOINERS, &says);
}

#[tokio::test]
async fn every_guest_door_must_be_opened_by_a_joined_credential() {
    let api = Api::new();
    let (_, bob, first) = two_guests(&api).await;
    let before = rows(&api);
    let reply = join(&api, &bob, &["101", "102", "103", "Gym"], &[&first]).await;
    assert_refused(&api, &before, &reply, JOINERS, &[]);
    assert_eq!(
        reply.at(JOINERS),
        ["no joined credential opens 102, 103: name a credential for each of these doors, or leave the doors out"]
    );
}

#[tokio::test]
async fn two_parties_at_one_door_cannot_both_be_joined() {
    let api = Api::new();
    let (ada, bob, first) = two_guests(&api).await;
    let other = api.card(&ada, &["101", "102"]).await;
    let before = rows(&api);
    let reply = join(&api, &bob, &["102", "101"], &[&first, &other]).await;
    assert_refused(&api, &before, &reply, JOINERS, &["different stays at 101", "name those of one stay only"]);
    join(&api, &bob, &["102", "Gym"], &[&first, &other]).await.ok();
}

#[tokio::test]
async fn a_joiner_needs_some_time_in_common() {
    let api = Api::new();
    let (_, bob, first) = two_guests(&api).await;
    let before = rows(&api);
    let changes = json!({
        "allowed_acs_entrance_ids": [api.door("101")],
        "starts_at": "2030-01-03 10:00:00.000", "ends_at": "2030-01-04 10:00:00.000",
        "visionline_metadata": {"joiners": [first]},
    });
    let reply = ask_for(&api, &bob, changes).await;
    assert_refused(&api, &before, &reply, JOINERS, &[&first, "no time in common", "leave it out"]);
}

#[tokio::test]
async fn a_credential_of_a_later_booking_is_passed_over_when_others_are_joined() {
    let api = Api::new();
    let (ada, bob, first) = two_guests(&api).await;
    let later = json!({
        "allowed_acs_entrance_ids": [api.door("101"), api.door("102")],
        "starts_at": "2030-01-03 10:00:00.000", "ends_at": "2030-01-09 10:00:00.000",
        "visionline_metadata": {"override": true},
    });
    let later = ask_for(&api, &ada, later).await.ok()["acs_credential"]["acs_credential_id"].clone();
    let joined = ask(&api, &bob, &[], json!({"joiners": [later, first]})).await.ok();
    let metadata = &joined["acs_credential"]["visionline_metadata"];
    assert_eq!(metadata["guest_acs_entrance_ids"], json!([api.door("101")]));
    assert_eq!(metadata["joiner_acs_credential_ids"], json!([later, first]));
    let before = rows(&api);
    let reply = ask(&api, &bob, &[api.door("102")], json!({"joiners": [later, first]})).await;
    assert_refused(&api, &before, &reply, JOINERS, &["no joined credential opens 102"]);
}

#[tokio::test]
async fn override_join_and_auto_join_exclude_each_other() {
    let api = Api::new();
    let (_, bob, first) = two_guests(&api).await;
    let before = rows(&api);
    let both = ["an override key cannot also join", "either override or joiner_acs_credential_ids"];
    let alone = ["auto_join chooses by itself", "without override and without joiner_acs_credential_ids"];
    let missing = ["required when override is false", "name the credentials to join", "override: true"];
    let cases: [(Value, &str, &[&str]); 6] = [
        (json!({"override": true, "joiner_acs_credential_ids": [first]}), "visionline_metadata", &both),
        (json!({"is_override_key": true, "joiners": [first], "auto_join": true}), "visionline_metadata", &both),
        (json!({"override": true, "auto_join": true}), "visionline_metadata", &alone),
        (json!({"joiners": [first], "auto_join": true}), "visionline_metadata", &alone),
        (json!({"override": false}), JOINERS, &missing),
        (json!({"override": false, "joiners": []}), JOINERS, &missing),
    ];
    for (metadata, field, says) in cases {
        let reply = ask(&api, &bob, &[api.door("101")], metadata).await;
        assert_refused(&api, &before, &reply, field, says);
    }
}

#[tokio::test]
async fn one_bad_credential_among_good_ones_spoils_the_request() {
    let api = Api::new();
    let (ada, bob, first) = two_guests(&api).await;
    let second = api.card(&ada, &["102"]).await;
    api.post("/acs/credentials/delete", json!({"acs_credential_id": second})).await.ok();
    let before = rows(&api);
    let reply = join(&api, &bob, &["101"], &[&first, &second]).await;
    assert_refused(&api, &before, &reply, JOINERS, &[&second, "it is being deleted"]);
}
