//! A program that is killed between sending an event and recording what came of it.

use serde_json::{Value, json};

use super::endpoint::{Endpoint, Habit};
use crate::demo_process::DemoProcess;

async fn post(demo: &DemoProcess, path: &str, body: Value) -> Value {
    let request = reqwest::Client::new()
        .post(format!("{}{path}", demo.ready.endpoint))
        .bearer_auth(&demo.ready.api_key)
        .header("content-type", "application/json")
        .body(body.to_string());
    let text = request.send().await.unwrap().text().await.unwrap();
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["ok"], true, "{answer}");
    answer
}

/// P1 and P9. The secret key of the demonstration must survive, too, or nothing could be signed.
#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_was_sent_and_not_recorded_is_sent_again_under_the_same_id() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--data", folder.path().to_str().unwrap()];
    let endpoint = Endpoint::with(Habit::Silent);
    let mut demo = DemoProcess::start(&arguments);
    let body = json!({"url": endpoint.url(), "event_types": ["acs_user.created"]});
    post(&demo, "/webhooks/create", body).await;
    let body = json!({"acs_system_id": demo.ready.acs_system_id, "full_name": "Jane"});
    post(&demo, "/acs/users/create", body).await;
    let sent = endpoint.next();
    demo.kill();

    endpoint.behave(Habit::Answer(200));
    let _demo = DemoProcess::start(&arguments);
    let again = endpoint.next();
    assert_eq!(again.header("svix-id"), sent.header("svix-id"));
    assert_eq!(again.body, sent.body);
}
