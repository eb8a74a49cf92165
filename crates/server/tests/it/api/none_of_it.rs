//! What Visionline has nothing for: lists that are always empty, in their real shape, things that are always unknown,
//! and work that cannot be done. SDKs that ask for it get an answer they understand.

use serde_json::{Value, json};

use crate::api::{Api, NOBODY, Reply};

/// Routes that refuse whatever they are asked for.
pub const ALWAYS_REFUSE: [&str; 31] = [
    "/access_grants/unmanaged/get",
    "/access_grants/unmanaged/update",
    "/access_methods/assign_card",
    "/access_methods/unlock_door",
    "/access_methods/unmanaged/get",
    "/acs/access_groups/add_user",
    "/acs/access_groups/delete",
    "/acs/access_groups/get",
    "/acs/access_groups/list_accessible_entrances",
    "/acs/access_groups/list_users",
    "/acs/access_groups/remove_user",
    "/acs/access_groups/unmanaged/get",
    "/acs/credentials/create_offline_code",
    "/acs/credentials/unmanaged/get",
    "/acs/entrances/unlock",
    "/acs/systems/report_devices",
    "/acs/users/add_to_access_group",
    "/acs/users/remove_from_access_group",
    "/acs/users/unmanaged/get",
    "/bridges/get",
    "/devices/delete",
    "/devices/report_provider_metadata",
    "/devices/simulate/connect_to_hub",
    "/devices/simulate/disconnect_from_hub",
    "/devices/simulate/paid_subscription",
    "/devices/unmanaged/get",
    "/devices/unmanaged/update",
    "/user_identities/grant_access_to_device",
    "/user_identities/revoke_access_to_device",
    "/user_identities/unmanaged/get",
    "/user_identities/unmanaged/update",
];

/// Route, response key, and whether it has pages.
const EMPTY: [(&str, &str, bool); 7] = [
    ("/acs/access_groups/list", "acs_access_groups", false),
    ("/acs/access_groups/unmanaged/list", "acs_access_groups", false),
    ("/acs/users/unmanaged/list", "acs_users", false),
    ("/acs/credentials/unmanaged/list", "acs_credentials", false),
    ("/user_identities/unmanaged/list", "user_identities", true),
    ("/bridges/list", "bridges", false),
    ("/devices/unmanaged/list", "devices", true),
];

/// Route, what is unknown to it, and its other parameters.
fn unknown() -> Vec<(&'static str, &'static str, Value)> {
    let group = "acs_access_group";
    let member = || json!({"acs_user_id": NOBODY});
    vec![
        ("/acs/access_groups/get", group, json!({})),
        ("/acs/access_groups/list_users", group, json!({})),
        ("/acs/access_groups/list_accessible_entrances", group, json!({})),
        ("/acs/access_groups/delete", group, json!({})),
        ("/acs/access_groups/unmanaged/get", group, json!({})),
        ("/acs/access_groups/add_user", group, member()),
        ("/acs/access_groups/remove_user", group, member()),
        ("/acs/users/add_to_access_group", group, member()),
        ("/acs/users/remove_from_access_group", group, member()),
        ("/acs/users/unmanaged/get", "acs_user", json!({})),
        ("/acs/credentials/unmanaged/get", "acs_credential", json!({})),
        ("/user_identities/unmanaged/get", "user_identity", json!({})),
        ("/user_identities/unmanaged/update", "user_identity", json!({"is_managed": true})),
        ("/bridges/get", "bridge", json!({})),
    ]
}

#[tokio::test]
async fn lists_of_what_there_is_none_of_are_empty_in_their_real_shape() {
    let api = Api::new();
    for (route, key, has_pages) in EMPTY {
        let mut expected = json!({"ok": true});
        expected[key] = json!([]);
        if has_pages {
            expected["pagination"] = json!({"has_next_page": false, "next_page_cursor": null, "next_page_url": null});
        }
        let strict = if route == "/bridges/list" { "" } else { "?search=x&_strict=true" };
        assert_eq!(api.get(&format!("{route}{strict}")).await.ok(), expected, "{route}");
        assert_eq!(api.post(route, json!({})).await.ok(), expected, "{route}");
    }
}

#[tokio::test]
async fn what_there_is_none_of_is_unknown_by_whatever_id() {
    let api = Api::new();
    let person = api.person("Jane").await;
    for (route, noun, others) in unknown() {
        for id in [NOBODY, person.as_str(), "x"] {
            let mut body = others.clone();
            body[format!("{noun}_id")] = json!(id);
            let reply = api.post(route, body).await;
            let message = format!("{noun} {id} was not found in this workspace");
            assert_eq!(reply.refusal(), (404, format!("{noun}_not_found").as_str(), message.as_str()), "{route}");
            assert_eq!(reply.json["error"]["data"][format!("{noun}_id")], id);
        }
    }
}

#[tokio::test]
async fn parameters_are_checked_even_where_there_is_nothing() {
    let api = Api::new();
    assert_eq!(api.get("/acs/access_groups/list?acs_system_id=x").await.at("acs_system_id"), ["Invalid uuid"]);
    assert_eq!(api.get("/acs/access_groups/get").await.at("acs_access_group_id"), ["Required"]);
    let nobody = api.post("/acs/access_groups/add_user", json!({"acs_access_group_id": NOBODY})).await;
    assert_eq!(nobody.at(""), ["Provide exactly one of acs_user_id and user_identity_id"]);
    let limit = api.get("/user_identities/unmanaged/list?limit=0").await;
    assert_eq!(limit.at("limit"), ["Number must be greater than 0"]);
    let body = json!({"user_identity_id": NOBODY, "is_managed": false});
    assert_eq!(api.post("/user_identities/unmanaged/update", body).await.at("is_managed"), ["Expected true"]);
}

#[tokio::test]
async fn a_cursor_of_an_empty_list_is_checked_like_any_other() {
    let api = Api::new();
    let damaged = api.get("/user_identities/unmanaged/list?page_cursor=AAAA").await;
    assert_eq!(damaged.at("page_cursor"), ["Invalid page cursor"]);
}

#[tokio::test]
async fn credential_pools_are_none_of_a_known_system_and_unknown_of_another() {
    let api = Api::new();
    let list = async |id: &str| api.get(&format!("/acs/credential_pools/list?acs_system_id={id}")).await;
    let known = list(&api.site.acs_system_id.to_string()).await.ok();
    assert_eq!(known, json!({"acs_credential_pools": [], "ok": true}));
    for id in [NOBODY, &api.foreign.acs_system_id.to_string(), "x"] {
        assert_eq!(list(id).await.refusal().1, "acs_system_not_found", "{id}");
    }
}

#[tokio::test]
async fn a_person_has_no_devices_and_can_be_given_none() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let theirs = api.post_there("/user_identities/create", json!({})).await.ok();
    let stranger = theirs["user_identity"]["user_identity_id"].as_str().unwrap();
    let phone = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
    let phone = &phone["phone"]["device_id"];
    let devices = api.get(&format!("/user_identities/list_accessible_devices?user_identity_id={person}")).await.ok();
    assert_eq!(devices, json!({"devices": [], "accessible_devices": [], "ok": true}));
    for id in [NOBODY, stranger, "x"] {
        for route in ["list_accessible_devices", "grant_access_to_device", "revoke_access_to_device"] {
            let body = json!({"user_identity_id": id, "device_id": phone});
            let reply = api.post(&format!("/user_identities/{route}"), body).await;
            assert_eq!(reply.refusal().1, "user_identity_not_found", "{route} {id}");
        }
    }
    for route in ["grant_access_to_device", "revoke_access_to_device"] {
        let body = json!({"user_identity_id": person, "device_id": phone});
        let reply = api.post(&format!("/user_identities/{route}"), body).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (404, "device_not_found"), "{route}");
    }
}

/// The refusal of work that Visionline cannot do.
#[track_caller]
fn assert_not_supported(reply: &Reply) {
    assert_eq!((reply.refusal().0, reply.refusal().1), (400, "not_supported"), "{reply:?}");
}

#[tokio::test]
async fn what_visionline_cannot_do_is_refused_for_what_is_known_and_unknown_for_the_rest() {
    let api = Api::new();
    let user = api.user("Jane", None).await;
    let card = api.card(&user, &["101"]).await;
    let (door, stranger) = (api.door("101"), api.foreign_user().await);
    let their_door = api.foreign.doors["101"].to_string();

    let unlock = |door: &str, card: &str| json!({"acs_entrance_id": door, "acs_credential_id": card});
    assert_not_supported(&api.post("/acs/entrances/unlock", unlock(&door, &card)).await);
    for (door, card, noun) in [(their_door.as_str(), card.as_str(), "acs_entrance"), (&door, NOBODY, "acs_credential")]
    {
        let reply = api.post("/acs/entrances/unlock", unlock(door, card)).await;
        assert_eq!(reply.refusal().1, format!("{noun}_not_found"));
    }

    let code = |user: &str, door: &str| json!({"acs_user_id": user, "allowed_acs_entrance_id": door});
    assert_not_supported(&api.post("/acs/credentials/create_offline_code", code(&user, &door)).await);
    for (user, door, noun) in [(stranger.as_str(), door.as_str(), "acs_user"), (&user, &their_door, "acs_entrance")] {
        let reply = api.post("/acs/credentials/create_offline_code", code(user, door)).await;
        assert_eq!(reply.refusal().1, format!("{noun}_not_found"));
    }

    let report = |system: &str| json!({"acs_system_id": system, "acs_encoders": [{"hotek_metadata": {}}]});
    assert_not_supported(&api.post("/acs/systems/report_devices", report(&api.site.acs_system_id.to_string())).await);
    for id in [NOBODY, &api.foreign.acs_system_id.to_string()] {
        assert_eq!(api.post("/acs/systems/report_devices", report(id)).await.refusal().1, "acs_system_not_found");
    }
}
