use jiff::SignedDuration;
use serde_json::json;
use store::events::{self, Event};

use crate::api::Api;

const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

fn count(api: &Api) -> usize {
    let everything = events::Filter { limit: 100_000, ..events::Filter::default() };
    api.look(|tx| events::list(tx, api.site.workspace_id, &everything)).len()
}

fn prune(api: &Api) -> bool {
    let now = api.app.clock.now();
    api.app.store.write("test.prune", move |tx| engine::retention::prune(tx, now, KEPT)).unwrap()
}

#[tokio::test]
async fn events_are_forgotten_when_they_are_old_and_only_then() {
    let api = Api::new();
    let before = count(&api);
    api.app.clock.advance(std::time::Duration::from_secs(89 * 24 * 3600)).unwrap();
    api.user("Jane", None).await;
    assert!(!prune(&api));
    assert_eq!(count(&api), before + 1);
    api.app.clock.advance(std::time::Duration::from_secs(2 * 24 * 3600)).unwrap();
    assert!(!prune(&api));
    let left = api.post("/events/list", json!({"since": "2025-01-01T00:00:00Z"})).await.ok();
    let types: Vec<_> = left["events"].as_array().unwrap().iter().map(|event| event["event_type"].clone()).collect();
    assert_eq!(types, [json!("acs_user.created")]);
}

#[tokio::test]
async fn a_transaction_forgets_no_more_than_a_few() {
    let api = Api::new();
    let workspace = api.site.workspace_id;
    let mut moment = api.app.moment(api.app.clock.now());
    api.change(move |tx| (0..1200).try_for_each(|_| events::insert(tx, &Event::new(&mut moment, workspace, "x"))));
    let before = count(&api);
    api.app.clock.advance(std::time::Duration::from_secs(91 * 24 * 3600)).unwrap();
    assert!(prune(&api), "there is more");
    assert_eq!(count(&api), before - 500);
    while prune(&api) {}
    assert_eq!(count(&api), 0);
}
