use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Guest;
use crate::api::app::Api;

/// What makes a preview of a message fetches every link in it.
#[tokio::test]
async fn fetching_a_link_asks_and_uses_nothing_up() {
    let api = Api::new();
    let guest = Guest::arrive(&api, "Jane", 1).await;
    guest.mobile_key(&api, &["101"], json!({})).await;
    for _ in 0..3 {
        let page = guest.get(&api).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("Show your keys on this device?"), "{}", page.text);
        assert!(!page.text.contains("101"), "{}", page.text);
        assert_eq!(page.headers.get(header::SET_COOKIE), None);
    }
    assert_eq!(guest.uses(&api).await, 0);
}

#[tokio::test]
async fn a_link_opens_in_as_many_browsers_as_it_may_and_stays_open_there() {
    let api = Api::new();
    let mut first = Guest::arrive(&api, "Jane", 2).await;
    first.mobile_key(&api, &["101"], json!({})).await;
    let mut second = first.elsewhere();
    let mut third = first.elsewhere();
    for guest in [&mut first, &mut second] {
        let page = guest.open(&api).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("101"), "{}", page.text);
    }
    // The same browser again is no new use, whatever it does.
    first.open(&api).await;
    assert_eq!(first.uses(&api).await, 2);
    let page = third.open(&api).await;
    assert_eq!(page.status, 403);
    assert!(page.text.contains("This link was opened on another device"), "{}", page.text);
    assert_eq!(third.get(&api).await.status, 403);
    for guest in [&first, &second] {
        assert!(guest.get(&api).await.text.contains("101"));
    }
    assert_eq!(first.uses(&api).await, 2);
}

#[tokio::test]
async fn a_link_that_is_over_shows_nothing_even_where_it_was_open() {
    let api = Api::new();
    for way in ["deleted", "session revoked", "expired", "person deleted"] {
        let mut guest = Guest::arrive(&api, "Jane", 2).await;
        guest.mobile_key(&api, &["101"], json!({})).await;
        assert!(guest.open(&api).await.text.contains("101"));
        match way {
            "deleted" => {
                api.post("/instant_keys/delete", json!({"instant_key_id": guest.key["instant_key_id"]})).await.ok()
            }
            "session revoked" => {
                let body = json!({"client_session_id": guest.key["client_session_id"]});
                api.post("/client_sessions/revoke", body).await.ok()
            }
            "person deleted" => {
                api.post("/user_identities/delete", json!({"user_identity_id": guest.person})).await.ok()
            }
            _ => {
                api.app.clock.advance(Duration::from_secs(72 * 3600)).unwrap();
                json!(null)
            }
        };
        for browser in [&guest, &guest.elsewhere()] {
            let page = browser.get(&api).await;
            assert_eq!(page.status, 410, "{way}");
            assert!(page.text.contains("This link has ended") && !page.text.contains("101"), "{way}: {}", page.text);
            assert_eq!(browser.post(&api, "").await.status, 410, "{way}");
        }
    }
}

#[tokio::test]
async fn a_link_that_nobody_made_leads_nowhere() {
    let api = Api::new();
    let mut guest = Guest::arrive(&api, "Jane", 1).await;
    guest.path.push('x');
    assert_eq!(guest.get(&api).await.status, 404);
    assert_eq!(guest.open(&api).await.status, 404);
    assert_eq!(guest.uses(&api).await, 0);
}

/// P8, P5: the cookie of one link opens no other.
#[tokio::test]
async fn nobody_sees_the_keys_of_another_guest() {
    let api = Api::new();
    let mut jane = Guest::arrive(&api, "Jane", 1).await;
    let john = Guest::arrive(&api, "John", 1).await;
    jane.mobile_key(&api, &["101"], json!({})).await;
    john.mobile_key(&api, &["102"], json!({})).await;
    let page = jane.open(&api).await;
    assert!(page.text.contains("101") && !page.text.contains("102"), "{}", page.text);
    let mut curious = john.elsewhere();
    curious.cookie.clone_from(&jane.cookie);
    assert!(!curious.get(&api).await.text.contains("102"));
}

#[tokio::test]
async fn a_page_is_kept_by_nobody_and_told_to_nobody() {
    let api = Api::new();
    let mut guest = Guest::arrive(&api, "Jane", 1).await;
    let answer = guest.post(&api, "").await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", &format!("Path={}", guest.path)] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let other = Guest::arrive(&api, "John", 1).await;
    guest.cookie = Some(cookie.split(';').next().unwrap().to_owned());
    for page in [guest.get(&api).await, other.get(&api).await] {
        let of = |name: &str| page.headers[name].to_str().unwrap().to_owned();
        assert_eq!(of("cache-control"), "no-store");
        assert_eq!(of("referrer-policy"), "no-referrer");
        assert_eq!(of("x-robots-tag"), "noindex");
        let policy = of("content-security-policy");
        for part in ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "style-src 'sha256-"] {
            assert!(policy.contains(part), "{policy}");
        }
        let style = page.text.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        assert!(policy.contains(&STANDARD.encode(Sha256::digest(style))), "the style is the allowed one: {policy}");
        assert!(!page.text.contains("<script") && !page.text.contains("http:") && !page.text.contains("https:"));
    }
}
