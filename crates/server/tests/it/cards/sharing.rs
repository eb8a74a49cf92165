//! Cards and phones of one stay, in every order (P3), and the end of the former stay (P4).

use serde_json::json;

use super::Desk;

/// A key of the party, as it is shown to a door.
#[derive(Clone)]
enum Key {
    Card(String),
    Phone(String),
}

impl Key {
    fn at(&self, desk: &Desk, door: &str) -> String {
        match self {
            Self::Card(serial_number) => desk.present(serial_number, door),
            Self::Phone(endpoint) => desk.hold(endpoint, door),
        }
    }
}

#[tokio::test]
async fn a_phone_joins_a_card() {
    let desk = Desk::open().await;
    let card = desk.card(&["101"], json!({"override": true})).await;
    desk.write(&card, "04aa").await;
    let (key, phone) = desk.phone(&["101"], json!({"joiner_acs_credential_ids": [card]})).await;
    desk.wait_until_issued(&key).await;
    for _ in 0..2 {
        assert_eq!(desk.hold(&phone, "101"), "guest");
        assert_eq!(desk.present("04aa", "101"), "guest");
    }
}

#[tokio::test]
async fn a_card_joins_a_phone() {
    let desk = Desk::open().await;
    let (key, phone) = desk.phone(&["101"], json!({"override": true})).await;
    desk.wait_until_issued(&key).await;
    let card = desk.card(&["101"], json!({"joiner_acs_credential_ids": [key]})).await;
    desk.write(&card, "04aa").await;
    for _ in 0..2 {
        assert_eq!(desk.present("04aa", "101"), "guest");
        assert_eq!(desk.hold(&phone, "101"), "guest");
    }
}

/// The main guest has a card and so has the first companion, the second has a phone; each order in which the three are
/// issued is tried in a room of its own, with the card that opened the credential's stay written first, last or never.
#[tokio::test]
async fn three_guests_with_two_cards_and_a_phone_get_in_whatever_is_issued_first() {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let desk = Desk::open().await;
        let main = desk.card(&["101"], json!({"override": true})).await;
        let joins = json!({"joiner_acs_credential_ids": [main]});
        let companion = desk.card(&["101"], joins.clone()).await;
        let mut keys: Vec<Key> = Vec::new();
        for who in order {
            match who {
                0 => {
                    desk.write(&main, "04aa").await;
                    keys.push(Key::Card("04aa".to_owned()));
                }
                1 => {
                    desk.write(&companion, "04bb").await;
                    keys.push(Key::Card("04bb".to_owned()));
                }
                _ => {
                    let (key, phone) = desk.phone(&["101"], joins.clone()).await;
                    desk.wait_until_issued(&key).await;
                    keys.push(Key::Phone(phone));
                }
            }
            // Whoever has a key so far gets in, in any order.
            for key in keys.iter().chain(keys.iter().rev()) {
                assert_eq!(key.at(&desk, "101"), "guest", "{order:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_companion_does_not_wait_for_a_card_that_is_never_written() {
    let desk = Desk::open().await;
    let main = desk.card(&["101"], json!({"override": true})).await;
    let (key, phone) = desk.phone(&["101"], json!({"joiner_acs_credential_ids": [main]})).await;
    desk.wait_until_issued(&key).await;
    assert_eq!(desk.hold(&phone, "101"), "guest");
    assert_eq!(desk.warnings(&main).await, ["waiting_to_be_issued"]);
}

#[tokio::test]
async fn an_override_on_a_card_evicts_the_former_stay_once_it_was_used() {
    let desk = Desk::open().await;
    let former = desk.card(&["101"], json!({"override": true})).await;
    desk.write(&former, "04aa").await;
    let (key, phone) = desk.phone(&["101"], json!({"joiner_acs_credential_ids": [former]})).await;
    desk.wait_until_issued(&key).await;

    let next = desk.card(&["101"], json!({"override": true})).await;
    assert_eq!(desk.credential(&former).await["visionline_metadata"]["is_valid"], true, "nothing is written yet");
    desk.write(&next, "04bb").await;
    desk.until("the former stay is told invalid", || async {
        let is_valid = |credential: serde_json::Value| credential["visionline_metadata"]["is_valid"] == true;
        (!is_valid(desk.credential(&former).await) && !is_valid(desk.credential(&key).await)).then_some(())
    })
    .await;
    assert_eq!(desk.present("04aa", "101"), "guest", "the lock has not seen the new card");
    assert!(desk.credential(&former).await["innkeep"]["may_open_until"].is_string());
    assert_eq!(desk.present("04bb", "101"), "guest");
    assert_eq!(desk.present("04aa", "101"), "overridden");
    assert_eq!(desk.hold(&phone, "101"), "overridden");
}

#[tokio::test]
async fn a_card_that_lost_its_stamp_asks_to_be_written_again() {
    let desk = Desk::open().await;
    // Next week's guest has the card already; a walk-in takes the room tonight (R4).
    let user = desk.api.user("Arrival", None).await;
    let body = json!({
        "acs_user_id": user, "access_method": "card", "allowed_acs_entrance_ids": [desk.api.door("101")],
        "starts_at": "2025-06-03T10:00:00Z", "ends_at": "2025-06-09T10:00:00Z",
        "visionline_metadata": {"override": true},
    });
    let made = desk.api.post("/acs/credentials/create", body).await.ok();
    let early = made["acs_credential"]["acs_credential_id"].as_str().unwrap().to_owned();
    desk.write(&early, "04aa").await;
    let walk_in = desk.card(&["101"], json!({"override": true})).await;
    desk.write(&walk_in, "04bb").await;
    desk.until("the early card is to be written again", || async {
        desk.warnings(&early).await.contains(&"needs_to_be_reissued".to_owned()).then_some(())
    })
    .await;
    desk.write(&early, "04aa").await;
    assert_eq!(desk.present("04bb", "101"), "guest");
    desk.advance(2 * 86_400 + 3_600);
    assert_eq!(desk.present("04aa", "101"), "guest");
    assert_eq!(desk.present("04bb", "101"), "overridden");
}
