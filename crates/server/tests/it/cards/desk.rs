//! A hotel's desk: the whole API with a worker, a simulated hotel on a movable clock, and hands for its encoders.

use std::{sync::Arc, time::Duration};

use domain::id::AcsSystemId;
use http::Request;
use innkeep_server::site::{DeskSettings, Pace, Site, Worker};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use visionline::{Client, Options, Secret};

use crate::api::app::{Api, Reply};

/// How long anything may take that needs no time of the hotel's clock.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Desk {
    pub api: Api,
    /// Front Desk 1 and 2.
    pub encoders: Vec<String>,
    is_on: bool,
    surveys_within: Option<Duration>,
    at_work: Option<(CancellationToken, JoinHandle<()>)>,
    elsewhere: Option<JoinHandle<()>>,
}

impl Desk {
    pub async fn open() -> Self {
        Self::with(true, None)
    }

    /// The worker looks all the time at what people do at the lock server themselves.
    pub async fn under_survey() -> Self {
        Self::with(true, Some(Duration::from_secs(1)))
    }

    /// `is_on`: whether the site's encoders may be used.
    pub async fn with_encoders(is_on: bool) -> Self {
        Self::with(is_on, None)
    }

    fn with(is_on: bool, surveys_within: Option<Duration>) -> Self {
        let api = Api::new();
        let encoders = api.list_encoders(&["Front Desk 1", "Front Desk 2"]);
        let mut desk = Self { api, encoders, is_on, surveys_within, at_work: None, elsewhere: None };
        desk.start();
        desk
    }

    fn start(&mut self) {
        let worker = self.worker(self.api.site.acs_system_id);
        let stop = CancellationToken::new();
        self.at_work = Some((stop.clone(), tokio::spawn(worker.run(stop))));
    }

    /// A worker for another system of the workspace. One simulated lock server stands for both.
    pub fn serve_as_well(&mut self, system_id: AcsSystemId) {
        self.elsewhere = Some(tokio::spawn(self.worker(system_id).run(CancellationToken::new())));
    }

    fn worker(&self, system_id: AcsSystemId) -> Worker {
        let app = &self.api.app;
        let sandbox = app.sandbox.clone().unwrap();
        let client = || {
            let clock = app.clock.clone();
            let now = Arc::new(move || clock.now());
            Client::new(sandbox.transport(), "sym", Secret::new("sym"), Options::default(), now)
        };
        let day = Duration::from_secs(86_400);
        let site = Site {
            system_id,
            zone: jiff::tz::TimeZone::get("Europe/Stockholm").unwrap(),
            clients: vec![client()],
            is_alone: true,
            pace: Pace {
                lease: Duration::from_secs(30),
                answer_within: Duration::from_secs(60),
                lists_every: day,
                lists_encoders: self.is_on,
                surveys_within: self.surveys_within,
            },
            desk: DeskSettings {
                is_on: self.is_on,
                window: Duration::from_secs(60),
                clients: vec![client(), client()],
                sandbox: Some(Arc::clone(&sandbox)),
            },
        };
        Worker::new(site, app.store.clone(), app.clock.clone(), Arc::clone(&app.changed))
    }

    /// The program stops, whatever is under way, and starts again.
    pub async fn restart(&mut self) {
        let (stop, worker) = self.at_work.take().unwrap();
        stop.cancel();
        worker.await.unwrap();
        self.start();
    }

    pub fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = Request::builder().method(method).uri(format!("/control/v1/{path}"));
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let answer = self.api.app.sandbox.as_ref().unwrap().controlled(&request.body(body).unwrap());
        assert!(answer.status().is_success(), "{path}: {}", String::from_utf8_lossy(answer.body()));
        serde_json::from_slice(answer.body()).unwrap_or_default()
    }

    pub fn place(&self, encoder: usize, serial_number: &str) {
        let body = json!({"serial_number": serial_number, "technology": "ultralight_ev1"});
        self.control("POST", &format!("encoders/front-desk-{}/place", encoder + 1), &body);
    }

    /// A test that plays the person at the encoder itself says so first.
    pub fn take_over(&self, encoder: usize) {
        self.control("POST", &format!("encoders/front-desk-{}/remove", encoder + 1), &Value::Null);
    }

    pub async fn wait_until_encoder_waits(&self, encoder: usize) {
        let path = format!("encoders/front-desk-{}", encoder + 1);
        self.until("the encoder waits for a card", || async {
            (self.control("GET", &path, &Value::Null)["state"] == "waiting_for_card").then_some(())
        })
        .await;
    }

    pub fn advance(&self, seconds: u64) {
        self.control("POST", "clock", &json!({ "advance_seconds": seconds }));
    }

    pub fn present(&self, serial_number: &str, door: &str) -> String {
        self.verdict(door, &json!({ "serial_number": serial_number }))
    }

    pub fn hold(&self, endpoint_id: &str, door: &str) -> String {
        self.verdict(door, &json!({ "endpoint_id": endpoint_id }))
    }

    fn verdict(&self, door: &str, body: &Value) -> String {
        self.control("POST", &format!("doors/{door}/present"), body)["reason"].as_str().unwrap().to_owned()
    }

    /// How many card records the lock server has that are on a medium or could come to be.
    pub fn records(&self) -> Vec<Value> {
        self.control("GET", "cards", &Value::Null)["cards"].as_array().unwrap().clone()
    }

    /// Asks again until there is an answer.
    pub async fn until<T, Asking: Future<Output = Option<T>>>(&self, what: &str, ask: impl Fn() -> Asking) -> T {
        let limit = self.api.app.clock.elapsed() + PATIENCE;
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            assert!(self.api.app.clock.elapsed() < limit, "{what}: not within {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub async fn credential(&self, id: &str) -> Value {
        self.api.post("/acs/credentials/get", json!({"acs_credential_id": id})).await.ok()["acs_credential"].clone()
    }

    pub async fn warnings(&self, id: &str) -> Vec<String> {
        let credential = self.credential(id).await;
        let warnings = credential["warnings"].as_array().unwrap();
        warnings.iter().map(|warning| warning["warning_code"].as_str().unwrap().to_owned()).collect()
    }

    /// A card credential that starts now and lasts three days.
    pub async fn card(&self, doors: &[&str], metadata: Value) -> String {
        let user = self.api.user("Guest", None).await;
        self.card_of(&user, doors, metadata).await
    }

    pub async fn card_of(&self, user: &str, doors: &[&str], metadata: Value) -> String {
        let doors: Vec<String> = doors.iter().map(|name| self.api.door(name)).collect();
        let ends_at = self.api.app.clock.now() + jiff::SignedDuration::from_hours(72);
        let body = json!({
            "acs_user_id": user, "access_method": "card", "allowed_acs_entrance_ids": doors,
            "ends_at": ends_at.to_string(), "visionline_metadata": metadata,
        });
        let made = self.api.post("/acs/credentials/create", body).await.ok();
        made["acs_credential"]["acs_credential_id"].as_str().unwrap().to_owned()
    }

    /// A mobile key of a new guest with one phone; its credential and the endpoint to hold to doors.
    pub async fn phone(&self, doors: &[&str], metadata: Value) -> (String, String) {
        let person = self.api.person("Phone").await;
        let user = self.api.user("Phone", Some(&person)).await;
        let phone =
            self.api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
        let endpoints = &phone["phone"]["properties"]["assa_abloy_credential_service_metadata"]["endpoints"];
        let endpoint = endpoints[0]["endpoint_id"].as_str().unwrap().to_owned();
        let doors: Vec<String> = doors.iter().map(|name| self.api.door(name)).collect();
        let ends_at = self.api.app.clock.now() + jiff::SignedDuration::from_hours(72);
        let body = json!({
            "acs_user_id": user, "access_method": "mobile_key", "is_multi_phone_sync_credential": true,
            "allowed_acs_entrance_ids": doors, "ends_at": ends_at.to_string(), "visionline_metadata": metadata,
        });
        let made = self.api.post("/acs/credentials/create", body).await.ok();
        (made["acs_credential"]["acs_credential_id"].as_str().unwrap().to_owned(), endpoint)
    }

    pub async fn wait_until_issued(&self, id: &str) {
        self.until("the key is issued", || async { (self.credential(id).await["is_issued"] == true).then_some(()) })
            .await;
    }

    pub async fn ask(&self, path: &str, body: Value) -> String {
        let answer = self.api.post(path, body).await.ok();
        assert_eq!(answer["action_attempt"]["status"], "pending", "{answer}");
        answer["action_attempt"]["action_attempt_id"].as_str().unwrap().to_owned()
    }

    /// Asks for the card to be written; the pending attempt.
    pub async fn encode(&self, encoder: usize, credential: &str) -> String {
        let body = json!({"acs_encoder_id": self.encoders[encoder], "acs_credential_id": credential});
        self.ask("/acs/encoders/encode_credential", body).await
    }

    pub async fn scan(&self, encoder: usize) -> Value {
        let body = json!({"acs_encoder_id": self.encoders[encoder]});
        let attempt = self.ask("/acs/encoders/scan_credential", body).await;
        self.ended(&attempt).await
    }

    pub async fn attempt(&self, id: &str) -> Value {
        self.api.post("/action_attempts/get", json!({"action_attempt_id": id})).await.ok()["action_attempt"].clone()
    }

    pub async fn ended(&self, id: &str) -> Value {
        self.until("the attempt ends", || async {
            let attempt = self.attempt(id).await;
            (attempt["status"] != "pending").then_some(attempt)
        })
        .await
    }

    /// The result of an attempt that must succeed.
    pub async fn result(&self, id: &str) -> Value {
        let attempt = self.ended(id).await;
        assert_eq!(attempt["status"], "success", "{attempt}");
        attempt["result"].clone()
    }

    /// The error type of an attempt that must fail.
    pub async fn error(&self, id: &str) -> String {
        let attempt = self.ended(id).await;
        assert_eq!(attempt["status"], "error", "{attempt}");
        assert!(!attempt["error"]["message"].as_str().unwrap().is_empty());
        attempt["error"]["type"].as_str().unwrap().to_owned()
    }

    /// Writes the credential on this card.
    pub async fn write(&self, credential: &str, serial_number: &str) -> Value {
        let attempt = self.encode(0, credential).await;
        self.place(0, serial_number);
        self.result(&attempt).await
    }

    pub async fn events(&self, event_type: &str, credential: &str) -> Vec<Value> {
        let body = json!({"since": "2020-01-01T00:00:00Z", "event_type": event_type, "acs_credential_id": credential});
        self.api.post("/events/list", body).await.ok()["events"].as_array().unwrap().clone()
    }

    pub async fn simulate(&self, what: &str, body: Value) -> Reply {
        self.api.post(&format!("/acs/encoders/simulate/next_credential_{what}"), body).await
    }
}
