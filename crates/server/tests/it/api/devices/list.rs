use serde_json::{Value, json};

use crate::api::{Api, NOBODY};

fn names(reply: &Value) -> Vec<&str> {
    reply["devices"].as_array().unwrap().iter().map(|device| device["display_name"].as_str().unwrap()).collect()
}

/// Three phones of one person, oldest first: two of the same type.
async fn phones(api: &Api) -> Vec<String> {
    let person = api.person("Jane").await;
    let mut ids = Vec::new();
    for (system, model) in [("android", "Galaxy"), ("ios", "iPhone"), ("android", "Pixel")] {
        let metadata = json!({"operating_system": system, "device_model": model});
        let body = json!({"user_identity_id": person, "phone_metadata": metadata});
        let made = api.post("/phones/simulate/create_sandbox_phone", body).await.ok();
        ids.push(made["phone"]["device_id"].as_str().unwrap().to_owned());
    }
    ids.sort();
    ids
}

const NONE: [&str; 0] = [];

#[tokio::test]
async fn phones_are_listed_only_where_their_type_is_asked_for() {
    let api = Api::new();
    let ids = phones(&api).await;
    let list = async |body: Value| {
        let reply = api.post("/devices/list", body).await.ok();
        let mut found: Vec<String> = names(&reply).into_iter().map(str::to_owned).collect();
        found.sort();
        found
    };
    for body in
        [json!({}), json!({"device_ids": ids}), json!({"device_type": "august_lock"}), json!({"device_types": []})]
    {
        assert_eq!(list(body.clone()).await, NONE, "{body}");
    }
    assert_eq!(list(json!({"device_type": "ios_phone"})).await, ["iPhone"]);
    assert_eq!(list(json!({"device_types": ["android_phone", "yale_lock"]})).await, ["Galaxy", "Pixel"]);
    let both = json!({"device_type": "ios_phone", "device_types": ["android_phone"]});
    assert_eq!(list(both).await, NONE, "the parameters combine with AND");
}

#[tokio::test]
async fn the_other_filters_choose_among_the_phones() {
    let api = Api::new();
    let ids = phones(&api).await;
    let systems = api.get("/acs/systems/list").await.ok();
    let account = |is_manager: bool| {
        let systems = systems["acs_systems"].as_array().unwrap();
        systems.iter().find(|system| system["is_credential_manager"] == is_manager).unwrap()["connected_account_id"]
            .clone()
    };
    let all = 3;
    for (filter, expected) in [
        (json!({"device_ids": [ids[0]]}), 1),
        (json!({"device_ids": []}), 0),
        (json!({"device_ids": [NOBODY]}), 0),
        (json!({"search": "GALAX"}), 1),
        (json!({"created_before": "2020-01-01T00:00:00Z"}), 0),
        (json!({"created_before": "2030-01-01T00:00:00Z"}), all),
        (json!({"connected_account_ids": [account(true)]}), all),
        (json!({"connected_account_id": NOBODY}), 0),
        (json!({"unstable_location_id": null}), all),
        (json!({"unstable_location_id": NOBODY}), 0),
        (json!({"space_id": NOBODY}), 0),
        (json!({"connect_webview_id": NOBODY}), 0),
        (json!({"manufacturer": "yale"}), 0),
        (json!({"include_if": ["can_remotely_lock"]}), 0),
        (json!({"exclude_if": ["can_remotely_lock"]}), all),
        (json!({"custom_metadata_has": {"room": "101"}}), 0),
        (json!({"custom_metadata_has": {"room": null, "floor": ""}}), all),
    ] {
        let mut body = filter.clone();
        body["device_types"] = json!(["ios_phone", "android_phone"]);
        let reply = api.post("/devices/list", body).await.ok();
        assert_eq!(names(&reply).len(), expected, "{filter}");
    }
}

#[tokio::test]
async fn phones_are_listed_page_by_page() {
    let api = Api::new();
    let mut ids = phones(&api).await;
    let mut target = "/devices/list?device_types=ios_phone&device_types=android_phone&limit=2&_strict=true".to_owned();
    let mut seen = Vec::new();
    for (count, has_next_page) in [(2, true), (1, false)] {
        let page = api.get(&target).await.ok();
        let devices = page["devices"].as_array().unwrap();
        seen.extend(devices.iter().map(|device| device["device_id"].as_str().unwrap().to_owned()));
        assert_eq!((devices.len(), &page["pagination"]["has_next_page"]), (count, &json!(has_next_page)));
        if let Some(url) = page["pagination"]["next_page_url"].as_str() {
            target = url[url.find("/devices").unwrap()..].to_owned();
        }
    }
    seen.sort();
    ids.sort();
    assert_eq!(seen, ids);
}

#[tokio::test]
async fn phones_are_listed_by_the_spaces_they_are_in() {
    let api = Api::new();
    let ids = phones(&api).await;
    let body = json!({"name": "Suite", "device_ids": [ids[0]], "customer_key": "meridian"});
    let space = api.post("/spaces/create", body).await.ok()["space"]["space_id"].clone();
    let list = async |filter: Value| {
        let mut body = filter.clone();
        body["device_types"] = json!(["ios_phone", "android_phone"]);
        api.post("/devices/list", body).await.ok()
    };
    let all = ids.len();
    for (filter, expected) in [
        (json!({"space_id": space}), 1),
        (json!({"unstable_location_id": space}), 1),
        (json!({"unstable_location_id": null}), all - 1),
        (json!({"customer_key": "meridian"}), 1),
        (json!({"customer_key": "somebody else"}), 0),
    ] {
        assert_eq!(names(&list(filter.clone()).await).len(), expected, "{filter}");
    }
    let inside = list(json!({"space_id": space})).await;
    assert_eq!(
        (&inside["devices"][0]["device_id"], &inside["devices"][0]["space_ids"]),
        (&json!(ids[0]), &json!([space]))
    );
}

#[tokio::test]
async fn a_session_sees_the_phones_of_its_person_and_no_others() {
    let api = Api::new();
    let mut made = Vec::new();
    for name in ["Anna", "Ben"] {
        let person = api.person(name).await;
        let body = json!({"user_identity_id": person});
        let phone = api.post("/phones/simulate/create_sandbox_phone", body.clone()).await.ok();
        made.push((phone["phone"]["device_id"].clone(), api.session(body).await));
    }
    let types = json!({"device_types": ["ios_phone", "android_phone"]});
    for ((own, token), (other, _)) in [(&made[0], &made[1]), (&made[1], &made[0])] {
        let listed = api.post_as(token, "/devices/list", types.clone()).await.ok();
        assert_eq!(listed["devices"].as_array().unwrap().len(), 1);
        assert_eq!(listed["devices"][0]["device_id"], *own);
        for (route, more) in [("/devices/get", json!({})), ("/devices/update", json!({"name": "Mine"}))] {
            let ask = |id: &Value| {
                let mut body = more.clone();
                body["device_id"] = id.clone();
                body
            };
            api.post_as(token, route, ask(own)).await.ok();
            let refused = api.post_as(token, route, ask(other)).await;
            assert_eq!(refused.refusal().1, "device_not_found", "{route}");
        }
    }
    let of_nobody = api.session(json!({"user_identifier_key": "nobody"})).await;
    assert_eq!(names(&api.post_as(&of_nobody, "/devices/list", types).await.ok()), NONE);
}
