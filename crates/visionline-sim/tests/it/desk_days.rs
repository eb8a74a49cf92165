//! Random days at a desk: orders, cards placed and taken away at any moment, encoders cut off. Whatever happens, each
//! order ends once, and what the records say is what the media are.

use std::collections::BTreeMap;

use innkeep_visionline_sim::{Exchange, Presented, Property, Technology};
use jiff::SignedDuration;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use crate::client::{Desk, between, read};

#[derive(Clone, Debug)]
enum Act {
    Order { room: u32 },
    Read,
    Place { medium: u8, technology: Technology },
    Remove,
    Pass { seconds: i64 },
    SetOnline(bool),
}

fn act() -> impl Strategy<Value = Act> {
    let technology = prop::sample::select(vec![Technology::UltralightEv1, Technology::Classic1k, Technology::Desfire]);
    prop_oneof![
        4 => (101..=110_u32).prop_map(|room| Act::Order { room }),
        1 => Just(Act::Read),
        4 => (0..4_u8, technology).prop_map(|(medium, technology)| Act::Place { medium, technology }),
        2 => Just(Act::Remove),
        4 => (0..20_i64).prop_map(|seconds| Act::Pass { seconds }),
        1 => any::<bool>().prop_map(Act::SetOnline),
    ]
}

const ENCODER: &str = "front-desk-1";

proptest! {
    #[test]
    fn every_order_ends_once_and_the_records_say_what_the_media_are(
        acts in vec(act(), 0..30),
        write_seconds in 0..8_u32,
    ) {
        let mut property = Property::meridian();
        property.knobs.encoder_write_seconds = write_seconds;
        let mut desk = Desk::at(property);
        let mut waiting: Vec<u64> = Vec::new();
        let mut written: BTreeMap<String, String> = BTreeMap::new();
        let mut note = |status: u16, answer: &Value| {
            if status == 201 {
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                written.insert(text(&answer["id"]), text(&answer["serialNumbers"][0]));
            }
        };
        for act in acts {
            let exchange = match act {
                Act::Order { room } => {
                    let body = between(&[&room.to_string()], "20251114T1000", "20251116T1100");
                    let target = format!("/api/v1/cards?action=encode&encoder={ENCODER}&override=true");
                    Some(desk.exchange("POST", &target, Some(&body)))
                }
                Act::Read => Some(desk.exchange("GET", &format!("/api/v1/encoders/{ENCODER}/card"), None)),
                Act::Place { medium, technology } => {
                    desk.hotel.place_card(desk.now, ENCODER, &format!("04a{medium}"), technology, None).unwrap();
                    None
                }
                Act::Remove => {
                    desk.hotel.remove_card(desk.now, ENCODER).unwrap();
                    None
                }
                Act::Pass { seconds } => {
                    desk.now += SignedDuration::from_secs(seconds);
                    None
                }
                Act::SetOnline(is_online) => {
                    desk.hotel.set_encoder_online(desk.now, ENCODER, is_online).unwrap();
                    None
                }
            };
            match exchange {
                Some(Exchange::Waiting { ticket, until }) => {
                    prop_assert!(until.is_some_and(|until| until > desk.now), "nothing to wait for");
                    waiting.push(ticket);
                }
                Some(answered) => {
                    let (status, answer) = read(answered);
                    note(status, &answer);
                }
                None => {}
            }
        }
        // By then every deadline has passed and every write has ended.
        desk.now += SignedDuration::from_secs(1_000);
        for ticket in waiting {
            let (status, answer) = read(desk.hotel.resume(desk.now, ticket));
            note(status, &answer);
            let again = desk.hotel.resume(desk.now, ticket);
            prop_assert!(matches!(again, Exchange::ReplyLost), "a second answer: {again:?}");
        }
        let ids: Vec<u32> = desk.hotel.cards().map(|card| card.id).collect();
        for id in ids {
            desk.log_in();
            let card = desk.card(id);
            let serial = written.get(&id.to_string());
            prop_assert_eq!(card["notIssued"] == false, serial.is_some(), "{}", &card);
            let Some(serial) = serial else { continue };
            prop_assert_eq!(card["numberOfIssuedCards"].as_u64(), Some(1));
            let room = card["doorOperations"][0]["doors"][0].as_str().unwrap().to_owned();
            let verdict = desk.hotel.present(desk.now, &room, Presented::Serial(serial)).unwrap();
            let is_on_medium = verdict.card_id == Some(id);
            prop_assert_eq!(is_on_medium, card["overwritten"] == false, "{} {:?}", &card, &verdict);
        }
    }
}
