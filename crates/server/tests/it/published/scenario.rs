//! A stay from the first call to the last, on which every route answers once at least.

use innkeep_server::api;
use serde_json::{Value, json};

use crate::cards::desk::Desk;

/// A hotel at work, and what it has answered.
struct Hotel {
    desk: Desk,
    answers: Vec<(String, Value)>,
}

/// Plays the stay; every path with what it answered.
pub async fn play() -> Vec<(String, Value)> {
    let mut hotel = Hotel { desk: Desk::open().await, answers: Vec::new() };
    hotel.what_is_there().await;
    let guest = hotel.guest().await;
    hotel.mobile_key(&guest).await;
    hotel.plastic_card(&guest).await;
    hotel.spaces(&guest).await;
    hotel.devices(&guest).await;
    hotel.nothing().await;
    hotel.sessions(&guest).await;
    hotel.instant_keys(&guest).await;
    hotel.workspace().await;
    if hotel.serves("/webhooks/create") {
        hotel.webhooks().await;
    }
    if hotel.serves("/access_grants/create") {
        hotel.grants(&guest).await;
    }
    if hotel.serves("/customers/push_data") {
        hotel.customers().await;
    }
    hotel.farewell(&guest).await;
    if hotel.serves("/connect_webviews/create") {
        hotel.connecting().await;
    }
    if hotel.serves("/workspaces/reset_sandbox") {
        hotel.attempt("/workspaces/reset_sandbox", json!({})).await;
    }
    hotel.answers
}

struct Guest {
    person: Value,
    user: Value,
    phone: Value,
}

impl Hotel {
    /// Asks, and keeps the answer.
    async fn ask(&mut self, path: &str, body: Value) -> Value {
        let reply = self.desk.api.post_over_the_network(path, body.clone()).await;
        assert_eq!(reply.status, 200, "{path} {body}: {}", reply.json);
        self.answers.push((path.to_owned(), reply.json.clone()));
        reply.json
    }

    /// Whether the route is there: a few parts of the API are still to come.
    fn serves(&self, path: &str) -> bool {
        api::table().iter().any(|route| route.path() == path)
    }

    async fn all(&mut self, paths: &[&str], body: &Value) {
        for path in paths {
            self.ask(path, body.clone()).await;
        }
    }

    fn site(&self) -> Value {
        json!(self.desk.api.site.acs_system_id)
    }

    fn door(&self, name: &str) -> Value {
        json!(self.desk.api.door(name))
    }

    async fn what_is_there(&mut self) {
        let everything = ["/workspaces/get", "/acs/systems/list", "/acs/entrances/list", "/acs/encoders/list"];
        self.all(&everything, &json!({})).await;
        let of_site = [
            "/acs/systems/get",
            "/acs/systems/list_compatible_credential_manager_acs_systems",
            "/acs/credential_pools/list",
        ];
        let site = json!({"acs_system_id": self.site()});
        self.all(&of_site, &site).await;
        let manager = json!({"acs_system_id": self.desk.api.site.manager_id});
        self.ask("/acs/systems/get", manager).await;
        for door in ["101", "Gym", "Pool"] {
            let door = self.door(door);
            self.ask("/acs/entrances/get", json!({"acs_entrance_id": door})).await;
        }
        let encoder = json!({"acs_encoder_id": self.desk.encoders[0]});
        self.ask("/acs/encoders/get", encoder).await;
    }

    async fn guest(&mut self) -> Guest {
        let bare = self.ask("/user_identities/create", json!({})).await["user_identity"]["user_identity_id"].clone();
        let body = json!({
            "user_identity_key": "jane", "email_address": "jane@example.com", "phone_number": "+15551234567",
            "full_name": "Jane",
        });
        let person = self.ask("/user_identities/create", body).await["user_identity"]["user_identity_id"].clone();
        let merge = json!({"user_identity_id": person, "merged_user_identity_ids": [bare]});
        self.ask("/user_identities/merge", merge).await;
        let schedule = json!({"starts_at": "2025-06-01T09:00:00Z", "ends_at": null});
        let body = json!({
            "acs_system_id": self.site(), "full_name": "Jane Doe", "email_address": "jane@example.com",
            "access_schedule": schedule,
        });
        let user = self.ask("/acs/users/create", body).await["acs_user"]["acs_user_id"].clone();
        let link = json!({"acs_user_id": user, "user_identity_id": person});
        self.ask("/user_identities/add_acs_user", link.clone()).await;
        let other = self.desk.api.user("Somebody", None).await;
        self.ask("/user_identities/update", json!({"user_identity_id": person, "full_name": "Jane Doe"})).await;
        self.all(
            &["/user_identities/get", "/user_identities/list_accessible_devices"],
            &json!({"user_identity_id": person}),
        )
        .await;
        self.ask("/user_identities/list", json!({"limit": 1})).await;
        self.ask("/acs/users/list", json!({"limit": 1})).await;
        self.all(&["/acs/users/get", "/acs/users/suspend", "/acs/users/unsuspend"], &json!({"acs_user_id": user}))
            .await;
        self.ask("/acs/users/update", json!({"acs_user_id": other, "phone_number": "+15557654321"})).await;
        let grant = json!({"acs_user_id": user, "acs_entrance_id": self.door("Gym")});
        self.ask("/acs/entrances/grant_access", grant).await;
        self.ask("/acs/users/list_accessible_entrances", json!({"acs_user_id": user})).await;
        let of_person = [
            "/user_identities/list_acs_users",
            "/user_identities/list_acs_systems",
            "/user_identities/list_accessible_entrances",
        ];
        self.all(&of_person, &json!({"user_identity_id": person})).await;
        let body = json!({"user_identity_id": person});
        let made = self.ask("/phones/simulate/create_sandbox_phone", body).await;
        let phone = made["phone"]["device_id"].clone();
        self.ask("/phones/get", json!({"device_id": phone})).await;
        self.ask("/phones/list", json!({"owner_user_identity_id": person})).await;
        self.enrolments(&person).await;
        Guest { person, user, phone }
    }

    async fn enrolments(&mut self, person: &Value) {
        let launch = json!({
            "user_identity_id": person, "credential_manager_acs_system_id": self.desk.api.site.manager_id,
        });
        self.ask("/acs/credential_provisioning_automations/launch", launch.clone()).await;
        let launched = self.ask("/user_identities/enrollment_automations/launch", launch).await;
        self.ask("/user_identities/enrollment_automations/list", json!({"user_identity_id": person})).await;
        let id = json!({"enrollment_automation_id": launched["enrollment_automation"]["enrollment_automation_id"]});
        self.all(
            &["/user_identities/enrollment_automations/get", "/user_identities/enrollment_automations/delete"],
            &id,
        )
        .await;
    }

    async fn mobile_key(&mut self, guest: &Guest) {
        let body = json!({
            "acs_user_id": guest.user, "access_method": "mobile_key", "is_multi_phone_sync_credential": true,
            "allowed_acs_entrance_ids": [self.door("101"), self.door("Pool")], "starts_at": "2025-06-01T09:00:00Z",
            "ends_at": "2025-06-04T10:00:00Z", "visionline_metadata": {"override": true, "card_format": "rfid48"},
        });
        let made = self.ask("/acs/credentials/create", body).await;
        let key = json!({"acs_credential_id": made["acs_credential"]["acs_credential_id"]});
        self.desk.wait_until_issued(key["acs_credential_id"].as_str().unwrap()).await;
        self.all(&["/acs/credentials/get", "/acs/credentials/list_accessible_entrances", "/phones/list"], &key).await;
        self.ask("/acs/entrances/list", key.clone()).await;
        self.ask("/acs/credentials/list", json!({"acs_user_id": guest.user})).await;
        let door = self.door("101");
        let valid = json!({"acs_entrance_id": door, "include_if": ["visionline_metadata.is_valid"]});
        self.ask("/acs/entrances/list_credentials_with_access", valid).await;
        let mut longer = key.clone();
        longer["ends_at"] = json!("2025-06-05T10:00:00Z");
        self.ask("/acs/credentials/update", longer).await;
        self.ask("/acs/credentials/delete", key).await;
    }

    async fn plastic_card(&mut self, guest: &Guest) {
        let body = json!({
            "acs_user_id": guest.user, "access_method": "card", "allowed_acs_entrance_ids": [self.door("102")],
            "ends_at": "2025-06-04T10:00:00Z", "visionline_metadata": {"override": true},
        });
        let made = self.ask("/acs/credentials/create", body).await;
        let card = made["acs_credential"]["acs_credential_id"].clone();
        let encoder = json!(self.desk.encoders[0]);
        let simulate = "/acs/encoders/simulate/next_credential";
        self.ask(&format!("{simulate}_encode_will_fail"), json!({"acs_encoder_id": encoder})).await;
        let encode = json!({"acs_encoder_id": encoder, "acs_credential_id": card});
        self.attempt("/acs/encoders/encode_credential", encode.clone()).await;
        self.ask(&format!("{simulate}_encode_will_succeed"), json!({"acs_encoder_id": encoder})).await;
        self.attempt("/acs/encoders/encode_credential", encode).await;
        self.ask("/acs/credentials/get", json!({"acs_credential_id": card})).await;

        let at_encoder = json!({"acs_encoder_id": encoder});
        self.ask(&format!("{simulate}_scan_will_fail"), at_encoder.clone()).await;
        self.attempt("/acs/encoders/scan_credential", at_encoder.clone()).await;
        for scenario in
            ["credential_exists_on_seam", "credential_does_not_exist_on_seam", "credential_on_encoder_is_empty"]
        {
            let body = json!({"acs_encoder_id": encoder, "scenario": scenario});
            self.ask(&format!("{simulate}_scan_will_succeed"), body).await;
            self.attempt("/acs/encoders/scan_credential", at_encoder.clone()).await;
        }
        let owner = json!({"acs_credential_id": card, "acs_user_id": guest.user});
        self.all(&["/acs/credentials/unassign", "/acs/credentials/assign"], &owner).await;
        let body = json!({"acs_encoder_id": encoder, "scenario": "credential_exists_on_seam"});
        self.ask(&format!("{simulate}_scan_will_succeed"), body).await;
        let assign = json!({"acs_encoder_id": encoder, "acs_user_id": guest.user});
        self.attempt("/acs/encoders/scan_to_assign_credential", assign).await;
        self.ask("/action_attempts/list", json!({"limit": 3})).await;
        self.ask("/action_attempts/list", json!({})).await;
    }

    /// Starts an attempt and waits until it has ended.
    async fn attempt(&mut self, path: &str, body: Value) {
        let started = self.ask(path, body).await;
        let id = json!({"action_attempt_id": started["action_attempt"]["action_attempt_id"]});
        self.desk.ended(id["action_attempt_id"].as_str().unwrap()).await;
        self.ask("/action_attempts/get", id).await;
    }

    async fn spaces(&mut self, guest: &Guest) {
        let body = json!({"name": "Suite", "space_key": "suite", "acs_entrance_ids": [self.door("101")]});
        let made = self.ask("/spaces/create", body).await;
        let space = json!({"space_id": made["space"]["space_id"]});
        let with = |name: &str, value: Value| {
            let mut body = space.clone();
            body[name] = value;
            body
        };
        let doors = with("acs_entrance_ids", json!([self.door("102")]));
        self.all(&["/spaces/add_acs_entrances", "/spaces/remove_acs_entrances"], &doors).await;
        let devices = with("device_ids", json!([guest.phone]));
        self.all(&["/spaces/add_devices", "/spaces/remove_devices"], &devices).await;
        let systems = self.ask("/acs/systems/list", json!({})).await;
        let account = with("connected_account_id", systems["acs_systems"][0]["connected_account_id"].clone());
        self.all(&["/spaces/add_connected_account", "/spaces/remove_connected_account"], &account).await;
        self.ask("/spaces/update", with("name", json!("Bridal suite"))).await;
        self.ask("/spaces/get_related", json!({"space_ids": [space["space_id"]]})).await;
        self.ask("/spaces/list", json!({})).await;
        self.all(&["/spaces/get", "/spaces/delete"], &space).await;
    }

    async fn devices(&mut self, guest: &Guest) {
        let phone = json!({"device_id": guest.phone});
        self.ask("/devices/update", json!({"device_id": guest.phone, "name": "Jane's phone"})).await;
        self.ask("/devices/list", json!({"device_types": ["android_phone", "ios_phone"]})).await;
        let with_it = ["/devices/get", "/phones/get", "/devices/simulate/disconnect", "/devices/simulate/connect"];
        self.all(&with_it, &phone).await;
        self.ask("/devices/list_device_providers", json!({})).await;
        let body = json!({"user_identity_id": guest.person, "phone_metadata": {"operating_system": "ios"}});
        let second = self.ask("/phones/simulate/create_sandbox_phone", body).await;
        let second = json!({"device_id": second["phone"]["device_id"]});
        self.all(&["/devices/get", "/devices/simulate/remove"], &second).await;
    }

    async fn sessions(&mut self, guest: &Guest) {
        let body = json!({"user_identifier_key": "jane", "user_identity_id": guest.person});
        let made = self.ask("/client_sessions/create", body.clone()).await;
        self.ask("/client_sessions/get_or_create", body).await;
        let session = json!({"client_session_id": made["client_session"]["client_session_id"]});
        let mut grant = session.clone();
        grant["user_identity_id"] = guest.person.clone();
        self.ask("/client_sessions/grant_access", grant).await;
        self.ask("/client_sessions/list", json!({})).await;
        self.all(&["/client_sessions/get", "/client_sessions/revoke", "/client_sessions/delete"], &session).await;
    }

    async fn instant_keys(&mut self, guest: &Guest) {
        let made = self.ask("/user_identities/generate_instant_key", json!({"user_identity_id": guest.person})).await;
        let key = json!({"instant_key_id": made["instant_key"]["instant_key_id"]});
        self.ask("/instant_keys/list", json!({"user_identity_id": guest.person})).await;
        self.all(&["/instant_keys/get", "/instant_keys/delete"], &key).await;
    }

    async fn workspace(&mut self) {
        let looks = json!({"primary_button_color": "#112233"});
        let body = json!({"is_publishable_key_auth_enabled": true, "connect_webview_customization": looks});
        self.ask("/workspaces/update", body).await;
        self.all(&["/workspaces/get", "/workspaces/list"], &json!({})).await;
        let sought = json!({"search": self.site()});
        self.ask("/workspaces/find_anything", sought).await;
    }

    async fn webhooks(&mut self) {
        let made = self.ask("/webhooks/create", json!({"url": "http://127.0.0.1:9/hook"})).await;
        let webhook = json!({"webhook_id": made["webhook"]["webhook_id"]});
        let mut wanted = webhook.clone();
        wanted["event_types"] = json!(["acs_user.created"]);
        self.ask("/webhooks/update", wanted).await;
        self.ask("/webhooks/list", json!({})).await;
        self.all(&["/webhooks/get", "/webhooks/delete"], &webhook).await;
        let events = self.ask("/events/list", json!({"since": "2020-01-01T00:00:00Z"})).await;
        self.ask("/events/get", json!({"event_id": events["events"][0]["event_id"]})).await;
    }

    async fn grants(&mut self, guest: &Guest) {
        let body = json!({
            "user_identity_id": guest.person, "acs_entrance_ids": [self.door("103")], "name": "Jane in 103",
            "access_grant_key": "R1-jane", "reservation_key": "R1", "starts_at": "2025-06-01T09:30:00Z",
            "ends_at": "2025-06-04T10:00:00Z", "requested_access_methods": [{"mode": "card"}, {"mode": "mobile_key"}],
        });
        let made = self.ask("/access_grants/create", body).await;
        let grant = json!({"access_grant_id": made["access_grant"]["access_grant_id"]});
        let with = |name: &str, value: Value| {
            let mut body = grant.clone();
            body[name] = value;
            body
        };
        self.ask("/access_grants/update", with("ends_at", json!("2025-06-05T10:00:00Z"))).await;
        let card = with("requested_access_methods", json!([{"mode": "card"}]));
        self.ask("/access_grants/request_access_methods", card).await;
        self.ask("/access_grants/get", grant.clone()).await;
        self.all(&["/access_grants/list", "/access_grants/unmanaged/list"], &json!({})).await;
        self.ask("/access_grants/get_related", json!({"access_grant_ids": [grant["access_grant_id"]]})).await;
        let methods = self.ask("/access_methods/list", grant.clone()).await;
        let methods: Vec<Value> = methods["access_methods"].as_array().unwrap().clone();
        for method in &methods {
            self.ask("/access_methods/get", json!({"access_method_id": method["access_method_id"]})).await;
        }
        let card = methods.iter().find(|method| method["mode"] == "card").unwrap()["access_method_id"].clone();
        self.ask("/access_methods/get_related", json!({"access_method_ids": [card]})).await;
        let encode = json!({"access_method_id": card, "acs_encoder_id": self.desk.encoders[0]});
        self.attempt("/access_methods/encode", encode).await;
        self.ask("/access_methods/get", json!({"access_method_id": card})).await;
        self.ask("/access_methods/delete", json!({"access_method_id": card})).await;
        self.ask("/access_methods/unmanaged/list", grant.clone()).await;
        self.ask("/access_grants/delete", grant).await;
    }

    async fn connecting(&mut self) {
        let body = json!({"accepted_providers": ["visionline"], "custom_metadata": {"floor": "1"}});
        let made = self.ask("/connect_webviews/create", body).await;
        let webview = json!({"connect_webview_id": made["connect_webview"]["connect_webview_id"]});
        self.ask("/connect_webviews/list", json!({})).await;
        self.all(&["/connect_webviews/get", "/connect_webviews/delete"], &webview).await;
        let accounts = self.ask("/connected_accounts/list", json!({})).await;
        let account = json!({"connected_account_id": accounts["connected_accounts"][0]["connected_account_id"]});
        let mut named = account.clone();
        named["display_name"] = json!("Meridian");
        self.ask("/connected_accounts/update", named).await;
        let with_it = [
            "/connected_accounts/get",
            "/connected_accounts/sync",
            "/connected_accounts/simulate/disconnect",
            "/connected_accounts/get",
            "/connected_accounts/delete",
        ];
        self.all(&with_it, &account).await;
    }

    async fn customers(&mut self) {
        let guest = json!({"guest_key": "ida", "name": "Ida", "email_address": "ida@example.com"});
        self.ask("/customers/push_data", json!({"customer_key": "meridian", "guests": [guest]})).await;
        self.ask("/customers/delete_data", json!({"customer_keys": ["meridian"]})).await;
    }

    async fn nothing(&mut self) {
        let empty = [
            "/acs/access_groups/list",
            "/acs/access_groups/unmanaged/list",
            "/acs/users/unmanaged/list",
            "/acs/credentials/unmanaged/list",
            "/user_identities/unmanaged/list",
            "/devices/unmanaged/list",
            "/bridges/list",
        ];
        self.all(&empty, &json!({})).await;
    }

    async fn farewell(&mut self, guest: &Guest) {
        let user = json!({"acs_user_id": guest.user});
        self.ask("/acs/users/revoke_access_to_all_entrances", user.clone()).await;
        self.ask("/phones/deactivate", json!({"device_id": guest.phone})).await;
        let link = json!({"acs_user_id": guest.user, "user_identity_id": guest.person});
        self.ask("/user_identities/remove_acs_user", link).await;
        self.ask("/acs/users/delete", user).await;
        self.ask("/user_identities/delete", json!({"user_identity_id": guest.person})).await;
        self.ask("/acs/systems/list", json!({})).await;
        self.ask("/events/list", json!({"since": "2020-01-01T00:00:00Z"})).await;
    }
}
