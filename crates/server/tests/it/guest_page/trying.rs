use serde_json::json;

use super::Guest;
use crate::{api::app::Api, cards::desk::Desk};

#[tokio::test]
async fn in_a_sandbox_a_guest_gets_a_phone_and_holds_it_to_the_doors() {
    let desk = Desk::open().await;
    let api = &desk.api;
    let mut guest = Guest::arrive(api, "Jane", 1).await;
    let key = guest.mobile_key(api, &["101", "Gym"], json!({"override": true})).await;
    let page = guest.open(api).await;
    assert!(page.text.contains("Add a simulated phone") && !page.text.contains("Hold the phone to"), "{}", page.text);
    assert_eq!(guest.post(api, "/phone").await.status, 303);
    desk.wait_until_issued(&key).await;
    let page = guest.get(api).await;
    assert!(!page.text.contains("Add a simulated phone"), "{}", page.text);
    for door in ["101", "Gym"] {
        assert!(page.text.contains(&format!("Hold the phone to {door}")), "{}", page.text);
        let held = async || guest.post(api, &format!("/doors/{}", api.door(door))).await.text;
        desk.until("the phone has the key", || async {
            held().await.contains(&format!("{door} opens.")).then_some(())
        })
        .await;
    }
    assert!(guest.post(api, &format!("/doors/{}", api.door("101"))).await.text.contains("0x0043"));

    // Another guest moves in, and the page tells it in plain words (P4).
    let (next, phone) = desk.phone(&["101"], json!({"override": true})).await;
    desk.wait_until_issued(&next).await;
    assert_eq!(desk.hold(&phone, "101"), "guest");
    let page = guest.post(api, &format!("/doors/{}", api.door("101"))).await;
    assert_eq!(page.status, 200);
    let expected = "101 stays closed. The key of a later guest has been used there.";
    assert!(page.text.contains(expected), "{}", page.text);
}

#[tokio::test]
async fn a_phone_without_a_key_opens_nothing() {
    let api = Api::new();
    let mut guest = Guest::arrive(&api, "Jane", 1).await;
    guest.mobile_key(&api, &["101"], json!({})).await;
    guest.open(&api).await;
    guest.post(&api, "/phone").await;
    let page = guest.post(&api, &format!("/doors/{}", api.door("101"))).await;
    assert!(page.text.contains("101 stays closed. There is no key on the phone yet."), "{}", page.text);
}

/// P5: nobody tries doors that are not theirs, nor without having opened the link.
#[tokio::test]
async fn only_an_open_link_tries_doors_and_only_its_own() {
    let api = Api::new();
    let mut guest = Guest::arrive(&api, "Jane", 1).await;
    guest.mobile_key(&api, &["101"], json!({})).await;
    let stranger = guest.elsewhere();
    for below in ["/phone".to_owned(), format!("/doors/{}", api.door("101"))] {
        let page = stranger.post(&api, &below).await;
        assert!(page.text.contains("Show your keys on this device?"), "{below}: {}", page.text);
    }
    let phones = api.post("/phones/list", json!({"owner_user_identity_id": guest.person})).await.ok();
    assert_eq!(phones["phones"], json!([]));
    guest.open(&api).await;
    guest.post(&api, "/phone").await;
    for door in [api.door("102"), api.foreign.doors["101"].to_string(), "x".to_owned()] {
        assert_eq!(guest.post(&api, &format!("/doors/{door}")).await.status, 404, "{door}");
    }
}

#[tokio::test]
async fn a_real_hotel_is_not_tried() {
    let api = Api::with_sandbox(false);
    let mut guest = Guest::arrive(&api, "Jane", 1).await;
    guest.mobile_key(&api, &["101"], json!({})).await;
    let page = guest.open(&api).await;
    assert!(page.text.contains("101") && !page.text.contains("<form"), "{}", page.text);
    assert_eq!(guest.post(&api, &format!("/doors/{}", api.door("101"))).await.status, 404);
}
