//! What a customer's session may grant, change and take back: its own, and nothing else (P8).

use serde_json::{Value, json};

use super::{Api, asked, granted, id};
use crate::api::app::Reply;

/// A hotel with a space of the customer `meridian` that has the room 101, a guest whom it pushed, and its session.
struct Tenant {
    api: Api,
    token: String,
    guest: String,
}

impl Tenant {
    async fn new() -> Self {
        let api = Api::new();
        let space = json!({
            "name": "One", "space_key": "one", "customer_key": "meridian", "acs_entrance_ids": [api.door("101")],
        });
        api.post("/spaces/create", space).await.ok();
        let pushed = json!({"customer_key": "meridian", "guests": [{"guest_key": "ada", "name": "Ada"}]});
        api.post("/customers/push_data", pushed).await.ok();
        let ada = api.post("/user_identities/get", json!({"user_identity_key": "ada"})).await.ok();
        let guest = ada["user_identity"]["user_identity_id"].as_str().unwrap().to_owned();
        let token = api.session(json!({"customer_key": "meridian"})).await;
        Self { api, token, guest }
    }

    async fn post(&self, path: &str, body: Value) -> Reply {
        self.api.post_as(&self.token, path, body).await
    }

    /// A grant of 101 through the customer's space.
    async fn grant(&self, person: &str, more: Value) -> Reply {
        let mut body = asked(&self.api, person, &[], &["card", "mobile_key"], json!({"space_keys": ["one"]}));
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post("/access_grants/create", body).await
    }
}

#[tokio::test]
async fn a_customer_grants_its_rooms_to_its_guests_and_takes_them_back() {
    let tenant = Tenant::new().await;
    let made = tenant.grant(&tenant.guest, json!({"reservation_key": "R1"})).await.ok()["access_grant"].clone();
    assert_eq!(made["access_method_ids"].as_array().unwrap().len(), 2);
    assert!(made["instant_key_url"].is_string());
    let listed = tenant.api.post("/access_grants/list", json!({"customer_key": "meridian"})).await.ok();
    assert_eq!(listed["access_grants"][0]["access_grant_id"], made["access_grant_id"], "it is the customer's");

    let named = json!({"access_grant_id": id(&made)});
    let longer = json!({"access_grant_id": id(&made), "ends_at": "2030-01-05T10:00:00Z", "name": "Suite"});
    tenant.post("/access_grants/update", longer).await.ok();
    let more = json!({"access_grant_id": id(&made), "requested_access_methods": [{"mode": "card"}]});
    let grown = tenant.post("/access_grants/request_access_methods", more).await.ok()["access_grant"].clone();
    assert_eq!((&grown["name"], &grown["ends_at"]), (&json!("Suite"), &json!("2030-01-05T10:00:00.000Z")));
    let method = json!({"access_method_id": grown["access_method_ids"][2]});
    tenant.post("/access_methods/delete", method).await.ok();
    tenant.post("/access_methods/delete", json!({"reservation_key": "R1"})).await.ok();
    tenant.post("/access_grants/delete", named).await.ok();
    let links = tenant.api.post("/instant_keys/list", json!({"user_identity_id": tenant.guest})).await.ok();
    assert_eq!(links["instant_keys"], json!([]), "the link goes with the key");
}

#[tokio::test]
async fn a_customer_grants_to_a_guest_who_is_made_with_the_grant_and_to_the_same_again() {
    let tenant = Tenant::new().await;
    let new = json!({"user_identity": {"full_name": "Bob", "email_address": "bob@example.com"}});
    let mut body = asked(&tenant.api, "", &["101"], &["card"], json!({"reservation_key": "R1"}));
    body.as_object_mut().unwrap().remove("user_identity_id");
    body.as_object_mut().unwrap().extend(new.as_object().unwrap().clone());
    let made = tenant.post("/access_grants/create", body.clone()).await.ok()["access_grant"].clone();
    let bob = made["user_identity_id"].as_str().unwrap();
    tenant.post("/user_identities/get", json!({"user_identity_id": bob})).await.ok();
    tenant.grant(bob, json!({"reservation_key": "R1"})).await.ok();
    // A guest of others under the same address is not told of.
    tenant.api.post("/user_identities/create", json!({"email_address": "eve@example.com"})).await.ok();
    body["user_identity"]["email_address"] = json!("eve@example.com");
    let taken = tenant.post("/access_grants/create", body).await;
    let message = "email_address already belongs to somebody else; use another value";
    assert_eq!(taken.refusal(), (409, "conflict", message));
}

#[tokio::test]
async fn a_customer_reaches_nothing_of_others() {
    let tenant = Tenant::new().await;
    let api = &tenant.api;
    let eve = api.person("eve").await;
    let other = granted(api, &eve, "R1", &["101", "102"], &["card", "mobile_key"]).await;
    let before = api.post("/access_grants/get", json!({"access_grant_id": id(&other)})).await.ok();
    let key = json!({"reservation_key": "R2"});
    let refusal = |reply: Reply| {
        let (status, kind, _) = reply.refusal();
        (status, kind.to_owned())
    };
    let unknown = |noun: &str| (404, format!("{noun}_not_found"));
    assert_eq!(refusal(tenant.grant(&eve, key.clone()).await), unknown("user_identity"));
    let door = asked(api, &tenant.guest, &["102"], &["card"], key.clone());
    assert_eq!(refusal(tenant.post("/access_grants/create", door).await), unknown("acs_entrance"));
    for (path, more) in [
        ("/access_grants/update", json!({"ends_at": "2030-01-05T10:00:00Z"})),
        ("/access_grants/delete", json!({})),
        ("/access_grants/request_access_methods", json!({"requested_access_methods": [{"mode": "card"}]})),
        ("/access_methods/delete", json!({})),
    ] {
        let mut body = json!({"access_grant_id": id(&other)});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(refusal(tenant.post(path, body).await), unknown("access_grant"), "{path}");
    }
    let method = json!({"access_method_id": other["access_method_ids"][0]});
    assert_eq!(refusal(tenant.post("/access_methods/delete", method).await), unknown("access_method"));
    let reservation = json!({"reservation_key": "R1"});
    assert_eq!(refusal(tenant.post("/access_methods/delete", reservation).await), unknown("access_grant"));
    let after = api.post("/access_grants/get", json!({"access_grant_id": id(&other)})).await.ok();
    assert_eq!(after, before);

    // The same key names another reservation: what the others have is neither joined nor told by a rule.
    let own = tenant.grant(&tenant.guest, json!({"reservation_key": "R1"})).await.ok()["access_grant"].clone();
    let body = json!({"access_method_ids": own["access_method_ids"], "include": ["acs_credentials"]});
    let related = tenant.post("/access_methods/get_related", body).await.ok();
    let credentials = related["batch"]["acs_credentials"].as_array().unwrap();
    let own: Vec<&Value> = credentials.iter().map(|credential| &credential["acs_credential_id"]).collect();
    let joined = credentials.iter().flat_map(|one| one["visionline_metadata"]["joiner_acs_credential_ids"].as_array());
    let joined: Vec<&Value> = joined.flatten().collect();
    assert!(!joined.is_empty() && joined.iter().all(|one| own.contains(one)), "{credentials:?}");
}

/// A customer with a hotel of its own grants any door of it, to whoever has a user there.
#[tokio::test]
async fn a_customer_grants_the_doors_of_its_account() {
    let tenant = Tenant::new().await;
    let api = &tenant.api;
    let site = api.post("/acs/systems/get", json!({"acs_system_id": api.site.acs_system_id})).await.ok();
    let account = site["acs_system"]["connected_account_id"].clone();
    let change = json!({"connected_account_id": account, "customer_key": "meridian"});
    api.post("/connected_accounts/update", change).await.ok();
    let eve = api.person("eve").await;
    api.user("Eve", Some(&eve)).await;
    let body = asked(api, &eve, &["102", "Gym"], &["card"], json!({"reservation_key": "R1"}));
    let made = tenant.post("/access_grants/create", body).await.ok()["access_grant"].clone();
    let pool = json!({"access_grant_id": id(&made), "acs_entrance_ids": [api.door("102"), api.door("Pool")]});
    tenant.post("/access_grants/update", pool).await.ok();
    let foreign =
        json!({"access_grant_id": id(&made), "acs_entrance_ids": [api.door("102"), api.foreign.doors["Gym"]]});
    let foreign = tenant.post("/access_grants/update", foreign).await;
    assert_eq!(foreign.refusal().1, "acs_entrance_not_found");
}

#[tokio::test]
async fn a_session_that_only_reads_writes_nothing() {
    let tenant = Tenant::new().await;
    let read_only = crate::api::rights::session_of_nothing(&tenant.api, Some("meridian"), true);
    for path in ["/access_grants/create", "/access_grants/update", "/access_grants/delete", "/access_methods/delete"] {
        let reply = tenant.api.post_as(&read_only, path, json!({})).await;
        assert_eq!(reply.refusal().0, 401, "{path}");
    }
}

/// P7, also by a customer's own session: who was made by a push goes with phones, links and users.
#[tokio::test]
async fn a_customer_takes_back_a_guest_with_all_access() {
    let tenant = Tenant::new().await;
    let made = tenant.grant(&tenant.guest, json!({"reservation_key": "R1"})).await.ok()["access_grant"].clone();
    let phone = json!({"user_identity_id": tenant.guest});
    tenant.api.post("/phones/simulate/create_sandbox_phone", phone.clone()).await.ok();
    let removed = tenant.post("/customers/delete_data", json!({"guest_keys": ["ada"]})).await.ok();
    assert_eq!(removed["innkeep"], json!({"removed": 1, "not_found": []}));
    let ada = tenant.api.post("/user_identities/get", phone.clone()).await.ok()["user_identity"].clone();
    assert_eq!(ada["warnings"][0]["warning_code"], "being_deleted");
    let grant = tenant.api.post("/access_grants/get", json!({"access_grant_id": id(&made)})).await.ok();
    assert_eq!(grant["access_grant"]["warnings"][0]["warning_code"], "being_deleted");
    let phones = json!({"owner_user_identity_id": tenant.guest});
    assert_eq!(tenant.api.post("/phones/list", phones).await.ok()["phones"], json!([]));
}
