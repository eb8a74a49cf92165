//! Endpoints that are no good, and what they cost others: nothing.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    Hotel,
    endpoint::{Endpoint, Habit},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_a_dead_and_an_endless_endpoint_hold_up_nobody_else() {
    let hotel = Hotel::open();
    let silent = Endpoint::with(Habit::Silent);
    let endless = Endpoint::with(Habit::Endless);
    let good = Endpoint::with(Habit::Answer(200));
    let dead = {
        let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/", gone.local_addr().unwrap())
    };
    let (silent_id, _) = hotel.webhook(&silent.url()).await;
    let (dead_id, _) = hotel.webhook(&dead).await;
    let (endless_id, _) = hotel.webhook(&endless.url()).await;
    hotel.webhook(&good.url()).await;
    for number in 0..20 {
        hotel.api.user(&format!("Guest {number}"), None).await;
    }
    silent.next();
    for _ in 0..20 {
        good.next();
    }
    let told = hotel.attempts(&endless_id, 20).await;
    assert!(told.iter().all(|attempt| attempt["status"] == "succeeded"), "the status is all that is read: {told:?}");
    let told = hotel.attempts(&dead_id, 1).await;
    assert!(told[0]["error_message"].as_str().unwrap().starts_with("no connection"), "{told:?}");
    // It keeps its own webhook waiting, and has not even answered yet.
    let silent_told = hotel.api.get(&format!("/innkeep/webhook_attempts/list?webhook_id={silent_id}")).await.ok();
    assert_eq!(silent_told["webhook_attempts"], json!([]));
    assert!(silent.connections() <= 8, "a webhook is sent to a few at a time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed() {
    let hotel = Hotel::open();
    let elsewhere = Endpoint::with(Habit::Answer(200));
    let endpoint = Endpoint::with(Habit::Redirect(elsewhere.url()));
    let (webhook, _) = hotel.webhook(&endpoint.url()).await;
    hotel.api.user("Jane", None).await;
    let attempts = hotel.attempts(&webhook, 1).await;
    assert_eq!((&attempts[0]["status"], &attempts[0]["response_status"]), (&json!("failed"), &json!(307)));
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_a_webhook_stops_what_is_on_its_way() {
    let hotel = Hotel::open();
    let endpoint = Endpoint::with(Habit::Answer(503));
    let (webhook, _) = hotel.webhook(&endpoint.url()).await;
    hotel.api.user("Jane", None).await;
    let attempts = hotel.attempts(&webhook, 1).await;
    assert!(hotel.is_anything_left());
    hotel.api.post("/webhooks/delete", json!({"webhook_id": webhook})).await.ok();
    assert!(!hotel.is_anything_left());
    let repeated = json!({"webhook_attempt_id": attempts[0]["webhook_attempt_id"]});
    let refused = hotel.api.post("/innkeep/webhook_attempts/repeat", repeated).await;
    assert_eq!(refused.refusal().1, "webhook_not_found");
    assert_eq!(hotel.attempts(&webhook, 1).await.len(), 1, "what was done stays visible");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_recovers_gets_everything_it_missed() {
    let hotel = Hotel::open();
    let endpoint = Endpoint::with(Habit::Answer(500));
    let (webhook, _) = hotel.webhook(&endpoint.url()).await;
    for name in ["Jane", "Joe", "Jim"] {
        hotel.api.user(name, None).await;
    }
    hotel.attempts(&webhook, 3).await;
    endpoint.behave(Habit::Answer(200));
    hotel.api.app.clock.advance(std::time::Duration::from_secs(6)).unwrap();
    let attempts = hotel.attempts(&webhook, 6).await;
    let delivered = attempts.iter().filter(|attempt| attempt["status"] == "succeeded").count();
    assert_eq!(delivered, 3, "{attempts:?}");
    assert!(!hotel.is_anything_left());
}

#[tokio::test(flavor = "multi_thread")]
async fn emptying_a_sandbox_ends_its_webhooks_and_what_is_on_its_way() {
    let hotel = Hotel::open();
    let endpoint = Endpoint::with(Habit::Answer(500));
    let (webhook, _) = hotel.webhook(&endpoint.url()).await;
    hotel.api.user("Jane", None).await;
    hotel.attempts(&webhook, 1).await;
    hotel.api.post("/workspaces/reset_sandbox", json!({})).await.ok();
    assert_eq!(hotel.api.get("/webhooks/list").await.ok()["webhooks"], json!([]));
    assert_eq!(hotel.api.get("/innkeep/webhook_attempts/list").await.ok()["webhook_attempts"], json!([]));
    assert!(!hotel.is_anything_left());
}

/// P1 and P9: a program that died after it had claimed.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_claimed_and_never_settled_is_sent_when_its_claim_ends() {
    let hotel = Hotel::open();
    hotel.stop.cancel();
    let endpoint = Endpoint::with(Habit::Answer(200));
    let (webhook, _) = hotel.webhook(&endpoint.url()).await;
    hotel.api.user("Jane", None).await;
    let id = webhook.parse().unwrap();
    let moment = hotel.api.app.moment(hotel.now());
    let claimed =
        hotel.api.app.store.write("test.claim", move |tx| {
            engine::webhooks::claim(tx, &moment, id, "dead", SignedDuration::from_secs(60))
        });
    assert!(claimed.unwrap().is_some());
    let ready = |at| hotel.api.app.store.read("test.ready", move |tx| engine::webhooks::ready(tx, at)).unwrap();
    assert_eq!(ready(hotel.now()), []);
    hotel.api.app.clock.advance(std::time::Duration::from_secs(61)).unwrap();
    assert_eq!(ready(hotel.now()), [id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_does_not_open_is_said_at_the_attempt() {
    let hotel = Hotel::open();
    let endpoint = Endpoint::with(Habit::Answer(200));
    let (webhook, _) = hotel.webhook(&endpoint.url()).await;
    let other = innkeep_server::seal::Seal::for_now().seal("webhook", &visionline::Secret::new("whsec_AAAA"));
    let id = webhook.parse().unwrap();
    hotel.api.change(move |tx| store::webhooks::set_sealed_secret(tx, id, &other));
    hotel.api.user("Jane", None).await;
    let attempts = hotel.attempts(&webhook, 1).await;
    let message = attempts[0]["error_message"].as_str().unwrap();
    assert!(message.contains("sealed with another secret key"), "{message}");
    let listed = hotel.api.get("/webhooks/list").await.ok();
    assert_eq!(listed["webhooks"][0].get("secret"), None::<&Value>, "and the list is answered all the same");
    assert_eq!(endpoint.connections(), 0);
}
