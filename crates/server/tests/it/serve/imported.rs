//! Keys that the front desk made at the hotel's own Visionline, as an integrator sees them through `innkeep serve`.
//! Who then opens which door is in the tests of hotel-years (`keys/imported.rs`).

use http::Request;
use serde_json::json;

use super::{LockServer, Office, SiteTable, desk::text};

/// Makes a card at the lock server as the front desk's own program does: past the API under test, and signed by the
/// hotel's own client.
fn at_the_desk(hotel: &LockServer, query: &str, body: serde_json::Value) -> String {
    let now = innkeep_server::clock::Clock::real().now();
    hotel.hotel(|hotel| {
        let mut session =
            visionline::Session::new("sym", visionline::Secret::new("sym"), visionline::Options::default());
        let doors: Vec<String> =
            body["doors"].as_array().unwrap().iter().map(|door| door.as_str().unwrap().to_owned()).collect();
        let zone = hotel.property().zone.clone();
        let request = visionline::CardRequest {
            mode: match query {
                "override" => visionline::CreateMode::Override,
                joins => visionline::CreateMode::Join(vec![joins.to_owned()]),
            },
            medium: visionline::Medium::Image { serial_numbers: vec!["04a1b2c3d4e5f6".to_owned()] },
            format: visionline::CardFormat::Rfid48,
            start: None,
            expire: visionline::local_time::end_minute("2099-01-03T10:00:00Z".parse().unwrap(), &zone),
            label: None,
            description: None,
            card_holder: Some("Mr Desk".to_owned()),
            guest_doors: doors,
            common_doors: Vec::new(),
        };
        let mut step = session.start(visionline::Operation::CreateCard(Box::new(request)), now);
        loop {
            match step {
                visionline::Step::Done(answer) => {
                    let visionline::Answer::CardCreated { card, .. } = answer.unwrap() else { panic!("no card") };
                    return card.id.unwrap();
                }
                visionline::Step::Send(request) => {
                    let request: Request<Vec<u8>> = request;
                    let visionline_sim::Exchange::Answered { response, .. } = hotel.lock_server(now, &request) else {
                        panic!("no answer")
                    };
                    step = session.reply(Ok(response), now);
                }
            }
        }
    })
}

#[test]
fn a_card_of_the_front_desk_appears_can_be_joined_and_loses_validity_with_its_card() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel).surveying(1)]);
    let desk = office.open(None);
    let doors = desk.doors();
    let card = at_the_desk(&hotel, "override", json!({"doors": ["101"]}));
    let with_access = |desk: &super::Desk| {
        let body = json!({"acs_entrance_id": doors["101"], "include_if": ["visionline_metadata.is_valid"]});
        desk.post("/acs/entrances/list_credentials_with_access", body)["acs_credentials"].clone()
    };
    let found = desk.wait("the card is listed", |desk| with_access(desk).get(0).cloned());
    assert_eq!(found["visionline_metadata"]["card_id"], json!(card));
    assert_eq!(found["access_method"], "card");
    assert_eq!(found["is_issued"], true);
    assert_eq!(found.get("acs_user_id"), None);
    assert_eq!(found["display_name"], "101");
    assert!(!desk.output().contains("Mr Desk"), "a guest's name is in the log");

    let guest = desk.arrive("Ada", &hotel);
    let joiner = desk.post(
        "/acs/credentials/create",
        json!({
            "acs_user_id": guest.user, "access_method": "mobile_key", "is_multi_phone_sync_credential": true,
            "allowed_acs_entrance_ids": [doors["101"]], "ends_at": "2099-01-03T10:00:00Z",
            "visionline_metadata": {"joiner_acs_credential_ids": [found["acs_credential_id"]]},
        }),
    );
    desk.wait_issued(&text(&joiner["acs_credential"]["acs_credential_id"]));
    assert_eq!(super::hold(&hotel, &guest.endpoint, "101"), "guest");

    let number: u32 = card.parse().unwrap();
    hotel.hotel(|hotel| {
        // Another guest's card is written over it.
        let image = hotel.cards().find(|known| known.id == number).unwrap().image(hotel.property().system_id);
        let other = visionline_sim::Image { card_id: number + 1_000, ..image };
        assert!(hotel.write_plastic("04a1b2c3d4e5f6", other));
    });
    let id = text(&found["acs_credential_id"]);
    desk.wait("it is invalid", |desk| (desk.credential(&id)["visionline_metadata"]["is_valid"] == false).then_some(()));
    let events = desk.post("/events/list", json!({"since": "2020-01-01T00:00:00Z", "acs_credential_id": id}));
    let types: Vec<String> =
        events["events"].as_array().unwrap().iter().map(|event| text(&event["event_type"])).collect();
    assert_eq!(types, ["acs_credential.issued", "acs_credential.invalidated"]);
    assert_eq!(super::hold(&hotel, &guest.endpoint, "101"), "guest", "who joined it goes on");
}
