//! One grant for rooms of two hotels: each key is made at its own hotel, and the guest has one booking.

use serde_json::{Value, json};

use super::{Booking, Hotel};
use crate::api::acs::credentials::second_site::SecondSite;

/// A hotel with an annex that is a system of its own: room 201 and the garage are there.
struct Both {
    hotel: Hotel,
    annex: SecondSite,
}

impl Both {
    async fn open() -> Self {
        let mut hotel = Hotel::open().await;
        let annex = SecondSite::open(&hotel.desk.api, &["201".to_owned()], &["Garage".to_owned()]).await;
        hotel.desk.serve_as_well(annex.acs_system_id);
        Self { hotel, annex }
    }

    /// A booking of rooms of the hotel and of doors of the annex.
    async fn book(
        &self,
        guest: &str,
        key: &str,
        [here, there]: [&[&str]; 2],
        modes: &[&str],
        hours: [i64; 2],
    ) -> Booking {
        let mut body = self.hotel.asked(guest, key, here, modes, hours[0], hours[1]);
        let there = there.iter().map(|door| json!(self.annex.door(door)));
        body["acs_entrance_ids"].as_array_mut().unwrap().extend(there);
        let grant = self.hotel.desk.api.post("/access_grants/create", body).await.ok()["access_grant"].clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let made = grant["access_method_ids"].as_array().unwrap();
        let methods = modes.iter().zip(made).map(|(mode, id)| ((*mode).to_owned(), text(id))).collect();
        Booking { grant: text(&grant["access_grant_id"]), methods }
    }

    /// Writes the card of a method at the desk of the annex.
    async fn write_there(&self, method: &str, serial_number: &str) {
        let desk = &self.hotel.desk;
        let encoder = desk
            .until("the encoders of the annex are listed", || async {
                let body = json!({"acs_system_ids": [self.annex.acs_system_id]});
                let listed = desk.api.post("/acs/encoders/list", body).await.ok();
                let encoders = listed["acs_encoders"].as_array().unwrap().iter();
                let mut named = encoders.filter(|encoder| encoder["display_name"] == "Front Desk 1");
                named.next().map(|encoder| encoder["acs_encoder_id"].clone())
            })
            .await;
        let body = json!({"acs_encoder_id": encoder, "access_method_id": method});
        let attempt = desk.ask("/access_methods/encode", body).await;
        desk.place(0, serial_number);
        desk.result(&attempt).await;
    }

    /// What the phone is told at 101 of the hotel and at 201 of the annex.
    fn held(&self, phone: &str) -> [String; 2] {
        ["101", "201"].map(|door| self.hotel.desk.hold(phone, door))
    }
}

#[tokio::test]
async fn one_grant_opens_rooms_of_two_hotels() {
    let both = Both::open().await;
    let hotel = &both.hotel;
    let ada = hotel.guest("ada").await;
    let phone = hotel.phone(&ada).await;
    let booking = both.book(&ada, "R1", [&["101"], &["201", "Garage"]], &["mobile_key", "card"], [0, 48]).await;
    hotel.wait_until_issued(booking.key()).await;
    assert_eq!(both.held(&phone), ["guest", "guest"]);
    assert_eq!(hotel.desk.hold(&phone, "Garage"), "guest_common");
    assert_eq!(hotel.desk.hold(&phone, "102"), "no_access");
    let granted = hotel.told_of_grant(&booking).await;
    assert_eq!(granted.iter().filter(|told| *told == "access_grant.access_granted_to_door").count(), 3, "{granted:?}");

    // A card for each hotel: the method is issued when both are written.
    hotel.write(booking.card(), "04aa").await;
    assert_eq!(hotel.desk.present("04aa", "101"), "guest");
    let card = hotel.method(booking.card()).await;
    assert_eq!((&card["is_issued"], &card["is_encoding_required"]), (&json!(false), &json!(true)));
    both.write_there(booking.card(), "04ab").await;
    assert_eq!(hotel.desk.present("04ab", "201"), "guest");
    let card = hotel.method(booking.card()).await;
    assert_eq!((&card["is_issued"], &card["is_encoding_required"]), (&json!(true), &json!(false)));
    assert_eq!(both.held(&phone), ["guest", "guest"], "P3");

    hotel.change(&booking, None, Some(96)).await;
    hotel.wait_until_issued(booking.key()).await;
    hotel.pass(49);
    assert_eq!(both.held(&phone), ["guest", "guest"]);
    hotel.cancel(&booking).await;
    assert_eq!(both.held(&phone), ["no_key", "no_key"]);
}

/// P3, P4: each hotel has its stay, and what happens at one of them leaves the other alone.
#[tokio::test]
async fn what_happens_at_one_hotel_leaves_the_rooms_at_the_other_alone() {
    let both = Both::open().await;
    let hotel = &both.hotel;
    let (ada, bob, eve) = (hotel.guest("ada").await, hotel.guest("bob").await, hotel.guest("eve").await);
    let phone = hotel.phone(&ada).await;
    let first = both.book(&ada, "R1", [&["101"], &["201"]], &["mobile_key"], [0, 72]).await;
    hotel.wait_until_issued(first.key()).await;

    // A companion at one of the two.
    let companion = hotel.phone(&bob).await;
    let second = both.book(&bob, "R1", [&[], &["201"]], &["mobile_key"], [0, 72]).await;
    hotel.wait_until_issued(second.key()).await;
    for _ in 0..2 {
        assert_eq!(both.held(&companion), ["no_access", "guest"]);
        assert_eq!(both.held(&phone), ["guest", "guest"]);
    }

    // Another party at one of the two.
    let other = hotel.phone(&eve).await;
    let third = both.book(&eve, "R2", [&[], &["201"]], &["mobile_key"], [24, 72]).await;
    hotel.wait_until_issued(third.key()).await;
    hotel.pass(25);
    hotel.wait_until_told(&first, "access_grant.access_to_door_lost").await;
    assert_eq!(both.held(&other), ["no_access", "guest"]);
    assert_eq!(both.held(&phone), ["guest", "overridden"]);
    assert_eq!(both.held(&companion), ["no_access", "overridden"]);
    assert_eq!(hotel.warnings(&first).await, ["underprovisioned_access"]);
}

/// The rules look at the rooms of both hotels together.
#[tokio::test]
async fn a_reservation_has_the_rooms_of_both_hotels() {
    let both = Both::open().await;
    let (api, hotel) = (&both.hotel.desk.api, &both.hotel);
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    both.book(&ada, "R1", [&["101"], &["201", "Garage"]], &["card"], [0, 72]).await;
    let mut more = hotel.asked(&bob, "R1", &["101", "102"], &["card"], 0, 72);
    let refused = api.post("/access_grants/create", more.clone()).await;
    assert_eq!(refused.json["error"]["title"], "Reservation entrance change requires cleanup.");
    more["acs_entrance_ids"].as_array_mut().unwrap().push(json!(both.annex.door("201")));
    let refused = api.post("/access_grants/create", more).await;
    assert_eq!(refused.json["error"]["title"], "Reservation joiner entrance set conflict.");
    both.book(&bob, "R1", [&["101"], &["Garage"]], &["card"], [0, 72]).await;
}
