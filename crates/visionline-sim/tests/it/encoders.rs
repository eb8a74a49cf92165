//! Encoders and the people at them (`spec/visionline.md` 3.3).

use innkeep_visionline_sim::{EncodeAnswer, Exchange, Knobs, PendingImageWrite, Presented, Property, Technology};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::client::{Desk, OPENED, plain, read, stay};

const ENCODE: &str = "/api/v1/cards?action=encode&encoder=front-desk-1&override=true";

/// A request that waits at an encoder.
struct Job(u64);

impl Job {
    fn start(desk: &mut Desk, method: &str, target: &str, body: Option<&Value>) -> Self {
        match desk.exchange(method, target, body) {
            Exchange::Waiting { ticket, .. } => Self(ticket),
            other => panic!("{other:?}"),
        }
    }

    fn waits(&self, desk: &mut Desk) -> bool {
        matches!(desk.hotel.resume(desk.now, self.0), Exchange::Waiting { .. })
    }

    fn end(&self, desk: &mut Desk) -> (u16, Value) {
        read(desk.hotel.resume(desk.now, self.0))
    }

    /// Status, code and the vendor's number of a failure.
    fn failure(&self, desk: &mut Desk) -> (u16, Value, Value) {
        let (status, error) = self.end(desk);
        (status, error["code"].clone(), error["resultCode"].clone())
    }
}

fn place(desk: &mut Desk, serial: &str) {
    desk.hotel.place_card(desk.now, "Front Desk 1", serial, Technology::UltralightEv1, None).unwrap();
}

fn pass(desk: &mut Desk, seconds: i64) {
    desk.now += SignedDuration::from_secs(seconds);
}

fn turned(turn: impl FnOnce(&mut Knobs)) -> Desk {
    let mut property = Property::meridian();
    turn(&mut property.knobs);
    Desk::at(property)
}

#[test]
fn a_card_is_written_when_a_person_places_one() {
    let mut desk = Desk::open();
    let job = Job::start(&mut desk, "POST", ENCODE, Some(&stay(&["101"])));
    assert_eq!(desk.card(100_001)["notIssued"], true);
    pass(&mut desk, 12);
    assert!(job.waits(&mut desk));
    place(&mut desk, "04AA");
    let (status, card) = job.end(&mut desk);
    assert_eq!((status, &card["notIssued"], &card["numberOfIssuedCards"]), (201, &json!(false), &json!(1)));
    assert_eq!(card["serialNumbers"], json!(["04aaffffffffffff"]));
    assert_eq!(desk.verdict("101", Presented::Serial("04aa")), OPENED);
}

#[test]
fn a_card_that_lies_there_already_is_written_at_once() {
    let mut desk = Desk::open();
    place(&mut desk, "04aa");
    assert_eq!(desk.send("POST", ENCODE, Some(&stay(&["101"]))).0, 201);
}

#[test]
fn the_answer_tells_until_when_to_wait_and_41_comes_at_the_deadline() {
    let mut desk = Desk::open();
    let Exchange::Waiting { ticket, until } = desk.exchange("POST", ENCODE, Some(&stay(&["101"]))) else {
        panic!("no waiting");
    };
    assert_eq!(until, Some(desk.now + SignedDuration::from_secs(30)));
    pass(&mut desk, 29);
    assert!(Job(ticket).waits(&mut desk));
    pass(&mut desk, 1);
    assert_eq!(Job(ticket).failure(&mut desk), (409, json!(40941), json!(41)));
    assert_eq!(desk.card(100_001)["notIssued"], true);
    place(&mut desk, "04aa");
    assert_eq!(desk.show("101", 100_001), "refused no_key ");
}

#[test]
fn a_failed_encode_overrides_nobody() {
    let mut desk = Desk::open();
    let guest = desk.issue("override=true", "ep-1", &stay(&["101"]));
    Job::start(&mut desk, "POST", ENCODE, Some(&stay(&["101"])));
    pass(&mut desk, 30);
    assert_eq!(desk.card(guest)["overridden"], false);
    assert_eq!(desk.show("101", guest), OPENED);
    place(&mut desk, "04aa");
    assert_eq!(desk.send("POST", ENCODE, Some(&stay(&["101"]))).0, 201);
    assert_eq!(desk.card(guest)["overridden"], true);
}

#[test]
fn a_card_taken_away_while_writing_ends_with_18_and_while_verifying_with_20() {
    for (seconds, code) in [(1, 18), (3, 20)] {
        let mut desk = turned(|knobs| knobs.encoder_write_seconds = 4);
        let job = Job::start(&mut desk, "POST", ENCODE, Some(&stay(&["101"])));
        place(&mut desk, "04aa");
        pass(&mut desk, seconds);
        assert!(job.waits(&mut desk));
        desk.hotel.remove_card(desk.now, "front-desk-1").unwrap();
        assert_eq!(job.failure(&mut desk), (409, json!(40_900 + code), json!(code)));
        assert_eq!(desk.verdict("101", Presented::Serial("04aa")), "refused no_key ");
    }
    let mut desk = turned(|knobs| knobs.encoder_write_seconds = 4);
    let job = Job::start(&mut desk, "POST", ENCODE, Some(&stay(&["101"])));
    place(&mut desk, "04aa");
    pass(&mut desk, 4);
    desk.hotel.remove_card(desk.now, "front-desk-1").unwrap();
    assert_eq!(job.end(&mut desk).0, 201);
}

#[test]
fn cards_that_cannot_hold_the_image_end_with_17_and_unusable_ones_with_43() {
    let mut advanced = stay(&["101"]);
    advanced["format"] = "TLCode".into();
    for (body, technology, memory_bytes, code) in [
        (&stay(&["101"]), Technology::Desfire, None, 43),
        (&stay(&["101"]), Technology::None, None, 43),
        (&stay(&["101"]), Technology::Ultralight, Some(16), 17),
        (&advanced, Technology::UltralightEv1, None, 17),
        (&advanced, Technology::Classic1k, None, 0),
        (&advanced, Technology::UltralightEv1, Some(128), 0),
    ] {
        let mut desk = Desk::open();
        let job = Job::start(&mut desk, "POST", ENCODE, Some(body));
        desk.hotel.place_card(desk.now, "front-desk-1", "04aa", technology, memory_bytes).unwrap();
        let (_, answer) = job.end(&mut desk);
        assert_eq!(answer["resultCode"].as_u64().unwrap_or(0), code, "{technology:?} {answer}");
    }
}

#[test]
fn a_second_job_waits_in_the_queue_and_85_tells_that_its_time_was_up() {
    let mut desk = Desk::open();
    let first = Job::start(&mut desk, "POST", ENCODE, Some(&stay(&["101"])));
    pass(&mut desk, 5);
    let second = Job::start(&mut desk, "POST", ENCODE, Some(&stay(&["102"])));
    pass(&mut desk, 5);
    place(&mut desk, "04aa");
    assert_eq!(first.end(&mut desk).0, 201);
    // The same card must not become the next key.
    assert!(second.waits(&mut desk));
    place(&mut desk, "04bb");
    assert_eq!(second.end(&mut desk).0, 201);
    assert_eq!(desk.verdict("101", Presented::Serial("04aa")), OPENED);
    assert_eq!(desk.verdict("102", Presented::Serial("04bb")), OPENED);

    let mut desk = turned(|knobs| knobs.encoder_write_seconds = 40);
    Job::start(&mut desk, "POST", ENCODE, Some(&stay(&["101"])));
    let waiting = Job::start(&mut desk, "POST", ENCODE, Some(&stay(&["102"])));
    place(&mut desk, "04aa");
    pass(&mut desk, 30);
    assert_eq!(waiting.failure(&mut desk), (503, json!(50385), json!(85)));
}

#[test]
fn an_encoder_without_connection_refuses_at_once_and_fails_what_it_had() {
    let mut desk = Desk::open();
    let job = Job::start(&mut desk, "POST", ENCODE, Some(&stay(&["101"])));
    desk.hotel.set_encoder_online(desk.now, "front-desk-1", false).unwrap();
    assert_eq!(job.failure(&mut desk), (503, json!(50301), json!(3)));
    let (status, error) = desk.send("POST", ENCODE, Some(&stay(&["102"])));
    assert_eq!((status, &error["code"]), (503, &json!(50301)));
    assert_eq!(desk.hotel.cards().count(), 1, "no record is made for an encoder that is not there");
    assert_eq!(desk.get("/api/v1/encoders")[0]["online"], false);
    assert_eq!(desk.send("POST", &ENCODE.replace("front-desk-1", "lobby"), Some(&stay(&["102"]))).0, 404);
    assert_eq!(desk.send("POST", "/api/v1/cards?action=encode", Some(&stay(&["102"]))).0, 400);
}

#[test]
fn a_medium_that_becomes_another_card_is_marked_as_overwritten_there() {
    let mut desk = Desk::open();
    for room in ["101", "102"] {
        place(&mut desk, "04aa");
        assert_eq!(desk.send("POST", ENCODE, Some(&stay(&[room]))).0, 201);
    }
    assert_eq!(
        (desk.card(100_001)["overwritten"].clone(), desk.card(100_002)["overwritten"].clone()),
        (json!(true), json!(false))
    );
}

#[test]
fn with_the_polling_knob_202_comes_at_once_and_the_card_tells_the_end() {
    let mut desk = turned(|knobs| knobs.encode_answer = EncodeAnswer::Poll);
    let (status, card) = desk.send("POST", ENCODE, Some(&stay(&["101"])));
    assert_eq!((status, &card["notIssued"], &card["encoding"]["resultCode"]), (202, &json!(true), &Value::Null));
    place(&mut desk, "04aa");
    let card = desk.card(100_001);
    assert_eq!((&card["notIssued"], &card["encoding"]["resultCode"]), (&json!(false), &json!(0)));
    desk.send("POST", ENCODE, Some(&stay(&["102"])));
    pass(&mut desk, 30);
    let card = desk.card(100_002);
    assert_eq!((&card["notIssued"], &card["encoding"]["resultCode"]), (&json!(true), &json!(41)));
}

#[test]
fn the_card_on_an_encoder_is_read_with_the_times_that_are_on_it() {
    let mut desk = Desk::open();
    let target = "/api/v1/encoders/front-desk-1/card";
    let job = Job::start(&mut desk, "GET", target, None);
    place(&mut desk, "04aa");
    assert_eq!(job.end(&mut desk), (200, Value::Null), "a blank card");
    assert_eq!(desk.send("POST", ENCODE, Some(&stay(&["101"]))).0, 201);
    let (status, card) = desk.send("GET", target, None);
    assert_eq!((status, &card["id"], &card["serialNumber"]), (200, &json!("100001"), &json!("04aaffffffffffff")));
    assert_eq!((&card["startTime"], &card["expireTime"]), (&json!("20251114T1000"), &json!("20251116T1100")));
    let stranger = json!({"function": "staff", "user_group": 7});
    let program = plain("POST", "/control/v1/media/04bb/program", Some(&stranger));
    assert_eq!(desk.hotel.control(desk.now, &program).status(), 200);
    place(&mut desk, "04bb");
    assert_eq!(desk.send("GET", target, None).1["code"], 40401);
}

#[test]
fn an_image_becomes_a_key_only_on_the_media_it_was_sealed_for() {
    let mut desk = turned(|knobs| knobs.pending_image_write = PendingImageWrite::ByHand);
    let order = |desk: &mut Desk, serials: Value| {
        let mut body = stay(&["101"]);
        body["serialNumbers"] = serials;
        let (status, card) = desk.send("POST", "/api/v1/cards?override=true&pendingImage=true", Some(&body));
        assert_eq!((status, &card["notIssued"]), (201, &json!(false)));
        card["encryptedImage"].as_str().unwrap().to_owned()
    };
    let image = order(&mut desk, json!(["04aa"]));
    assert!(image.len() == 48 && image.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert!(desk.hotel.present(desk.now, "101", Presented::Serial("04aa")).is_err(), "still blank");
    assert_eq!(desk.hotel.write_sealed("04bb", &image), Ok(false));
    assert_eq!(desk.verdict("101", Presented::Serial("04bb")), "refused no_key ");
    assert_eq!(desk.hotel.write_sealed("04AAff", &image.to_uppercase()), Ok(true));
    assert_eq!(desk.verdict("101", Presented::Serial("04aa")), OPENED);
    let other = order(&mut desk, json!(["04cc"]));
    assert_ne!(image, other);
    let forged = format!("{}{}", &other[..47], if other.ends_with('0') { '1' } else { '0' });
    assert_eq!(desk.hotel.write_sealed("04cc", &forged), Ok(false));
    for wrong in ["", "zz", &"0".repeat(48), &image[..46]] {
        assert!(desk.hotel.write_sealed("04aa", wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_client_that_has_gone_leaves_the_encoder_at_work() {
    let mut desk = Desk::open();
    let job = Job::start(&mut desk, "POST", ENCODE, Some(&stay(&["101"])));
    desk.hotel.abandon(job.0);
    place(&mut desk, "04aa");
    assert_eq!(desk.verdict("101", Presented::Serial("04aa")), OPENED);
    assert!(matches!(desk.hotel.resume(desk.now, job.0), Exchange::ReplyLost));
}

#[test]
fn the_same_card_is_sealed_differently_for_another_medium() {
    let sealed = |serial: &str| {
        let mut body = stay(&["101"]);
        body["serialNumbers"] = json!([serial]);
        Desk::open().send("POST", "/api/v1/cards?override=true&pendingImage=true", Some(&body)).1
    };
    let (one, other) = (sealed("04aa"), sealed("04bb"));
    assert_eq!(one["id"], other["id"]);
    assert_ne!(one["encryptedImage"], other["encryptedImage"]);
}
