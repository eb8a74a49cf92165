use serde_json::json;
use store::webhooks;

use super::members;
use crate::api::Api;

#[tokio::test]
async fn a_webhook_wants_everything_unless_it_says_what_and_its_secret_is_kept_sealed() {
    let api = Api::new();
    let url = "http://127.0.0.1:9/hook?key=1";
    let reply = api.post("/webhooks/create", json!({"url": url})).await.ok();
    let webhook = &reply["webhook"];
    assert_eq!(members(webhook), ["webhook_id", "url", "event_types", "secret"]);
    assert_eq!((&webhook["url"], &webhook["event_types"]), (&json!(url), &json!(["*"])));
    let secret = webhook["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"), "{secret}");
    let stored = api.look(|tx| webhooks::list(tx, api.site.workspace_id));
    assert!(!stored[0].sealed_secret.contains(&secret["whsec_".len()..]));

    let types = json!(["acs_user.created", "acs_user.created", "lock.locked", "*"]);
    let reply = api.post("/webhooks/create", json!({"url": url, "event_types": types})).await.ok();
    assert_eq!(reply["webhook"]["event_types"], json!(["acs_user.created", "lock.locked", "*"]));
}

#[tokio::test]
async fn an_unknown_event_type_is_refused_with_the_nearest_known_one() {
    let api = Api::new();
    let body = json!({"url": "http://127.0.0.1:9/", "event_types": ["*", "acs_credential.isued"]});
    let reply = api.post("/webhooks/create", body).await;
    let message = "acs_credential.isued is no event type; did you mean acs_credential.issued?";
    assert_eq!(reply.refusal(), (400, "invalid_event_types", message));
    let reply = api.post("/webhooks/create", json!({"url": "http://127.0.0.1:9/", "event_types": []})).await;
    assert_eq!(reply.refusal().1, "invalid_event_types");
    assert_eq!(api.get("/webhooks/list").await.ok()["webhooks"], json!([]));
}

/// Which addresses are refused is in `webhooks/reach.rs`.
#[tokio::test]
async fn an_url_that_leads_inside_is_refused_at_its_field() {
    let api = Api::new();
    for (url, told) in [
        ("https://10.0.0.1/", "leads to an address that is not public"),
        ("https://[::ffff:127.0.0.1]/", "leads to an address that is not public"),
        ("https://user:word@example.com/", "must not hold a name or password"),
        ("ftp://example.com/", "must begin with https"),
        ("hook", "is no address"),
    ] {
        let reply = api.post("/webhooks/create", json!({"url": url})).await;
        let texts = reply.at("url");
        assert!(texts.len() == 1 && texts[0].starts_with(told), "{url}: {texts:?}");
    }
    assert_eq!(api.post("/webhooks/create", json!({})).await.at("url"), ["Required"]);
}

#[tokio::test]
async fn a_workspace_has_a_bounded_number_of_webhooks() {
    let api = Api::new();
    for _ in 0..100 {
        super::webhook(&api).await;
    }
    let reply = api.post("/webhooks/create", json!({"url": "http://127.0.0.1:9/"})).await;
    let message = "a workspace has at most 100 webhooks; delete one that is no longer needed";
    assert_eq!(reply.refusal(), (409, "conflict", message));
}
