//! Where a new credential's doors come from, and which are refused (`spec/api.md 4.14`).

use domain::{Moment, stay::Rank};
use serde_json::{Value, json};
use store::stays;

use super::{
    refusal::{ask, ask_for, assert_refused, assert_unchanged, rows},
    second_site::SecondSite,
};
use crate::api::{Api, NOBODY, Reply, app::NOW};

const DOORS: &str = "allowed_acs_entrance_ids";

/// A mobile key; `changes` are put over the request, which names no doors.
async fn mobile_key(api: &Api, user: &str, changes: Value) -> Reply {
    let mut body = json!({"access_method": "mobile_key", "is_multi_phone_sync_credential": true});
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    ask_for(api, user, body).await
}

fn guest_doors(reply: &Value) -> Value {
    reply["acs_credential"]["visionline_metadata"]["guest_acs_entrance_ids"].clone()
}

fn overrides() -> Value {
    json!({"is_override_key": true})
}

#[tokio::test]
async fn doors_of_another_system_are_refused() {
    let api = Api::new();
    let jane = api.user("Jane", None).await;
    let annex = SecondSite::open(&api, &["101".to_owned()], &[]).await;
    let before = rows(&api);
    let theirs = annex.ids(&["101".to_owned()]).remove(0);
    let reply = ask(&api, &jane, &[api.door("102"), theirs.clone()], overrides()).await;
    let says = [theirs.as_str(), "belongs to another system", "name doors of the user's system only"];
    assert_refused(&api, &before, &reply, DOORS, &says);
}

#[tokio::test]
async fn an_unknown_door_is_not_found_and_leaves_nothing() {
    let api = Api::new();
    let jane = api.user("Jane", None).await;
    let before = rows(&api);
    let reply = ask(&api, &jane, &[api.door("101"), NOBODY.to_owned()], overrides()).await;
    let message = format!("acs_entrance {NOBODY} was not found in this workspace");
    assert_eq!(reply.refusal(), (404, "acs_entrance_not_found", message.as_str()));
    assert_unchanged(&api, &before);
}

#[tokio::test]
async fn a_credential_without_any_doors_is_refused() {
    let api = Api::new();
    let jane = api.user("Jane", None).await;
    let before = rows(&api);
    for metadata in [overrides(), json!({"auto_join": true}), json!({})] {
        let reply = ask(&api, &jane, &[], metadata).await;
        assert_refused(&api, &before, &reply, DOORS, &["name the doors", "/acs/entrances/grant_access"]);
    }
}

#[tokio::test]
async fn a_replacement_takes_the_doors_of_the_key_it_replaces() {
    let api = Api::new();
    let jane = api.user("Jane", None).await;
    let doors = json!([api.door("101"), api.door("102")]);
    let former = json!({DOORS: doors, "visionline_metadata": overrides()});
    let former = mobile_key(&api, &jane, former).await.ok()["acs_credential"]["acs_credential_id"].clone();
    let newer = mobile_key(&api, &jane, json!({"visionline_metadata": {"joiners": [former]}})).await.ok();
    assert_eq!(guest_doors(&newer), doors);
}

#[tokio::test]
async fn doors_that_were_revoked_do_not_come_back_unasked() {
    let api = Api::new();
    let jane = api.user("Jane", None).await;
    mobile_key(&api, &jane, json!({DOORS: [api.door("101")], "visionline_metadata": overrides()})).await.ok();
    api.post("/acs/users/revoke_access_to_all_entrances", json!({"acs_user_id": jane})).await.ok();
    let before = rows(&api);
    let reply = mobile_key(&api, &jane, json!({"visionline_metadata": overrides()})).await;
    assert_refused(&api, &before, &reply, DOORS, &["/acs/entrances/grant_access"]);

    api.post("/acs/entrances/grant_access", json!({"acs_user_id": jane, "acs_entrance_id": api.door("103")}))
        .await
        .ok();
    let newer = mobile_key(&api, &jane, json!({"visionline_metadata": overrides()})).await.ok();
    assert_eq!(guest_doors(&newer), json!([api.door("103")]));
}

#[tokio::test]
async fn doors_of_a_stay_that_is_over_do_not_come_back_unasked() {
    let api = Api::new();
    let jane = api.user("Jane", None).await;
    mobile_key(&api, &jane, json!({DOORS: [api.door("101")], "visionline_metadata": overrides()})).await.ok();
    api.app.clock.advance_to("2030-01-03T10:00:00Z".parse().unwrap()).unwrap();
    let before = rows(&api);
    let next_visit = json!({
        "starts_at": "2031-01-01 15:00:00.000", "ends_at": "2031-01-02 10:00:00.000", "visionline_metadata": overrides(),
    });
    let reply = mobile_key(&api, &jane, next_visit).await;
    assert_refused(&api, &before, &reply, DOORS, &["name the doors"]);
}

#[tokio::test]
async fn a_door_that_was_lost_to_a_newer_stay_is_not_passed_on() {
    let api = Api::new();
    let (jane, bob) = (api.user("Jane", None).await, api.user("Bob", None).await);
    let both = json!({DOORS: [api.door("101"), api.door("102")], "visionline_metadata": overrides()});
    let former = mobile_key(&api, &jane, both).await.ok()["acs_credential"]["acs_credential_id"].clone();
    let door = api.site.doors["101"];
    api.change(move |tx| {
        let mut moment = Moment::new(NOW.parse().unwrap(), 4);
        let newer =
            Rank { starts_at: "2030-01-02T00:00:00Z".parse().unwrap(), created_at: moment.now, stay: moment.id() };
        stays::lose_before(tx, door, &newer, moment.now).map(|_| ())
    });
    let joins = json!({"visionline_metadata": {"joiners": [former]}});
    assert_eq!(guest_doors(&mobile_key(&api, &bob, joins).await.ok()), json!([api.door("102")]), "to a companion");
    let again = json!({"visionline_metadata": overrides()});
    assert_eq!(guest_doors(&mobile_key(&api, &jane, again).await.ok()), json!([api.door("102")]), "to its successor");
}
