use std::{sync::Arc, thread};

use serde_json::{Value, json};
use tokio::runtime::Builder;

use super::{grant_ids, guest, push, refused, spaces, stay, told};
use crate::api::Api;

/// The good ones act, the broken ones are named, and nothing is half done.
#[tokio::test]
async fn each_broken_record_is_named_with_its_reason_and_keeps_no_other_back() {
    let api = Api::new();
    spaces(&api, &["101", "102"]).await;
    api.post("/spaces/create", json!({"name": "Nothing", "space_key": "empty"})).await.ok();
    let mut no_end = stay("no-end", &["101"], &["jane"], [10, 12]);
    no_end["ends_at"] = json!("soon");
    let body = json!({
        "rooms": [{"room_key": "101"}, {"room_key": "999"}, {"name": "nameless"}],
        "guests": [guest("jane"), {"guest_key": "twin", "email_address": "jane@example.com"}, "john"],
        "reservations": [
            stay("good-1", &["101"], &["jane"], [10, 12]),
            stay("no-room", &["999"], &["jane"], [10, 12]),
            stay("no-door", &["empty"], &["jane"], [10, 12]),
            stay("no-guest", &["101"], &["twin"], [10, 12]),
            stay("over", &["101"], &["jane"], [3, 2]),
            no_end,
            stay("half", &["102"], &["jane", "nobody"], [10, 12]),
            stay("twice", &["102"], &["jane"], [14, 15]),
            stay("good-2", &["102"], &["jane"], [20, 22]),
            stay("twice", &["102"], &["jane"], [16, 18]),
            7,
        ],
    });
    let (acted_on, unchanged, broken) = push(&api, body.clone()).await;
    let expected = [
        ("999", "space_not_found"),
        ("-", "invalid_record"),
        ("twin", "user_identity_email_or_phone_conflict"),
        ("-", "invalid_record"),
        ("no-room", "space_not_found"),
        ("no-door", "space_not_found"),
        ("no-guest", "guest_not_found"),
        ("over", "invalid_record"),
        ("no-end", "invalid_record"),
        ("half", "guest_not_found"),
        ("twice", "superseded"),
        ("-", "invalid_record"),
    ];
    assert_eq!(broken, expected.map(|(key, code)| refused(key, code)));
    assert_eq!((acted_on, unchanged), (5, 0), "101, jane, and three stays");
    for key in ["good-1", "good-2", "twice"] {
        assert_eq!(grant_ids(&api, key).await.len(), 1, "{key}");
    }
    for (key, _) in expected.iter().filter(|(key, _)| *key != "twice") {
        assert_eq!(grant_ids(&api, key).await, [""; 0], "{key}");
    }
    let mut all = told(&api).await;
    all.sort();
    let mut expected = broken.clone();
    expected.sort();
    assert_eq!(all, expected, "each is an event");

    // The same again acts on nothing, says the same, and tells again only what has no key to remember it by.
    assert_eq!(push(&api, body).await, (0, 5, broken));
    assert_eq!(told(&api).await.len(), expected.len() + 3 + 1, "nor the key that stands twice");
}

#[tokio::test]
async fn a_reason_says_what_to_do_and_goes_when_it_is_done() {
    let api = Api::new();
    let body = json!({
        "customer_key": "meridian", "guests": [guest("jane")],
        "reservations": [stay("r1", &["101"], &["jane"], [10, 12])],
    });
    let reply = api.post("/customers/push_data", body.clone()).await.ok();
    assert_eq!(
        reply["innkeep"]["not_acted_on"],
        json!([{
            "list": "reservations", "index": 0, "key": "r1", "reason_code": "space_not_found",
            "reason": "no space has the space_key 101; make one with its doors by /spaces/create, and push again",
        }])
    );
    spaces(&api, &["101"]).await;
    assert_eq!(push(&api, body).await, (1, 1, vec![]));
    assert_eq!(grant_ids(&api, "r1").await.len(), 1);
}

#[tokio::test]
async fn what_is_no_push_is_refused_as_a_whole() {
    let api = Api::new();
    assert_eq!(api.post("/customers/push_data", json!({"guests": []})).await.at("customer_key"), ["Required"]);
    let reply = api.post("/customers/push_data", json!({"customer_key": "m", "guests": {}})).await;
    assert_eq!(reply.at("guests"), ["Expected array, received object"]);
    let reply = api.post("/customers/push_data", json!({"customer_key": "m"})).await.ok();
    assert_eq!(reply["innkeep"], json!({"acted_on": 0, "unchanged": 0, "not_acted_on": []}));
}

/// A body that no other route would read; some hundred stays of it are broken.
#[tokio::test]
async fn a_push_of_many_is_acted_on_one_by_one_and_others_are_answered_meanwhile() {
    let api = Arc::new(Api::new());
    spaces(&api, &["101", "102", "103"]).await;
    let rooms = ["101", "102", "103", "999"];
    let many: Vec<Value> = (0..400)
        .map(|number: usize| {
            let mut one = stay(&format!("r{number}"), &[rooms[number % 4]], &[&format!("g{}", number % 50)], [10, 12]);
            one["starts_at"] = json!(format!("20{:02}-01-01T13:00:00Z", 26 + number / 4 % 60));
            one["ends_at"] = json!(format!("20{:02}-01-0{}T09:00:00Z", 26 + number / 4 % 60, 2 + number / 240));
            one["name"] = json!("x".repeat(900));
            one["remark"] = json!("y".repeat(2000));
            one
        })
        .collect();
    let guests: Vec<Value> = (0..50).map(|number| guest(&format!("g{number}"))).collect();
    let body = json!({"customer_key": "meridian", "guests": guests, "reservations": many});
    assert!(body.to_string().len() > 1024 * 1024);
    let pushing = {
        let (api, body) = (Arc::clone(&api), body.clone());
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().build().unwrap();
            runtime.block_on(api.post("/customers/push_data", body))
        })
    };
    // Somebody else changes something again and again; each change is done while the push is under way.
    let mut made = 0;
    while !pushing.is_finished() {
        api.post("/user_identities/create", json!({})).await.ok();
        made += 1;
    }
    assert!(made > 10, "{made}");
    let reply = pushing.join().unwrap();
    let reply = reply.ok();
    assert_eq!((&reply["innkeep"]["acted_on"], &reply["innkeep"]["unchanged"]), (&json!(350), &json!(0)));
    let broken = reply["innkeep"]["not_acted_on"].as_array().unwrap();
    let keys: Vec<String> = broken.iter().map(|one| one["key"].as_str().unwrap().to_owned()).collect();
    let expected: Vec<String> = (0..400).filter(|number| number % 4 == 3).map(|number| format!("r{number}")).collect();
    assert_eq!(keys, expected);
    let reply = api.post("/customers/push_data", body).await.ok();
    assert_eq!((&reply["innkeep"]["acted_on"], &reply["innkeep"]["unchanged"]), (&json!(0), &json!(350)));
}
