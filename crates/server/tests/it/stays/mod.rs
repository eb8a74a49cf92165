//! Stays by reservation, from the API to the door: what a hotel does with a booking, and who opens which door then.

mod arriving;
mod changing;
mod ending;
mod late;
mod links;
mod sharing;
mod two_hotels;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::cards::desk::Desk;

/// A desk, with words for bookings. Times are hours from the beginning.
struct Hotel {
    desk: Desk,
}

/// A grant, and its methods by their modes.
struct Booking {
    grant: String,
    methods: BTreeMap<String, String>,
}

impl Booking {
    fn card(&self) -> &str {
        &self.methods["card"]
    }

    fn key(&self) -> &str {
        &self.methods["mobile_key"]
    }
}

impl Hotel {
    async fn open() -> Self {
        Self { desk: Desk::open().await }
    }

    fn at(&self, hours: i64) -> String {
        let begin: jiff::Timestamp = crate::api::app::NOW.parse().unwrap();
        (begin + SignedDuration::from_hours(hours)).to_string()
    }

    fn pass(&self, hours: u64) {
        self.desk.advance(hours * 3600);
    }

    async fn guest(&self, name: &str) -> String {
        self.desk.api.person(name).await
    }

    /// A phone of the guest; its endpoint is held to doors.
    async fn phone(&self, guest: &str) -> String {
        self.new_phone(guest).await.1
    }

    /// Its id, and its endpoint.
    async fn new_phone(&self, guest: &str) -> (String, String) {
        let body = json!({"user_identity_id": guest});
        let phone = self.desk.api.post("/phones/simulate/create_sandbox_phone", body).await.ok()["phone"].clone();
        let endpoints = &phone["properties"]["assa_abloy_credential_service_metadata"]["endpoints"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&phone["device_id"]), text(&endpoints[0]["endpoint_id"]))
    }

    fn asked(&self, guest: &str, reservation: &str, doors: &[&str], modes: &[&str], from: i64, to: i64) -> Value {
        json!({
            "user_identity_id": guest, "reservation_key": reservation,
            "acs_entrance_ids": doors.iter().map(|door| self.desk.api.door(door)).collect::<Vec<_>>(),
            "requested_access_methods": modes.iter().map(|mode| json!({ "mode": mode })).collect::<Vec<_>>(),
            "starts_at": self.at(from), "ends_at": self.at(to),
        })
    }

    async fn book(
        &self,
        guest: &str,
        reservation: &str,
        doors: &[&str],
        modes: &[&str],
        from: i64,
        to: i64,
    ) -> Booking {
        let body = self.asked(guest, reservation, doors, modes, from, to);
        let grant = self.desk.api.post("/access_grants/create", body).await.ok()["access_grant"].clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let made = grant["access_method_ids"].as_array().unwrap();
        let methods = modes.iter().zip(made).map(|(mode, id)| ((*mode).to_owned(), text(id))).collect();
        Booking { grant: text(&grant["access_grant_id"]), methods }
    }

    async fn change(&self, booking: &Booking, from: Option<i64>, to: Option<i64>) {
        let mut body = json!({"access_grant_id": booking.grant});
        if let Some(from) = from {
            body["starts_at"] = json!(self.at(from));
        }
        if let Some(to) = to {
            body["ends_at"] = json!(self.at(to));
        }
        self.desk.api.post("/access_grants/update", body).await.ok();
    }

    /// Deletes the grant and waits until it is gone.
    async fn cancel(&self, booking: &Booking) {
        let named = json!({"access_grant_id": booking.grant});
        self.desk.api.post("/access_grants/delete", named.clone()).await.ok();
        self.desk
            .until("the grant is gone", || async {
                (self.desk.api.post("/access_grants/get", named.clone()).await.status == 404).then_some(())
            })
            .await;
    }

    async fn grant(&self, booking: &Booking) -> Value {
        let named = json!({"access_grant_id": booking.grant});
        self.desk.api.post("/access_grants/get", named).await.ok()["access_grant"].clone()
    }

    async fn method(&self, id: &str) -> Value {
        self.desk.api.post("/access_methods/get", json!({"access_method_id": id})).await.ok()["access_method"].clone()
    }

    async fn wait_until_issued(&self, method: &str) {
        self.desk
            .until("the method is issued", || async { (self.method(method).await["is_issued"] == true).then_some(()) })
            .await;
    }

    /// Writes the card of a method on this plastic.
    async fn write(&self, method: &str, serial_number: &str) {
        let body = json!({"acs_encoder_id": self.desk.encoders[0], "access_method_id": method});
        let attempt = self.desk.ask("/access_methods/encode", body).await;
        self.desk.place(0, serial_number);
        self.desk.result(&attempt).await;
    }

    /// The credential that carries a method.
    async fn credential(&self, method: &str) -> String {
        let body = json!({"access_method_ids": [method], "include": ["acs_credentials"]});
        let related = self.desk.api.post("/access_methods/get_related", body).await.ok();
        let first = &related["batch"]["acs_credentials"][0]["acs_credential_id"];
        first.as_str().unwrap().to_owned()
    }

    /// The types of the events of a method, oldest first.
    async fn told_of_method(&self, method: &str) -> Vec<String> {
        self.told(|event| event["access_method_id"] == method).await
    }

    /// The types of the events of a grant, oldest first.
    async fn told_of_grant(&self, booking: &Booking) -> Vec<String> {
        self.told(|event| event["access_grant_id"] == booking.grant.as_str()).await
    }

    async fn told(&self, is_about: impl Fn(&Value) -> bool) -> Vec<String> {
        let events = self.desk.api.post("/events/list", json!({"since": "2020-01-01T00:00:00Z"})).await.ok();
        let events = events["events"].as_array().unwrap().iter().filter(|event| is_about(event));
        events.map(|event| event["event_type"].as_str().unwrap().to_owned()).collect()
    }

    async fn wait_until_told(&self, booking: &Booking, event_type: &str) {
        self.desk
            .until(event_type, || async {
                self.told_of_grant(booking).await.iter().any(|told| told == event_type).then_some(())
            })
            .await;
    }

    async fn warnings(&self, booking: &Booking) -> Vec<String> {
        let grant = self.grant(booking).await;
        let warnings = grant["warnings"].as_array().unwrap().iter();
        warnings.map(|warning| warning["warning_code"].as_str().unwrap().to_owned()).collect()
    }
}
