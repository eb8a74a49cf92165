use serde_json::{Value, json};

use super::{Api, asked, granted, id, told};

async fn got(api: &Api, grant: &Value) -> Value {
    api.post("/access_grants/get", json!({"access_grant_id": id(grant)})).await.ok()["access_grant"].clone()
}

#[tokio::test]
async fn new_times_reach_the_credentials_and_are_told_once() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let grant = granted(&api, &ada, "R1", &["101"], &["card", "mobile_key"]).await;
    let before = told(&api).await.len();
    let longer = json!({"access_grant_id": id(&grant), "ends_at": "2030-01-05T10:00:00Z"});
    for _ in 0..2 {
        api.post("/access_grants/update", longer.clone()).await.ok();
    }
    assert_eq!(got(&api, &grant).await["ends_at"], "2030-01-05T10:00:00.000Z");
    // The card was not written yet, so nothing of it is revoked; nobody has a phone, so its key is deliverable at once.
    assert_eq!(
        told(&api).await[before..],
        ["access_grant.access_times_changed", "access_method.revoked", "access_method.reissued"]
    );
    let body = json!({"access_method_ids": grant["access_method_ids"], "include": ["acs_credentials"]});
    let related = api.post("/access_methods/get_related", body).await.ok();
    for credential in related["batch"]["acs_credentials"].as_array().unwrap() {
        assert_eq!(credential["ends_at"], "2030-01-05T10:00:00.000Z");
    }
    let events = api.post(
        "/events/list",
        json!({
            "since": "2020-01-01T00:00:00Z", "event_type": "access_grant.access_times_changed",
        }),
    );
    let event = events.await.ok()["events"][0].clone();
    assert_eq!(event["starts_at"], "2030-01-01T15:00:00.000Z");
    assert_eq!(event["ends_at"], "2030-01-05T10:00:00.000Z");
}

#[tokio::test]
async fn a_name_alone_touches_no_key() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let grant = granted(&api, &ada, "R1", &["101"], &["mobile_key"]).await;
    let before = told(&api).await;
    api.post("/access_grants/update", json!({"access_grant_id": id(&grant), "name": "Suite"})).await.ok();
    assert_eq!(got(&api, &grant).await["name"], "Suite");
    api.post("/access_grants/update", json!({"access_grant_id": id(&grant), "name": null})).await.ok();
    assert_eq!(got(&api, &grant).await["name"], json!(null));
    assert_eq!(told(&api).await, before);
}

#[tokio::test]
async fn the_rules_hold_for_changes_too() {
    let api = Api::new();
    let (ada, bob) = (api.person("ada").await, api.person("bob").await);
    let grant = granted(&api, &ada, "R1", &["101", "Gym"], &["card"]).await;
    granted(&api, &bob, "R1", &["101"], &["card"]).await;
    let change = async |more: Value| {
        let mut body = json!({"access_grant_id": id(&grant)});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        api.post("/access_grants/update", body).await
    };
    let apart = change(json!({"starts_at": "2030-01-03T10:00:00Z", "ends_at": "2030-01-06T10:00:00Z"})).await;
    assert_eq!(apart.refusal().0, 409);
    assert_eq!(apart.json["error"]["title"], "Reservation time frames must overlap.");
    let rooms = change(json!({"acs_entrance_ids": [api.door("102"), api.door("Gym")]})).await;
    assert_eq!(rooms.json["error"]["title"], "Reservation entrance change requires cleanup.");
    let common = change(json!({"acs_entrance_ids": [api.door("101"), api.door("Pool")]})).await;
    assert_eq!(common.refusal().1, "not_supported");
    change(json!({"acs_entrance_ids": [api.door("Gym"), api.door("101")]})).await.ok();
    let backwards = change(json!({"ends_at": "2029-01-01T10:00:00Z"})).await;
    assert_eq!(backwards.at("ends_at"), ["ends_at must be after starts_at"]);
    let past = change(json!({"starts_at": "2020-01-01T10:00:00Z", "ends_at": "2020-02-01T10:00:00Z"})).await;
    assert_eq!(past.at("ends_at"), ["ends_at must be in the future"]);
    assert_eq!(got(&api, &grant).await, grant);
    let both = json!({"access_grant_id": id(&grant), "access_grant_key": "x"});
    assert_eq!(api.post("/access_grants/update", both).await.refusal().0, 400);
}

/// Two clerks at once: one after the other, and the keys have what the grant says.
#[tokio::test]
async fn two_changes_at_once_leave_keys_that_agree_with_the_grant() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let grant = granted(&api, &ada, "R1", &["101"], &["card", "mobile_key"]).await;
    let ends = ["2030-01-05T10:00:00Z", "2030-01-06T10:00:00Z"];
    let change = |end: &str| api.post("/access_grants/update", json!({"access_grant_id": id(&grant), "ends_at": end}));
    let (one, other) = tokio::join!(change(ends[0]), change(ends[1]));
    one.ok();
    other.ok();
    let now = got(&api, &grant).await;
    let body = json!({"access_method_ids": grant["access_method_ids"], "include": ["acs_credentials"]});
    let related = api.post("/access_methods/get_related", body).await.ok();
    for credential in related["batch"]["acs_credentials"].as_array().unwrap() {
        assert_eq!(credential["ends_at"], now["ends_at"]);
    }
    assert!(["2030-01-05T10:00:00.000Z", "2030-01-06T10:00:00.000Z"].contains(&now["ends_at"].as_str().unwrap()));

    let create = || {
        let more = json!({"reservation_key": "R2", "access_grant_key": "K"});
        api.post("/access_grants/create", asked(&api, &ada, &["102"], &["card"], more))
    };
    let (one, other) = tokio::join!(create(), create());
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}
