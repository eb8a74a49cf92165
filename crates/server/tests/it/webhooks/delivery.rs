//! Deliveries that go well, and when those that do not are made again.

use std::collections::BTreeSet;

use innkeep_server::webhooks::signature;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use visionline::Secret;

use super::{
    Hotel,
    endpoint::{Endpoint, Habit, Received},
};

/// That a request is signed with the secret, under both sets of names.
#[track_caller]
fn assert_signed(received: &Received, secret: &str) {
    let seconds: i64 = received.header("svix-timestamp").parse().unwrap();
    let expected = signature(&Secret::new(secret), received.header("svix-id"), seconds, &received.body).unwrap();
    assert_eq!(received.header("svix-signature"), expected);
    for name in ["id", "timestamp", "signature"] {
        assert_eq!(received.header(&format!("svix-{name}")), received.header(&format!("webhook-{name}")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_arrives_as_the_list_shows_it_and_signed() {
    let hotel = Hotel::open();
    let endpoint = Endpoint::with(Habit::Answer(204));
    let (webhook, secret) = hotel.webhook(&endpoint.url()).await;
    let user = hotel.api.user("Jane", None).await;
    let received = endpoint.next();
    let target = format!("/events/list?since=2025-01-01T00:00:00Z&acs_user_id={user}");
    assert_eq!(received.json(), hotel.api.get(&target).await.ok()["events"][0]);
    assert_eq!(received.header("content-type"), "application/json");
    assert_signed(&received, &secret);

    let attempts = hotel.attempts(&webhook, 1).await;
    let attempt = &attempts[0];
    assert_eq!(attempt["message_id"], received.header("svix-id"));
    assert_eq!(attempt["event_id"], received.json()["event_id"]);
    let told = ["status", "response_status", "error_message", "delivery_status", "next_try_at"];
    assert_eq!(
        told.map(|name| attempt[name].clone()),
        [json!("succeeded"), json!(204), json!(null), json!("delivered"), json!(null)]
    );
    assert!(attempt["duration_ms"].is_u64());
    assert!(!hotel.is_anything_left());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_wanted_types_of_the_own_workspace_are_sent() {
    let hotel = Hotel::open();
    let endpoint = Endpoint::with(Habit::Answer(200));
    let (webhook, _) = hotel.webhook(&endpoint.url()).await;
    // None of these is wanted: another type, another workspace, before the webhook wanted it, after it wanted it.
    hotel.api.foreign_user().await;
    let first = hotel.api.user("Jane", None).await;
    assert_eq!(endpoint.next().json()["acs_user_id"], first.as_str());
    let wanted = json!({"webhook_id": webhook, "event_types": ["acs_user.deleted"]});
    hotel.api.post("/webhooks/update", wanted).await.ok();
    hotel.api.user("Joe", None).await;
    hotel.api.post("/acs/users/delete", json!({"acs_user_id": first})).await.ok();
    let received = endpoint.next().json();
    assert_eq!((&received["event_type"], &received["acs_user_id"]), (&json!("acs_user.deleted"), &json!(first)));
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_deliveries_follow_the_published_schedule_under_one_id_and_freshly_signed() {
    let hotel = Hotel::open();
    let endpoint = Endpoint::with(Habit::Answer(500));
    let (webhook, secret) = hotel.webhook(&endpoint.url()).await;
    // Times on the wire have milliseconds only.
    let mut earliest = hotel.now().saturating_sub(SignedDuration::from_millis(1)).unwrap();
    hotel.api.user("Jane", None).await;
    let waits = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600].map(SignedDuration::from_secs);
    let mut ids = BTreeSet::new();
    let mut timestamps = BTreeSet::new();
    for (made, wait) in waits.into_iter().map(Some).chain([None]).enumerate() {
        let received = endpoint.next();
        assert_signed(&received, &secret);
        ids.insert(received.header("svix-id").to_owned());
        timestamps.insert(received.header("svix-timestamp").to_owned());
        let attempts = hotel.attempts(&webhook, made + 1).await;
        let last = attempts.last().unwrap();
        assert_eq!((&last["status"], &last["response_status"]), (&json!("failed"), &json!(500)));
        let Some(wait) = wait else {
            assert_eq!((&last["delivery_status"], &last["next_try_at"]), (&json!("failed"), &Value::Null));
            continue;
        };
        assert_eq!(last["delivery_status"], "pending");
        let time = |member: &str| last[member].as_str().unwrap().parse::<Timestamp>().unwrap();
        let failed_at = time("next_try_at").saturating_sub(wait).unwrap();
        assert!(earliest <= failed_at && failed_at <= time("created_at"), "after failure {}: {last}", made + 1);
        earliest = time("next_try_at");
        hotel.advance_to(&last["next_try_at"]);
    }
    assert_eq!(ids.len(), 1, "one event has one id");
    assert_eq!(timestamps.len(), 8, "each attempt is signed at its own time");
    assert!(!hotel.is_anything_left());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_is_repeated_at_once_whether_it_was_delivered_or_given_up() {
    let hotel = Hotel::open();
    let endpoint = Endpoint::with(Habit::Answer(200));
    let (webhook, _) = hotel.webhook(&endpoint.url()).await;
    hotel.api.user("Jane", None).await;
    let first = endpoint.next();
    let attempt = hotel.attempts(&webhook, 1).await[0]["webhook_attempt_id"].clone();
    hotel.api.post("/innkeep/webhook_attempts/repeat", json!({"webhook_attempt_id": attempt})).await.ok();
    let second = endpoint.next();
    assert_eq!((second.header("svix-id"), second.json()), (first.header("svix-id"), first.json()));
    assert_eq!(hotel.attempts(&webhook, 2).await.len(), 2);
    let got = hotel.api.post("/innkeep/webhook_attempts/get", json!({"webhook_attempt_id": attempt})).await.ok();
    assert_eq!(got["webhook_attempt"]["delivery_status"], "delivered");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_share_the_work_and_each_event_is_sent_once() {
    let hotel = Hotel::open();
    hotel.hire_courier();
    hotel.hire_courier();
    let endpoint = Endpoint::with(Habit::Answer(200));
    let (webhook, _) = hotel.webhook(&endpoint.url()).await;
    for number in 0..40 {
        hotel.api.user(&format!("Guest {number}"), None).await;
    }
    let ids: BTreeSet<String> = (0..40).map(|_| endpoint.next().header("svix-id").to_owned()).collect();
    assert_eq!(ids.len(), 40);
    assert_eq!(hotel.attempts(&webhook, 40).await.len(), 40);
    assert!(!hotel.is_anything_left());
    assert_eq!(endpoint.connections(), 40);
}
