//! Events on their way to webhooks (`spec/api.md 5.3`).

mod delivery;
mod endpoint;
mod killed;
mod reach;
mod trouble;

use std::{sync::Arc, time::Duration};

use innkeep_server::webhooks::{Courier, Policy};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::api::app::Api;

/// The API with a courier that delivers; it stops with the test.
struct Hotel {
    api: Api,
    stop: CancellationToken,
}

impl Hotel {
    fn open() -> Self {
        let hotel = Self { api: Api::new(), stop: CancellationToken::new() };
        hotel.hire_courier();
        hotel
    }

    /// One more program on the same database.
    fn hire_courier(&self) {
        let app = &self.api.app;
        let courier = Courier::new(
            app.store.clone(),
            app.clock.clone(),
            Arc::clone(&app.changed),
            Policy::default(),
            app.seal.clone(),
            false,
        );
        tokio::spawn(courier.run(self.stop.clone()));
    }

    /// A webhook for the creation of users; answers its id and its secret.
    async fn webhook(&self, url: &str) -> (String, String) {
        let body = json!({"url": url, "event_types": ["acs_user.created"]});
        let made = self.api.post("/webhooks/create", body).await.ok();
        let text = |member: &str| made["webhook"][member].as_str().unwrap().to_owned();
        (text("webhook_id"), text("secret"))
    }

    /// The attempts at a webhook, once there are as many.
    async fn attempts(&self, webhook_id: &str, count: usize) -> Vec<Value> {
        for _ in 0..3000 {
            let target = format!("/innkeep/webhook_attempts/list?webhook_id={webhook_id}");
            let reply = self.api.get(&target).await.ok();
            let attempts = reply["webhook_attempts"].as_array().unwrap();
            if attempts.len() >= count {
                return attempts.clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("there never were {count} attempts at {webhook_id}");
    }

    /// Whether anything could be sent to a webhook within the next days.
    fn is_anything_left(&self) -> bool {
        let later = self.now().saturating_add(SignedDuration::from_hours(100)).unwrap();
        !self.api.app.store.read("test.ready", |tx| engine::webhooks::ready(tx, later)).unwrap().is_empty()
    }

    fn now(&self) -> Timestamp {
        self.api.app.clock.now()
    }

    fn advance_to(&self, text: &Value) {
        let target: Timestamp = text.as_str().unwrap().parse().unwrap();
        // Times on the wire have milliseconds only.
        let target = target.saturating_add(SignedDuration::from_millis(1)).unwrap();
        if target > self.now() {
            self.api.app.clock.advance_to(target).unwrap();
        }
    }
}

impl Drop for Hotel {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
