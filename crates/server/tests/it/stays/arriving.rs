//! Guests who come later, never, or with nothing in their hands.

use serde_json::json;

use super::Hotel;

/// `spec/api.md 4.20`: a mobile key is issued once it can be delivered, even before there is a phone.
#[tokio::test]
async fn a_phone_that_is_set_up_later_gets_the_key_by_itself() {
    let hotel = Hotel::open().await;
    let ada = hotel.guest("ada").await;
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key"], 0, 72).await;
    assert_eq!(hotel.method(booking.key()).await["is_issued"], true);
    let phone = hotel.phone(&ada).await;
    hotel
        .desk
        .until("the phone has the key", || async { (hotel.desk.hold(&phone, "101") == "guest").then_some(()) })
        .await;
    assert_eq!(hotel.told_of_method(booking.key()).await, ["access_method.created", "access_method.issued"]);
}

#[tokio::test]
async fn a_lost_phone_is_replaced_and_the_grant_stays_as_it_is() {
    let hotel = Hotel::open().await;
    let ada = hotel.guest("ada").await;
    let (device, lost) = hotel.new_phone(&ada).await;
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key"], 0, 72).await;
    hotel.wait_until_issued(booking.key()).await;
    assert_eq!(hotel.desk.hold(&lost, "101"), "guest");
    hotel.desk.api.post("/phones/deactivate", json!({"device_id": device})).await.ok();
    let phone = hotel.phone(&ada).await;
    hotel
        .desk
        .until("the new phone has the key", || async { (hotel.desk.hold(&phone, "101") == "guest").then_some(()) })
        .await;
    assert_eq!(hotel.told_of_method(booking.key()).await, ["access_method.created", "access_method.issued"]);
    let told = hotel.told_of_grant(&booking).await;
    assert_eq!(told.last().unwrap(), "access_grant.access_granted_to_all_doors");
}

/// What a guest calls lost: the method goes, another card is asked for and joins; the lost one is made useless first.
#[tokio::test]
async fn a_lost_card_is_refused_once_its_successor_was_used() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let booking = hotel.book(&ada, "R1", &["101"], &["card"], 0, 72).await;
    hotel.write(booking.card(), "04aa").await;
    let phone = hotel.phone(&bob).await;
    let second = hotel.book(&bob, "R1", &["101"], &["mobile_key"], 0, 72).await;
    hotel.wait_until_issued(second.key()).await;
    assert_eq!(hotel.desk.present("04aa", "101"), "guest");

    let lost = json!({"acs_credential_id": hotel.credential(booking.card()).await});
    hotel.desk.api.post("/innkeep/acs_credentials/void_lost_card", lost).await.ok();
    hotel.wait_until_told(&booking, "access_grant.access_to_door_lost").await;
    assert_eq!(hotel.told_of_method(booking.card()).await.last().unwrap(), "access_method.deleted");
    let another = json!({"access_grant_id": booking.grant, "mode": "card"});
    let another = hotel.desk.api.post("/access_methods/create", another).await.ok()["access_method"].clone();
    hotel.write(another["access_method_id"].as_str().unwrap(), "04bb").await;
    assert_eq!(hotel.desk.present("04bb", "101"), "guest");
    assert_eq!(hotel.desk.present("04aa", "101"), "overridden");
    hotel
        .desk
        .until("the companion's phone has the new stamp", || async {
            (hotel.desk.hold(&phone, "101") == "guest").then_some(())
        })
        .await;
    assert_eq!(hotel.desk.present("04bb", "101"), "guest");
    assert_eq!(hotel.warnings(&booking).await, [""; 0]);
}

#[tokio::test]
async fn a_cancelled_booking_opens_nothing_and_the_room_can_be_sold_again() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let phone = hotel.phone(&ada).await;
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key", "card"], 24, 72).await;
    hotel.wait_until_issued(booking.key()).await;
    hotel.cancel(&booking).await;
    assert_eq!(hotel.told_of_grant(&booking).await.last().unwrap(), "access_grant.deleted");
    let other = hotel.book(&bob, "R2", &["101"], &["card"], 24, 72).await;
    assert!(hotel.grant(&other).await.get("innkeep").is_none());
    hotel.write(other.card(), "04bb").await;
    hotel.pass(25);
    assert_eq!(hotel.desk.hold(&phone, "101"), "no_key");
    assert_eq!(hotel.desk.present("04bb", "101"), "guest");
}

/// A no-show: nobody cancelled, and the room is given to somebody else in the evening. That is a double booking, said so.
#[tokio::test]
async fn a_guest_who_never_came_loses_the_room_to_whoever_gets_it_next() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let phone = hotel.phone(&ada).await;
    let absent = hotel.book(&ada, "R1", &["101"], &["mobile_key", "card"], 0, 24).await;
    hotel.wait_until_issued(absent.key()).await;
    hotel.pass(10);
    let body = hotel.asked(&bob, "R2", &["101"], &["card"], 10, 24);
    let sold = hotel.desk.api.post("/access_grants/create", body).await.ok()["access_grant"].clone();
    assert_eq!(sold["innkeep"]["double_booked_acs_entrance_ids"], json!([hotel.desk.api.door("101")]));
    let card = sold["access_method_ids"][0].as_str().unwrap();
    hotel.write(card, "04bb").await;
    assert_eq!(hotel.desk.present("04bb", "101"), "guest");
    assert_eq!(hotel.desk.hold(&phone, "101"), "overridden");
    hotel.wait_until_told(&absent, "access_grant.access_to_door_lost").await;

    // The card that was never written is refused now: the room is somebody else's.
    let body = json!({"acs_encoder_id": hotel.desk.encoders[0], "access_method_id": absent.card()});
    let attempt = hotel.desk.ask("/access_methods/encode", body).await;
    assert_eq!(hotel.desk.error(&attempt).await, "credential_cannot_be_reissued");
    let issued = hotel
        .desk
        .api
        .post("/events/list", json!({"since": "2020-01-01T00:00:00Z", "event_type": "access_method.issued"}));
    let issued = issued.await.ok()["events"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(issued["access_method_id"], card);
    assert_eq!(issued["innkeep"]["double_booked_acs_entrance_ids"], json!([hotel.desk.api.door("101")]));
}
