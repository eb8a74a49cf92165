mod get;
mod list;
mod repeat;

use engine::webhooks::{Outcome, Undelivered};
use jiff::SignedDuration;
use serde_json::json;

use super::super::Api;

const KEY: &str = "seam_testmeridian_0123456789abcdef";
const THEIRS: &str = "seam_testother_0123456789abcdef";

/// A webhook with one event that was sent to it once; answers the webhook and the attempt.
async fn attempt(api: &Api, key: &str, status: u16) -> (String, String) {
    let post = async |path: &str, body| api.send(key, http::Method::POST, path, Some(body)).await.ok();
    let made = post("/webhooks/create", json!({"url": "http://127.0.0.1:9/"})).await;
    let webhook = made["webhook"]["webhook_id"].as_str().unwrap().to_owned();
    let system = if key == KEY { api.site.acs_system_id } else { api.foreign.acs_system_id };
    post("/acs/users/create", json!({"acs_system_id": system, "full_name": "Jane"})).await;
    let id = webhook.parse().unwrap();
    let moment = api.app.moment(api.app.clock.now());
    let sent = api.app.store.write("test.attempt", move |tx| -> Result<(), engine::Error> {
        let batch = engine::webhooks::claim(tx, &moment, id, "test", SignedDuration::from_secs(60))?.unwrap();
        let undelivered = (status != 200).then(|| Undelivered(format!("the webhook answered {status}")));
        let outcome = Outcome { response_status: Some(status), undelivered, duration_ms: 7, at: moment.now };
        engine::webhooks::came_back(tx, &mut moment.clone(), &batch, &[outcome])
    });
    sent.unwrap();
    let listed = post("/innkeep/webhook_attempts/list", json!({"webhook_id": webhook})).await;
    (webhook, listed["webhook_attempts"][0]["webhook_attempt_id"].as_str().unwrap().to_owned())
}
