use serde_json::{Value, json};

use crate::api::{Api, NOBODY};

const PATH: &str = "/innkeep/acs_systems/update";

async fn set(api: &Api, settings: Value) -> Value {
    let mut body = json!({"acs_system_id": api.site.acs_system_id});
    body.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    api.post(PATH, body).await.ok()["acs_system"]["innkeep"].clone()
}

/// Start and end of a new card at 101 that is asked for with these times.
async fn times(api: &Api, user: &str, times: Value) -> (Value, Value) {
    let mut body = json!({
        "acs_user_id": user, "access_method": "card", "allowed_acs_entrance_ids": [api.door("101")],
        "visionline_metadata": {"override": true},
    });
    body.as_object_mut().unwrap().extend(times.as_object().unwrap().clone());
    let made = api.post("/acs/credentials/create", body).await.ok()["acs_credential"].clone();
    (made["starts_at"].clone(), made["ends_at"].clone())
}

fn notes(api: &Api) -> Vec<String> {
    let query = "SELECT detail AS text FROM audit WHERE action = 'acs_system.update' ORDER BY at, id";
    api.look(|tx| store::testing::texts(tx, query))
}

#[tokio::test]
async fn timestamps_without_a_zone_are_local_where_the_hotel_says_so() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    // Stockholm is an hour ahead of UTC in winter and two in summer.
    let asked = json!({"starts_at": "2030-01-01 10:40:00.000", "ends_at": "2030-07-04 10:40:00.000"});
    let utc = (json!("2030-01-01T10:40:00.000Z"), json!("2030-07-04T10:40:00.000Z"));
    let local = (json!("2030-01-01T09:40:00.000Z"), json!("2030-07-04T08:40:00.000Z"));
    assert_eq!(times(&api, &user, asked.clone()).await, utc, "UTC until the hotel says otherwise");
    let shown = set(&api, json!({"timestamps_without_zone": "local"})).await;
    let expected = json!({"timestamps_without_zone": "local", "default_stay_hours": 24, "double_bookings": "allow"});
    assert_eq!(shown, expected);
    assert_eq!(times(&api, &user, asked.clone()).await, local);
    let zoned = json!({"starts_at": "2030-01-01T10:40:00Z", "ends_at": "2030-07-04T12:40:00+02:00"});
    assert_eq!(times(&api, &user, zoned).await, utc, "a zone that is given holds");
    set(&api, json!({"timestamps_without_zone": "utc"})).await;
    assert_eq!(times(&api, &user, asked).await, utc);
}

#[tokio::test]
async fn in_the_hour_that_repeats_a_start_is_the_earlier_and_an_end_the_later() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    set(&api, json!({"timestamps_without_zone": "local"})).await;
    // At 3 in the morning of 27 October 2030 the clocks of Stockholm go back to 2.
    let asked = json!({"starts_at": "2030-10-27 02:30:00.000", "ends_at": "2030-10-27 02:30:00.000"});
    let expected = (json!("2030-10-27T00:30:00.000Z"), json!("2030-10-27T01:30:00.000Z"));
    assert_eq!(times(&api, &user, asked).await, expected);
    // On 31 March 2030 they go from 2 to 3.
    let asked = json!({"starts_at": "2030-03-31 02:30:00.000", "ends_at": "2030-03-31 02:45:00.000"});
    let expected = (json!("2030-03-31T01:30:00.000Z"), json!("2030-03-31T01:45:00.000Z"));
    assert_eq!(times(&api, &user, asked).await, expected);
}

#[tokio::test]
async fn a_new_end_and_an_access_schedule_are_local_too() {
    let api = Api::new();
    set(&api, json!({"timestamps_without_zone": "local"})).await;
    let schedule = json!({"starts_at": "2030-01-01 10:40:00.000", "ends_at": "2030-07-01 10:40:00.000"});
    let local = json!({"starts_at": "2030-01-01T09:40:00.000Z", "ends_at": "2030-07-01T08:40:00.000Z"});
    let body = json!({"acs_system_id": api.site.acs_system_id, "full_name": "Jane", "access_schedule": schedule});
    let made = api.post("/acs/users/create", body).await.ok()["acs_user"].clone();
    assert_eq!(made["access_schedule"], local);
    let user = made["acs_user_id"].as_str().unwrap().to_owned();
    let plain = api.user("Ada", None).await;
    api.post("/acs/users/update", json!({"acs_user_id": plain, "access_schedule": schedule})).await.ok();
    let shown = api.post("/acs/users/get", json!({"acs_user_id": plain})).await.ok();
    assert_eq!(shown["acs_user"]["access_schedule"], local);
    let card = api.card(&user, &["101"]).await;
    let body = json!({"acs_credential_id": card, "ends_at": "2030-07-01 10:40:00.000"});
    let updated = api.post("/acs/credentials/update", body).await.ok();
    assert_eq!(updated["acs_credential"]["ends_at"], "2030-07-01T08:40:00.000Z");
}

#[tokio::test]
async fn a_credential_without_an_end_lasts_as_long_as_the_hotel_says() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let asked = json!({"starts_at": "2030-01-01T10:00:00Z"});
    assert_eq!(times(&api, &user, asked.clone()).await.1, "2030-01-02T10:00:00.000Z");
    set(&api, json!({"default_stay_hours": 36})).await;
    assert_eq!(times(&api, &user, asked.clone()).await.1, "2030-01-02T22:00:00.000Z");
    set(&api, json!({"default_stay_hours": null})).await;
    assert_eq!(times(&api, &user, asked).await.1, "2030-01-02T10:00:00.000Z");
}

#[tokio::test]
async fn what_is_absent_stays_and_every_change_is_in_the_audit_log() {
    let api = Api::new();
    set(&api, json!({"timestamps_without_zone": "local", "default_stay_hours": 8})).await;
    let shown = set(&api, json!({"default_stay_hours": 9})).await;
    let expected = json!({"timestamps_without_zone": "local", "default_stay_hours": 9, "double_bookings": "allow"});
    assert_eq!(shown, expected);
    assert_eq!(set(&api, json!({})).await, expected);
    assert_eq!(set(&api, json!({"default_stay_hours": 9})).await, expected);
    let body = json!({"acs_system_id": api.site.acs_system_id});
    assert_eq!(api.post("/acs/systems/get", body).await.ok()["acs_system"]["innkeep"], expected);
    assert_eq!(
        notes(&api),
        [
            r#"{"before":{},"after":{"timestamps_without_zone":"local","default_stay_hours":8}}"#,
            r#"{"before":{"timestamps_without_zone":"local","default_stay_hours":8},"after":{"timestamps_without_zone":"local","default_stay_hours":9}}"#,
        ],
        "what changes nothing is no change"
    );
}

#[tokio::test]
async fn settings_that_cannot_be_are_refused_and_change_nothing() {
    let api = Api::new();
    set(&api, json!({"default_stay_hours": 8})).await;
    for (settings, field) in [
        (json!({"timestamps_without_zone": "Local"}), "timestamps_without_zone"),
        (json!({"timestamps_without_zone": "Europe/Stockholm"}), "timestamps_without_zone"),
        (json!({"default_stay_hours": 0}), "default_stay_hours"),
        (json!({"default_stay_hours": 8785}), "default_stay_hours"),
        (json!({"default_stay_hours": 1.5}), "default_stay_hours"),
        (json!({"default_stay_hours": "a day"}), "default_stay_hours"),
    ] {
        let mut body = json!({"acs_system_id": api.site.acs_system_id, "timestamps_without_zone": "local"});
        body.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        let reply = api.post(PATH, body).await;
        assert_eq!((reply.status.as_u16(), reply.at(field).len()), (400, 1), "{}", reply.json);
    }
    let expected = json!({"timestamps_without_zone": "utc", "default_stay_hours": 8, "double_bookings": "allow"});
    assert_eq!(set(&api, json!({})).await, expected);
}

#[tokio::test]
async fn only_a_hotel_with_a_known_zone_has_a_local_time() {
    let api = Api::new();
    let site = api.site.acs_system_id;
    api.change(move |tx| {
        let mut annex = store::systems::get(tx, site)?;
        annex.id = NOBODY.parse().unwrap();
        annex.time_zone = None;
        store::systems::insert(tx, &annex)
    });
    let body = json!({"acs_system_id": NOBODY, "timestamps_without_zone": "local"});
    let reply = api.post(PATH, body).await;
    let expected = "the system has no time zone that is known here, so its local time is not known either; use utc";
    assert_eq!(reply.at("timestamps_without_zone"), [expected]);
    let body = json!({"acs_system_id": api.site.manager_id, "default_stay_hours": 8});
    let expected = "only Visionline systems have settings; name the system of the hotel";
    assert_eq!(api.post(PATH, body).await.at("acs_system_id"), [expected]);
}

#[tokio::test]
async fn a_foreign_system_is_an_unknown_one() {
    let api = Api::new();
    let mut refusals = Vec::new();
    for id in [NOBODY.to_owned(), api.foreign.acs_system_id.to_string()] {
        let reply = api.post(PATH, json!({"acs_system_id": id, "default_stay_hours": 8})).await;
        refusals.push((reply.status.as_u16(), reply.json.to_string().replace(&id, "<id>")));
    }
    assert_eq!(refusals[0].0, 404);
    assert_eq!(refusals[0], refusals[1]);
    assert!(notes(&api).is_empty());
}
