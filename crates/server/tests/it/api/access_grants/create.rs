use serde_json::json;

use super::{Api, asked, granted, id, told};
use crate::api::NOBODY;

#[tokio::test]
async fn a_grant_shows_what_was_asked_for_and_what_came_of_it() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let body = asked(
        &api,
        &ada,
        &["101", "Gym"],
        &["card", "mobile_key"],
        json!({
            "reservation_key": "R1", "access_grant_key": "R1-ada", "name": "Ada in 101",
        }),
    );
    let mut made = api.post("/access_grants/create", body).await.ok()["access_grant"].clone();
    for link in ["client_session_token", "instant_key_url"] {
        assert!(made.as_object_mut().unwrap().remove(link).is_some_and(|text| text.is_string()), "{link}");
    }
    let methods = made["access_method_ids"].as_array().unwrap();
    let (card, phone) = (api.name(&methods[0], "card"), api.name(&methods[1], "phone"));
    api.name(&made["access_grant_id"], "grant");
    assert_eq!(
        api.redacted(&made),
        json!({
            "access_grant_id": "<grant>", "workspace_id": "<workspace>", "user_identity_id": "<ada>",
            "created_at": "<now>", "starts_at": "2030-01-01T15:00:00.000Z", "ends_at": "2030-01-03T10:00:00.000Z",
            "name": "Ada in 101", "display_name": "Ada in 101", "display_status": "Upcoming",
            "access_grant_key": "R1-ada", "reservation_key": "R1", "space_ids": [], "location_ids": [],
            "requested_access_methods": [
                {"display_name": "Plastic Card", "mode": "card", "created_at": "<now>",
                 "created_access_method_ids": ["<card>"]},
                {"display_name": "Mobile Key", "mode": "mobile_key", "created_at": "<now>",
                 "created_access_method_ids": ["<phone>"]},
            ],
            "access_method_ids": ["<card>", "<phone>"], "pending_mutations": [], "errors": [], "warnings": [],
        })
    );
    let card = api.post("/access_methods/get", json!({"access_method_id": card})).await.ok()["access_method"].clone();
    let said = |name: &str| card[name].clone();
    assert_eq!((said("mode"), said("is_issued"), said("issued_at")), (json!("card"), json!(false), json!(null)));
    assert_eq!((said("is_encoding_required"), said("is_ready_for_encoding")), (json!(true), json!(true)));
    let phone = api.post("/access_methods/get", json!({"access_method_id": phone})).await.ok()["access_method"].clone();
    assert_eq!((phone["is_issued"].clone(), phone["is_encoding_required"].clone()), (json!(true), json!(false)));
    let got = api.get("/access_grants/get?access_grant_key=R1-ada").await.ok();
    assert_eq!(got["access_grant"]["access_method_ids"], made["access_method_ids"]);
}

/// `spec/api.md 4.20`: the order in which it is told.
#[tokio::test]
async fn a_new_grant_is_told_in_order_and_each_thing_once() {
    let api = Api::new();
    let ada = api.person("ada").await;
    granted(&api, &ada, "R1", &["101", "102"], &["card", "mobile_key"]).await;
    assert_eq!(
        told(&api).await,
        [
            "access_grant.created",
            "access_method.created",
            "access_method.created",
            "access_method.card_encoding_required",
            "access_method.issued",
            "access_grant.access_granted_to_door",
            "access_grant.access_granted_to_door",
            "access_grant.access_granted_to_all_doors",
        ]
    );
}

#[tokio::test]
async fn what_visionline_does_not_have_is_noted_and_not_made() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let mut body = asked(&api, &ada, &["101"], &["card", "cloud_key"], json!({"reservation_key": "R1"}));
    body["requested_access_methods"].as_array_mut().unwrap().push(json!({"mode": "code", "code": "1234"}));
    let made = api.post("/access_grants/create", body.clone()).await.ok()["access_grant"].clone();
    assert_eq!(made["access_method_ids"].as_array().unwrap().len(), 1);
    let refused: Vec<&str> =
        made["errors"].as_array().unwrap().iter().map(|error| error["error_code"].as_str().unwrap()).collect();
    assert_eq!(refused, ["cannot_create_requested_access_methods"; 2]);
    assert_eq!(made["requested_access_methods"][2]["code"], "1234");
    assert_eq!(made["requested_access_methods"][2]["created_access_method_ids"], json!([]));
    let about_it =
        told(&api).await.into_iter().filter(|name| name.ends_with("could_not_create_requested_access_methods"));
    assert_eq!(about_it.count(), 1);

    body["requested_access_methods"][2]["code"] = json!("12ab");
    let reply = api.post("/access_grants/create", body).await;
    assert_eq!(reply.at("requested_access_methods.2.code"), ["Expected 4 to 9 digits"]);
}

#[tokio::test]
async fn a_guest_can_be_made_with_the_grant_and_nothing_is_made_when_that_is_refused() {
    let api = Api::new();
    let mut body = asked(&api, NOBODY, &["101"], &["card"], json!({"reservation_key": "R1"}));
    body.as_object_mut().unwrap().remove("user_identity_id");
    body["user_identity"] = json!({"full_name": "Ada", "email_address": "ada@example.com"});
    let made = api.post("/access_grants/create", body.clone()).await.ok()["access_grant"].clone();
    let person = json!({"user_identity_id": made["user_identity_id"]});
    let ada = api.post("/user_identities/get", person.clone()).await.ok();
    assert_eq!(ada["user_identity"]["full_name"], "Ada");
    let users = api.post("/user_identities/list_acs_users", person).await.ok();
    assert_eq!(users["acs_users"].as_array().unwrap().len(), 1, "{users}");

    let again = api.post("/access_grants/create", body.clone()).await;
    assert_eq!((again.refusal().0, again.refusal().1), (409, "conflict"));
    body["user_identity_id"] = json!(NOBODY);
    let both = api.post("/access_grants/create", body).await;
    assert_eq!(both.at(""), ["Provide exactly one of user_identity_id or user_identity"]);
    let listed = api.post("/access_grants/list", json!({})).await.ok();
    assert_eq!(listed["access_grants"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn parameters_that_cannot_be_used_are_named() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let reserved = |doors: &[&str], more: serde_json::Value| {
        let mut body = asked(&api, &ada, doors, &["card"], json!({"reservation_key": "R1"}));
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let at = async |body, field: &str| {
        let reply = api.post("/access_grants/create", body).await;
        reply.at(field).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        at(reserved(&[], json!({})), "acs_entrance_ids").await,
        ["name at least one entrance in acs_entrance_ids, or a space that has some"]
    );
    let early = json!({"ends_at": "2029-12-31T10:00:00Z"});
    assert_eq!(at(reserved(&["101"], early), "ends_at").await, ["ends_at must be after starts_at"]);
    let past = json!({"starts_at": "2020-01-01T10:00:00Z", "ends_at": "2020-01-02T10:00:00Z"});
    assert_eq!(at(reserved(&["101"], past), "ends_at").await, ["ends_at must be in the future"]);
    for (member, value, refusal) in [
        ("acs_entrance_ids", json!([NOBODY]), "acs_entrance_not_found"),
        ("acs_entrance_ids", json!([api.foreign.doors["101"]]), "acs_entrance_not_found"),
        ("user_identity_id", json!(NOBODY), "user_identity_not_found"),
        ("space_ids", json!([NOBODY]), "space_not_found"),
        ("space_keys", json!(["nowhere"]), "space_not_found"),
        ("device_ids", json!([NOBODY]), "device_not_found"),
    ] {
        let reply = api.post("/access_grants/create", reserved(&["101"], json!({ member: value }))).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (404, refusal), "{member}");
    }
    let malformed = api.post("/access_grants/create", reserved(&["101"], json!({"user_identity_id": "ada"}))).await;
    assert_eq!(malformed.at("user_identity_id"), ["Invalid uuid"]);
    let method = |method: serde_json::Value| json!({"requested_access_methods": [{"mode": "card"}, method]});
    for (more, field) in [
        (method(json!({})), "requested_access_methods.1.mode"),
        (method(json!({"mode": "key"})), "requested_access_methods.1.mode"),
        (
            method(json!({"mode": "mobile_key", "instant_key_max_use_count": 0})),
            "requested_access_methods.1.instant_key_max_use_count",
        ),
        (json!({"requested_access_methods": null}), "requested_access_methods"),
        (json!({"reservation_key": " "}), "reservation_key"),
        (json!({"access_grant_key": ""}), "access_grant_key"),
        (json!({"starts_at": "soon"}), "starts_at"),
    ] {
        assert_eq!(at(reserved(&["101"], more.clone()), field).await.len(), 1, "{more}");
    }
    assert_eq!(told(&api).await, [""; 0], "nothing was written");
    let listed = api.post("/access_grants/list", json!({})).await.ok();
    assert_eq!(listed["access_grants"], json!([]));
}

#[tokio::test]
async fn the_doors_of_spaces_are_granted_as_they_are_now() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let suite = json!({"name": "Suite", "space_key": "suite", "acs_entrance_ids": [api.door("101"), api.door("102")]});
    let suite = api.post("/spaces/create", suite).await.ok()["space"]["space_id"].clone();
    let mut body = asked(&api, &ada, &["Gym"], &["card"], json!({"reservation_key": "R1", "space_keys": ["suite"]}));
    let made = api.post("/access_grants/create", body.clone()).await.ok()["access_grant"].clone();
    assert_eq!(made["space_ids"], json!([suite]));
    let more = json!({"space_id": suite, "acs_entrance_ids": [api.door("103")]});
    api.post("/spaces/add_acs_entrances", more).await.ok();
    let opened = async |grant: &serde_json::Value| {
        let body = json!({"access_grant_id": grant["access_grant_id"]});
        let doors = api.post("/acs/entrances/list", body).await.ok();
        let mut names: Vec<String> = doors["acs_entrances"]
            .as_array()
            .unwrap()
            .iter()
            .map(|door| door["display_name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(opened(&made).await, ["101", "102", "Gym"]);
    let of_space = api.post("/access_grants/list", json!({"space_id": suite})).await.ok();
    assert_eq!(of_space["access_grants"][0], made);

    // The space has a room more now, so whoever is granted it does not fit into the reservation any more.
    body["access_grant_key"] = json!("later");
    let later = api.post("/access_grants/create", body).await;
    assert_eq!(later.json["error"]["title"], "Reservation joiner entrance set conflict.");
}

/// A person may have several stays: no key of one grant takes the place of another's, nor does a key that is created
/// for the person besides (`spec/api.md 4.10` is about keys that nothing else looks after).
#[tokio::test]
async fn a_guests_other_grants_keep_their_keys() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let first = granted(&api, &ada, "R1", &["101"], &["mobile_key"]).await;
    granted(&api, &ada, "R2", &["102"], &["mobile_key"]).await;
    let user = api.post("/user_identities/list_acs_users", json!({"user_identity_id": ada})).await.ok();
    let plain = json!({
        "acs_user_id": user["acs_users"][0]["acs_user_id"], "access_method": "mobile_key",
        "is_multi_phone_sync_credential": true, "allowed_acs_entrance_ids": [api.door("103")],
        "starts_at": "2030-01-01T15:00:00Z", "ends_at": "2030-01-03T10:00:00Z",
    });
    api.post("/acs/credentials/create", plain).await.ok();
    let body = json!({"access_method_ids": first["access_method_ids"], "include": ["acs_credentials"]});
    let related = api.post("/access_methods/get_related", body).await.ok();
    let credentials = related["batch"]["acs_credentials"].as_array().unwrap();
    assert_eq!(credentials.len(), 1);
    assert_eq!(credentials[0]["warnings"].as_array().unwrap().len(), 1, "only that it waits: {credentials:?}");
    assert_eq!(related["batch"].as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn a_double_booking_is_told_in_the_answer() {
    let api = Api::new();
    let (ada, bob) = (api.person("ada").await, api.person("bob").await);
    let alone = granted(&api, &ada, "R1", &["101"], &["card"]).await;
    assert!(alone.get("innkeep").is_none(), "{alone}");
    let joined = granted(&api, &bob, "R1", &["101"], &["card", "mobile_key"]).await;
    assert!(joined.get("innkeep").is_none(), "one party: {joined}");
    let other = granted(&api, &bob, "R2", &["101", "102"], &["card", "mobile_key"]).await;
    assert_eq!(other["innkeep"], json!({"double_booked_acs_entrance_ids": [api.door("101")]}));
    assert_eq!(api.app.counts.double_booked_doors(), 1);
}

#[tokio::test]
async fn methods_can_be_added_and_join_their_grant() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let grant = granted(&api, &ada, "R1", &["101"], &["card"]).await;
    let more = json!({"access_grant_id": id(&grant), "requested_access_methods": [{"mode": "mobile_key"}]});
    let grown = api.post("/access_grants/request_access_methods", more).await.ok()["access_grant"].clone();
    assert_eq!(grown["access_method_ids"].as_array().unwrap().len(), 2);
    assert!(grown.get("innkeep").is_none(), "{grown}");
    let one = json!({"access_grant_id": id(&grant), "mode": "card"});
    let third = api.post("/access_methods/create", one).await.ok()["access_method"].clone();
    let listed = api.post("/access_methods/list", json!({"access_grant_id": id(&grant)})).await.ok();
    assert_eq!(listed["access_methods"][2], third);

    let code = api.post("/access_methods/create", json!({"access_grant_id": id(&grant), "mode": "code"})).await;
    assert_eq!(code.refusal().1, "not_supported");
    let none = json!({"access_grant_id": id(&grant), "requested_access_methods": []});
    assert_eq!(api.post("/access_grants/request_access_methods", none).await.refusal().0, 400);
    let nobody = json!({"access_grant_id": NOBODY, "requested_access_methods": [{"mode": "card"}]});
    let nobody = api.post("/access_grants/request_access_methods", nobody).await;
    assert_eq!(nobody.refusal().1, "access_grant_not_found");
    let method = json!({"access_method_id": third["access_method_id"], "card_number": "1"});
    assert_eq!(api.post("/access_methods/assign_card", method).await.refusal().1, "not_supported");
    let unlock = json!({"access_method_id": third["access_method_id"], "acs_entrance_id": api.door("101")});
    assert_eq!(api.post("/access_methods/unlock_door", unlock).await.refusal().1, "not_supported");
}

/// A hotel that delivers no keys to phones: what was refused leaves nothing, what was granted says what is missing.
#[tokio::test]
async fn without_a_credential_manager_there_are_cards_alone() {
    let api = Api::new();
    let manager = api.post("/acs/systems/get", json!({"acs_system_id": api.site.manager_id})).await.ok();
    let account = json!({"connected_account_id": manager["acs_system"]["connected_account_id"]});
    api.post("/connected_accounts/delete", account).await.ok();
    let ada = api.person("ada").await;
    let grant = granted(&api, &ada, "R1", &["101"], &["card", "mobile_key"]).await;
    assert_eq!(grant["access_method_ids"].as_array().unwrap().len(), 1);
    assert_eq!(grant["errors"][0]["error_code"], "cannot_create_requested_access_methods");
    let before = told(&api).await;
    let key = api.post("/access_methods/create", json!({"access_grant_id": id(&grant), "mode": "mobile_key"})).await;
    let message = "Hotel Meridian has no credential manager that could deliver keys to phones.";
    assert_eq!(key.refusal(), (400, "not_supported", message));
    let got = api.post("/access_grants/get", json!({"access_grant_id": id(&grant)})).await.ok();
    assert_eq!((got["access_grant"].clone(), told(&api).await), (grant, before));
}
