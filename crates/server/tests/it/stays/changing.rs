//! Times that change: phones follow by themselves, cards say what must be done.

use serde_json::json;

use super::Hotel;

/// P6: the new key is made and delivered before the old one goes.
#[tokio::test]
async fn a_longer_stay_reaches_the_phone_without_a_gap() {
    let hotel = Hotel::open().await;
    let ada = hotel.guest("ada").await;
    let phone = hotel.phone(&ada).await;
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key"], 0, 24).await;
    hotel.wait_until_issued(booking.key()).await;
    hotel.change(&booking, None, Some(72)).await;
    hotel
        .desk
        .until("the phone has the new key", || async {
            assert_eq!(hotel.desk.hold(&phone, "101"), "guest");
            (hotel.method(booking.key()).await["is_issued"] == true).then_some(())
        })
        .await;
    assert_eq!(
        hotel.told_of_method(booking.key()).await,
        ["access_method.created", "access_method.issued", "access_method.revoked", "access_method.reissued"]
    );
    assert_eq!(hotel.warnings(&booking).await, [""; 0]);
    hotel.pass(48);
    assert_eq!(hotel.desk.hold(&phone, "101"), "guest");
    hotel.pass(25);
    assert_eq!(hotel.desk.hold(&phone, "101"), "expired");
    let lost = hotel.told_of_grant(&booking).await;
    assert!(!lost.contains(&"access_grant.access_to_door_lost".to_owned()), "{lost:?}");
}

#[tokio::test]
async fn a_longer_stay_needs_the_card_again() {
    let hotel = Hotel::open().await;
    let ada = hotel.guest("ada").await;
    let booking = hotel.book(&ada, "R1", &["101"], &["card"], 0, 24).await;
    hotel.write(booking.card(), "04aa").await;
    hotel.change(&booking, None, Some(72)).await;
    let card = hotel.method(booking.card()).await;
    assert_eq!((card["is_issued"].clone(), card["is_encoding_required"].clone()), (json!(false), json!(true)));
    assert_eq!(card["pending_mutations"][0]["mutation_code"], "updating_access_times");
    assert_eq!(hotel.warnings(&booking).await, ["updating_access_times"]);
    assert_eq!(hotel.desk.present("04aa", "101"), "guest", "until the end that is on it");
    hotel.pass(25);
    assert_eq!(hotel.desk.present("04aa", "101"), "expired");
    hotel.write(booking.card(), "04aa").await;
    assert_eq!(hotel.desk.present("04aa", "101"), "guest");
    assert_eq!(
        hotel.told_of_method(booking.card()).await,
        [
            "access_method.created",
            "access_method.card_encoding_required",
            "access_method.issued",
            "access_method.revoked",
            "access_method.card_encoding_required",
            "access_method.reissued",
        ]
    );
    assert_eq!(hotel.warnings(&booking).await, [""; 0]);
}

#[tokio::test]
async fn a_shorter_stay_ends_earlier_on_the_phone_and_on_the_card_once_it_was_written_again() {
    let hotel = Hotel::open().await;
    let ada = hotel.guest("ada").await;
    let phone = hotel.phone(&ada).await;
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key", "card"], 0, 72).await;
    hotel.write(booking.card(), "04aa").await;
    hotel.wait_until_issued(booking.key()).await;
    hotel.change(&booking, None, Some(10)).await;
    hotel.wait_until_issued(booking.key()).await;
    // The old key goes once the new one is on the phone.
    hotel
        .desk
        .until("the old key is gone", || async {
            let records = hotel.desk.records();
            records.iter().any(|record| record["discarded"] == true).then_some(())
        })
        .await;
    hotel.pass(11);
    assert_eq!(hotel.desk.hold(&phone, "101"), "expired");
    assert_eq!(hotel.desk.present("04aa", "101"), "guest", "nothing reaches plastic");
    let credential = hotel.desk.credential(&hotel.credential(booking.card()).await).await;
    assert!(credential["innkeep"]["may_open_until"].is_string(), "and it is said: {credential}");
}

#[tokio::test]
async fn a_guest_who_arrives_early_gets_in_and_the_former_guest_does_not_any_more() {
    let hotel = Hotel::open().await;
    let (ada, zoe) = (hotel.guest("ada").await, hotel.guest("zoe").await);
    let former = hotel.book(&zoe, "R0", &["101"], &["card"], 0, 20).await;
    hotel.write(former.card(), "0411").await;
    let phone = hotel.phone(&ada).await;
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key"], 24, 72).await;
    hotel.wait_until_issued(booking.key()).await;
    assert_eq!(hotel.desk.hold(&phone, "101"), "not_valid_yet");
    assert_eq!(hotel.desk.present("0411", "101"), "guest");
    hotel.change(&booking, Some(0), None).await;
    hotel.wait_until_issued(booking.key()).await;
    assert_eq!(hotel.desk.hold(&phone, "101"), "guest");
    assert_eq!(hotel.desk.present("0411", "101"), "overridden");
}

/// The stay keeps its stamp, so the next guest's key, which is there already, goes on waiting for its start.
#[tokio::test]
async fn a_late_departure_leaves_the_next_guest_in_place() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let (phone, next) = (hotel.phone(&ada).await, hotel.phone(&bob).await);
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key"], 0, 20).await;
    hotel.wait_until_issued(booking.key()).await;
    let following = hotel.book(&bob, "R2", &["101"], &["mobile_key"], 24, 72).await;
    hotel.wait_until_issued(following.key()).await;
    hotel.change(&booking, None, Some(23)).await;
    hotel.wait_until_issued(booking.key()).await;
    hotel.pass(22);
    assert_eq!(hotel.desk.hold(&phone, "101"), "guest");
    assert_eq!(hotel.desk.hold(&next, "101"), "not_valid_yet");
    hotel.pass(3);
    assert_eq!(hotel.desk.hold(&next, "101"), "guest");
    assert_ne!(hotel.desk.hold(&phone, "101"), "guest");
    assert_eq!(hotel.warnings(&following).await, [""; 0]);
}

/// P4: no key is made that would take the room from the present guest, if only for a moment.
#[tokio::test]
async fn a_stay_that_was_over_and_is_made_longer_leaves_the_room_to_whoever_has_it_since() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let (phone, present) = (hotel.phone(&ada).await, hotel.phone(&bob).await);
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key"], 0, 20).await;
    hotel.wait_until_issued(booking.key()).await;
    hotel.pass(21);
    let since = hotel.book(&bob, "R2", &["101"], &["mobile_key"], 21, 72).await;
    hotel.wait_until_issued(since.key()).await;
    assert_eq!(hotel.desk.hold(&present, "101"), "guest");
    let made = hotel.desk.records().len();
    hotel.change(&booking, None, Some(48)).await;
    hotel.wait_until_told(&booking, "access_grant.access_to_door_lost").await;
    assert_eq!(hotel.desk.records().len(), made);
    assert_ne!(hotel.desk.hold(&phone, "101"), "guest");
    assert_eq!(hotel.desk.hold(&present, "101"), "guest");
}

/// The stay is ranked by its new start, so whoever has the room until then does not take it from the later guest (R4).
#[tokio::test]
async fn a_booking_that_was_moved_to_next_week_outlasts_those_in_between() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let (phone, between) = (hotel.phone(&ada).await, hotel.phone(&bob).await);
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key"], 0, 24).await;
    hotel.wait_until_issued(booking.key()).await;
    assert_eq!(hotel.desk.hold(&phone, "101"), "guest");
    hotel.change(&booking, Some(168), Some(192)).await;
    hotel.wait_until_issued(booking.key()).await;
    let other = hotel.book(&bob, "R2", &["101"], &["mobile_key"], 1, 48).await;
    hotel.wait_until_issued(other.key()).await;
    hotel.pass(2);
    assert_eq!(hotel.desk.hold(&between, "101"), "guest");
    assert_eq!(hotel.desk.hold(&phone, "101"), "not_valid_yet");
    hotel.pass(168);
    assert_eq!(hotel.desk.hold(&phone, "101"), "guest");
    assert_eq!(hotel.warnings(&booking).await, [""; 0]);
}

/// `spec/api.md 4.19`: a room move is the end of all grants of the reservation, and new ones.
#[tokio::test]
async fn a_guest_who_moves_opens_the_new_room_and_not_the_old() {
    let hotel = Hotel::open().await;
    let ada = hotel.guest("ada").await;
    let phone = hotel.phone(&ada).await;
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key", "card"], 0, 72).await;
    hotel.wait_until_issued(booking.key()).await;
    hotel.write(booking.card(), "04aa").await;
    let other_room = hotel.asked(&ada, "R1", &["102"], &["mobile_key", "card"], 0, 72);
    let refused = hotel.desk.api.post("/access_grants/create", other_room).await;
    assert_eq!(refused.json["error"]["title"], "Reservation entrance change requires cleanup.");
    hotel.desk.api.post("/access_grants/delete", json!({"access_grant_id": booking.grant})).await.ok();
    let moved = hotel.book(&ada, "R1", &["102"], &["mobile_key", "card"], 0, 72).await;
    hotel.wait_until_issued(moved.key()).await;
    hotel.write(moved.card(), "04aa").await;
    hotel.wait_until_told(&booking, "access_grant.deleted").await;
    assert_eq!(hotel.desk.hold(&phone, "102"), "guest");
    assert_eq!(hotel.desk.hold(&phone, "101"), "no_access");
    assert_eq!(hotel.desk.present("04aa", "102"), "guest");
    assert_eq!(hotel.desk.present("04aa", "101"), "no_access");
}

/// What was lost to another party does not wait for new times, though it was given some before.
#[tokio::test]
async fn a_guest_who_lost_the_room_after_a_longer_stay_is_told_of_nothing_under_way() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let phone = hotel.phone(&ada).await;
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key"], 0, 24).await;
    hotel.wait_until_issued(booking.key()).await;
    hotel.change(&booking, None, Some(72)).await;
    hotel.wait_until_issued(booking.key()).await;
    let next = hotel.book(&bob, "R2", &["101"], &["card"], 48, 96).await;
    hotel.write(next.card(), "04bb").await;
    hotel.pass(49);
    hotel.wait_until_told(&booking, "access_grant.access_to_door_lost").await;
    assert_eq!(hotel.desk.present("04bb", "101"), "guest");
    assert_eq!(hotel.desk.hold(&phone, "101"), "overridden");
    let key = hotel.method(booking.key()).await;
    assert_eq!((&key["is_issued"], &key["display_status"]), (&json!(false), &json!("No longer valid")));
    assert_eq!((&key["pending_mutations"], &key["warnings"]), (&json!([]), &json!([])));
    assert_eq!(hotel.grant(&booking).await["pending_mutations"], json!([]));
    assert_eq!(hotel.warnings(&booking).await, ["underprovisioned_access"]);
}

/// Nor does a card that has its new times already and must be written once more for a walk-in's sake.
#[tokio::test]
async fn a_card_that_has_the_new_times_and_lost_its_stamp_waits_for_no_times() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let phone = hotel.phone(&bob).await;
    let booking = hotel.book(&ada, "R1", &["101"], &["card"], 24, 48).await;
    hotel.write(booking.card(), "04aa").await;
    hotel.change(&booking, None, Some(72)).await;
    hotel.write(booking.card(), "04aa").await;
    assert_eq!(hotel.warnings(&booking).await, [""; 0]);
    let walk_in = hotel.book(&bob, "R2", &["101"], &["mobile_key"], 0, 24).await;
    hotel.wait_until_issued(walk_in.key()).await;
    hotel
        .desk
        .until("the card must be written again", || async {
            (hotel.method(booking.card()).await["is_encoding_required"] == true).then_some(())
        })
        .await;
    assert_eq!(hotel.method(booking.card()).await["pending_mutations"], json!([]));
    assert_eq!(hotel.warnings(&booking).await, [""; 0]);
    assert_eq!(hotel.desk.hold(&phone, "101"), "guest");
    hotel.write(booking.card(), "04aa").await;
    hotel.pass(25);
    assert_eq!(hotel.desk.present("04aa", "101"), "guest");
}

/// P6: the key with the other doors is delivered before the old one goes, and a door is granted when it opens.
#[tokio::test]
async fn a_pool_is_added_in_mid_stay_and_the_gym_taken_away() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let (phone, companion) = (hotel.phone(&ada).await, hotel.phone(&bob).await);
    let booking = hotel.book(&ada, "R1", &["101", "Gym"], &["mobile_key", "card"], 0, 48).await;
    let other = hotel.book(&bob, "R1", &["101", "Gym"], &["mobile_key"], 0, 48).await;
    hotel.wait_until_issued(booking.key()).await;
    hotel.wait_until_issued(other.key()).await;
    hotel.write(booking.card(), "04aa").await;
    let (pool, grant) = (hotel.desk.api.door("Pool"), booking.grant.as_str());
    let doors = json!([hotel.desk.api.door("101"), pool]);
    let body = json!({"access_grant_id": booking.grant, "acs_entrance_ids": doors});
    hotel.desk.api.post("/access_grants/update", body).await.ok();
    hotel
        .desk
        .until("the phone has the new key", || async {
            assert_eq!(hotel.desk.hold(&phone, "101"), "guest");
            let granted =
                hotel.told(|event| event["acs_entrance_id"] == pool && event["access_grant_id"] == grant).await;
            assert!(granted.is_empty() || hotel.desk.hold(&phone, "Pool") == "guest_common", "{granted:?}");
            (hotel.method(booking.key()).await["is_issued"] == true).then_some(())
        })
        .await;
    hotel
        .desk
        .until("the old key has left the phone", || async {
            (hotel.desk.hold(&phone, "Gym") == "no_access").then_some(())
        })
        .await;
    assert_eq!(["101", "Pool"].map(|door| hotel.desk.hold(&phone, door)), ["guest", "guest_common"]);
    let card = hotel.method(booking.card()).await;
    assert_eq!((&card["is_issued"], &card["is_encoding_required"]), (&json!(false), &json!(true)));
    assert_eq!(hotel.warnings(&booking).await, [""; 0], "no times are under way");
    assert_eq!(hotel.desk.present("04aa", "Pool"), "no_access");
    hotel.write(booking.card(), "04aa").await;
    let written = ["101", "Pool", "Gym"].map(|door| hotel.desk.present("04aa", door));
    assert_eq!(written, ["guest", "guest_common", "no_access"]);
    // The companion keeps what the companion has (P3).
    let held = ["101", "Gym", "Pool"].map(|door| hotel.desk.hold(&companion, door));
    assert_eq!(held, ["guest", "guest_common", "no_access"]);
    assert_eq!(hotel.desk.hold(&phone, "101"), "guest");
}
