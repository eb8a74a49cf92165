use serde_json::{Value, json};
use store::user_identities::By;

use super::{grant_ids, guest, push, spaces, stay};
use crate::api::Api;

async fn delete(api: &Api, body: Value) -> Value {
    api.post("/customers/delete_data", body).await.ok()["innkeep"].clone()
}

/// Two stays of Jane and one of John.
async fn booked() -> Api {
    let api = Api::new();
    spaces(&api, &["101", "102"]).await;
    let body = json!({
        "rooms": [{"room_key": "101"}, {"room_key": "102"}], "guests": [guest("jane"), guest("john")],
        "reservations": [
            stay("r1", &["101"], &["jane"], [10, 12]),
            stay("r2", &["102"], &["jane"], [14, 15]),
            stay("r3", &["102"], &["john"], [20, 22]),
        ],
    });
    assert_eq!(push(&api, body).await, (7, 0, vec![]));
    api
}

/// Whether a person is gone, or goes as soon as the lock server has confirmed the end of each key (P7).
fn is_going(api: &Api, key: &str) -> bool {
    let by = By::Key(key.to_owned());
    let found = api.look(|tx| store::user_identities::find(tx, api.site.workspace_id, &by));
    found.is_none_or(|person| person.deleting_at.is_some())
}

/// How many grants each stay has.
async fn counts(api: &Api) -> [usize; 3] {
    let mut counts = [0; 3];
    for (count, key) in counts.iter_mut().zip(["r1", "r2", "r3"]) {
        *count = grant_ids(api, key).await.len();
    }
    counts
}

#[tokio::test]
async fn a_stay_that_is_taken_back_loses_its_grants_at_once_and_can_be_pushed_anew() {
    let api = booked().await;
    let reply = delete(&api, json!({"reservation_keys": ["r1", "nothing"], "booking_keys": ["r2"]})).await;
    let not_found = json!([{"list": "reservations", "key": "nothing"}, {"list": "bookings", "key": "r2"}]);
    assert_eq!(reply, json!({"removed": 1, "not_found": not_found}));
    assert_eq!(counts(&api).await, [0, 1, 1]);
    assert_eq!(push(&api, json!({"reservations": [stay("r1", &["101"], &["jane"], [10, 12])]})).await, (1, 0, vec![]));
    assert_eq!(counts(&api).await, [1, 1, 1]);
}

#[tokio::test]
async fn a_person_who_is_taken_back_goes_with_all_access() {
    let api = booked().await;
    assert_eq!(delete(&api, json!({"guest_keys": ["jane"]})).await["removed"], 1);
    assert_eq!(counts(&api).await, [0, 0, 1]);
    assert!(is_going(&api, "jane"), "made by the push, so it goes with it");
    assert!(!is_going(&api, "john"));
}

#[tokio::test]
async fn a_person_who_was_there_before_the_push_stays() {
    let api = Api::new();
    spaces(&api, &["101"]).await;
    api.post("/user_identities/create", json!({"user_identity_key": "jane"})).await.ok();
    let body = json!({"guests": [guest("jane")], "reservations": [stay("r1", &["101"], &["jane"], [10, 12])]});
    push(&api, body).await;
    delete(&api, json!({"guest_keys": ["jane"]})).await;
    assert_eq!(grant_ids(&api, "r1").await, [""; 0]);
    assert!(!is_going(&api, "jane"));
}

#[tokio::test]
async fn with_a_place_all_stays_that_name_it_lose_their_grants_and_the_space_stays() {
    let api = booked().await;
    assert_eq!(delete(&api, json!({"room_keys": ["102"]})).await["removed"], 1);
    assert_eq!(counts(&api).await, [1, 0, 0]);
    api.post("/spaces/get", json!({"space_key": "102"})).await.ok();
}

#[tokio::test]
async fn with_a_customer_goes_everything_that_it_pushed() {
    let api = booked().await;
    let other = json!({"customer_key": "zenith", "guests": [guest("kim")]});
    api.post("/customers/push_data", other).await.ok();
    assert_eq!(delete(&api, json!({"customer_keys": ["meridian", "nobody"]})).await["removed"], 7);
    assert_eq!(counts(&api).await, [0, 0, 0]);
    assert!(!is_going(&api, "kim"));
    assert!(is_going(&api, "jane") && is_going(&api, "john"));
}

/// P8.
#[tokio::test]
async fn another_workspace_takes_nothing_back() {
    let api = booked().await;
    let body = json!({"customer_keys": ["meridian"], "reservation_keys": ["r1"], "guest_keys": ["jane"]});
    let reply = api.post_there("/customers/delete_data", body).await.ok();
    assert_eq!(reply["innkeep"]["removed"], 0);
    assert_eq!(counts(&api).await, [1, 1, 1]);
}
