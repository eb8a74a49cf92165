//! One party, and the next.

use serde_json::json;

use super::Hotel;

/// P3.
#[tokio::test]
async fn the_first_grant_of_a_reservation_opens_its_stay_and_later_ones_join_it() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let phone = hotel.phone(&ada).await;
    let first = hotel.book(&ada, "R1", &["101"], &["mobile_key", "card"], 0, 72).await;
    let second = hotel.book(&bob, "R1", &["101"], &["card"], 0, 72).await;
    hotel.write(second.card(), "04bb").await;
    hotel.wait_until_issued(first.key()).await;
    hotel.write(first.card(), "04aa").await;
    for _ in 0..2 {
        assert_eq!(hotel.desk.present("04bb", "101"), "guest");
        assert_eq!(hotel.desk.hold(&phone, "101"), "guest");
        assert_eq!(hotel.desk.present("04aa", "101"), "guest");
    }
    assert_eq!(hotel.desk.present("04aa", "102"), "no_access");
}

#[tokio::test]
async fn a_card_is_told_from_its_request_to_its_writing() {
    let hotel = Hotel::open().await;
    let ada = hotel.guest("ada").await;
    let booking = hotel.book(&ada, "R1", &["101", "Gym"], &["card"], 0, 72).await;
    assert_eq!(hotel.told_of_grant(&booking).await, ["access_grant.created"]);
    hotel.write(booking.card(), "04aa").await;
    let card = hotel.method(booking.card()).await;
    assert_eq!((card["is_issued"].clone(), card["is_encoding_required"].clone()), (json!(true), json!(false)));
    assert_eq!(
        hotel.told_of_method(booking.card()).await,
        ["access_method.created", "access_method.card_encoding_required", "access_method.issued"]
    );
    assert_eq!(
        hotel.told_of_grant(&booking).await,
        [
            "access_grant.created",
            "access_grant.access_granted_to_door",
            "access_grant.access_granted_to_door",
            "access_grant.access_granted_to_all_doors",
        ]
    );
    assert_eq!(hotel.grant(&booking).await["display_status"], "Active");
}

/// P4, and back-to-back stays that are prepared ahead.
#[tokio::test]
async fn another_reservation_takes_the_room_from_its_start() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let phone = hotel.phone(&ada).await;
    let first = hotel.book(&ada, "R1", &["101", "102"], &["mobile_key"], 0, 72).await;
    hotel.wait_until_issued(first.key()).await;
    let second = hotel.book(&bob, "R2", &["101"], &["card"], 24, 72).await;
    hotel.write(second.card(), "04bb").await;
    assert_eq!(hotel.desk.present("04bb", "101"), "not_valid_yet");
    assert_eq!(hotel.desk.hold(&phone, "101"), "guest");
    hotel.pass(25);
    hotel.wait_until_told(&first, "access_grant.access_to_door_lost").await;
    assert_eq!(hotel.desk.present("04bb", "101"), "guest");
    assert_eq!(hotel.desk.hold(&phone, "101"), "overridden");
    assert_eq!(hotel.desk.hold(&phone, "102"), "guest");
    assert_eq!(hotel.warnings(&first).await, ["underprovisioned_access"]);
    let lost = hotel.told_of_grant(&first).await;
    assert_eq!(lost.iter().filter(|told| *told == "access_grant.access_to_door_lost").count(), 1);
    assert_eq!(hotel.warnings(&second).await, [""; 0]);

    // Whoever belongs to the former party cannot take the room back by joining it.
    let late = hotel.asked(&ada, "R1", &["101"], &["card"], 25, 72);
    let late = hotel.desk.api.post("/access_grants/create", late).await;
    assert_eq!((late.refusal().0, late.refusal().1), (409, "conflict"));
    assert!(late.refusal().2.starts_with("another party has taken 101 over"), "{}", late.json);
}

/// The seed of design 6: a family with two rooms, of which the children have one.
#[tokio::test]
async fn a_companion_with_fewer_rooms_opens_those_and_no_others() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let first = hotel.book(&ada, "R1", &["101", "102", "Gym"], &["card"], 0, 72).await;
    hotel.write(first.card(), "04aa").await;
    let phone = hotel.phone(&bob).await;
    let second = hotel.book(&bob, "R1", &["102", "Gym"], &["mobile_key"], 0, 72).await;
    hotel.wait_until_issued(second.key()).await;
    for _ in 0..2 {
        assert_eq!(hotel.desk.hold(&phone, "102"), "guest");
        assert_eq!(hotel.desk.present("04aa", "102"), "guest");
    }
    assert_eq!(hotel.desk.hold(&phone, "101"), "no_access");
    assert_eq!(hotel.desk.present("04aa", "101"), "guest");
}

#[tokio::test]
async fn a_companion_can_be_added_in_mid_stay() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let first = hotel.book(&ada, "R1", &["101"], &["card"], 0, 72).await;
    hotel.write(first.card(), "04aa").await;
    assert_eq!(hotel.desk.present("04aa", "101"), "guest");
    hotel.pass(20);
    let phone = hotel.phone(&bob).await;
    let second = hotel.book(&bob, "R1", &["101"], &["mobile_key"], 20, 72).await;
    hotel.wait_until_issued(second.key()).await;
    for _ in 0..2 {
        assert_eq!(hotel.desk.hold(&phone, "101"), "guest");
        assert_eq!(hotel.desk.present("04aa", "101"), "guest");
    }
}

#[tokio::test]
async fn a_companion_can_be_removed_in_mid_stay() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let (phone, leaving) = (hotel.phone(&ada).await, hotel.phone(&bob).await);
    let first = hotel.book(&ada, "R1", &["101"], &["mobile_key"], 0, 72).await;
    let second = hotel.book(&bob, "R1", &["101"], &["mobile_key"], 0, 72).await;
    hotel.wait_until_issued(first.key()).await;
    hotel.wait_until_issued(second.key()).await;
    assert_eq!(hotel.desk.hold(&leaving, "101"), "guest");
    hotel.cancel(&second).await;
    assert_eq!(hotel.desk.hold(&leaving, "101"), "no_key");
    assert_eq!(hotel.desk.hold(&phone, "101"), "guest");
    assert_eq!(
        hotel.told_of_method(second.key()).await,
        ["access_method.created", "access_method.issued", "access_method.deleted"]
    );
    assert_eq!(hotel.told_of_grant(&second).await.last().unwrap(), "access_grant.deleted");
}
