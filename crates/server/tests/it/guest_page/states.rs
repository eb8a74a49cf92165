use std::time::Duration;

use serde_json::json;

use super::Guest;
use crate::{api::app::Api, cards::desk::Desk};

/// What the page says of the state of the guest's keys, in order.
async fn states(api: &Api, guest: &Guest) -> Vec<String> {
    let page = guest.get(api).await;
    let after = page.text.split("<dt>Status</dt><dd class=\"").skip(1);
    after.map(|rest| rest.split_once('>').unwrap().1.split('<').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_key_goes_from_waiting_over_ready_to_ended() {
    let desk = Desk::open().await;
    let mut guest = Guest::arrive(&desk.api, "Jane", 1).await;
    let key = guest.mobile_key(&desk.api, &["101"], json!({"override": true})).await;
    guest.open(&desk.api).await;
    assert_eq!(states(&desk.api, &guest).await, ["Waiting for your phone. Open the hotel’s app on it."]);
    guest.post(&desk.api, "/phone").await;
    desk.wait_until_issued(&key).await;
    desk.until("the phone has the key", || async {
        (states(&desk.api, &guest).await == ["Ready. It opens the door."]).then_some(())
    })
    .await;
    desk.advance(72 * 3600);
    assert_eq!(guest.get(&desk.api).await.status, 410);
}

#[tokio::test]
async fn cards_and_keys_that_are_no_good_say_what_to_do() {
    let api = Api::new();
    let mut guest = Guest::arrive(&api, "Jane", 1).await;
    let doors = json!([api.door("101")]);
    let make = async |body: serde_json::Value| {
        let made = api.post("/acs/credentials/create", body).await.ok();
        made["acs_credential"]["acs_credential_id"].as_str().unwrap().to_owned()
    };
    make(json!({
        "acs_user_id": guest.user, "access_method": "card", "allowed_acs_entrance_ids": doors,
        "ends_at": "2025-06-10T10:00:00Z",
    }))
    .await;
    let later = make(json!({
        "acs_user_id": guest.user, "access_method": "mobile_key", "is_multi_phone_sync_credential": true,
        "allowed_acs_entrance_ids": doors, "starts_at": "2025-06-05T10:00:00Z", "ends_at": "2025-06-09T10:00:00Z",
    }))
    .await;
    guest.open(&api).await;
    let at_desk = "Waiting for you at the front desk.";
    assert_eq!(states(&api, &guest).await, [at_desk, "Waiting for your phone. Open the hotel’s app on it."]);
    guest.post(&api, "/phone").await;
    assert_eq!(states(&api, &guest).await, [at_desk, "On its way to your phone."]);
    api.post("/acs/users/suspend", json!({"acs_user_id": guest.user})).await.ok();
    let no_longer = "No longer valid. Please ask at the front desk.";
    assert_eq!(states(&api, &guest).await, [no_longer, no_longer]);
    api.post("/acs/users/unsuspend", json!({"acs_user_id": guest.user})).await.ok();
    api.post("/acs/credentials/delete", json!({"acs_credential_id": later})).await.ok();
    // Its key is on its way, so it is not gone before the lock server says so (P7).
    assert_eq!(states(&api, &guest).await.last().unwrap(), "Cancelled.");
    api.app.clock.advance(Duration::from_secs(1)).unwrap();
}

/// P4, as the guest sees it: who lost one of two rooms is promised the other one only.
#[tokio::test]
async fn a_room_that_somebody_else_has_taken_is_not_promised_any_more() {
    let desk = Desk::open().await;
    let mut guest = Guest::arrive(&desk.api, "Jane", 1).await;
    let key = guest.mobile_key(&desk.api, &["101", "102"], json!({"override": true})).await;
    guest.open(&desk.api).await;
    guest.post(&desk.api, "/phone").await;
    desk.wait_until_issued(&key).await;
    assert!(guest.get(&desk.api).await.text.contains("101, 102"));
    let (next, _) = desk.phone(&["101"], json!({"override": true})).await;
    desk.wait_until_issued(&next).await;
    desk.until("the page knows", || async { (!guest.get(&desk.api).await.text.contains("101")).then_some(()) }).await;
    assert!(guest.get(&desk.api).await.text.contains("102"));
    assert_eq!(states(&desk.api, &guest).await, ["Ready. It opens the door."]);
}
