//! Answers in the shapes that real servers are known or suspected to send, and in any other.

use http::Response;
use innkeep_visionline::{Answer, Operation, Step};
use jiff::civil::date;
use proptest::prelude::*;

use crate::script::{OPENED, answer, now, open_session, phone_key, run, session};

fn cards_at_door() -> Operation {
    Operation::CardsAtDoor { door: "101".into(), valid_at: date(2025, 11, 14).at(15, 0, 0, 0) }
}

#[test]
fn card_ids_of_a_new_card_come_in_many_spellings() {
    for (reply, id, credential_id) in [
        (r#"{"credentialID":15}"#, None, Some("15")),
        (r#"{"credentialId":"15"}"#, None, Some("15")),
        (r#"{"ID":100060,"CREDENTIALID":"15"}"#, Some("100060"), Some("15")),
        (r#"{"uniqueRegistrationNumber":100060}"#, Some("100060"), None),
        ("\u{feff}{\"id\":\"100060\"}", Some("100060"), None),
    ] {
        let (_, result) = run(&mut open_session(), phone_key(), [answer((201, reply))]);
        let Answer::CardCreated { card, .. } = result.unwrap() else { panic!("not a new card: {reply}") };
        assert_eq!((card.id.as_deref(), card.credential_id.as_deref()), (id, credential_id), "{reply}");
    }
}

#[test]
fn lists_of_cards_come_as_objects_or_ids_or_null() {
    for (reply, expected) in [
        ((200, r#"[{"id":"1"},{"id":2}]"#), vec![Some("1"), Some("2")]),
        ((200, r#"["1",2,null]"#), vec![Some("1"), Some("2")]),
        ((200, r#"[{}]"#), vec![None]),
        ((200, "[]"), vec![]),
        ((200, "null"), vec![]),
        ((204, ""), vec![]),
    ] {
        let (_, result) = run(&mut open_session(), cards_at_door(), [answer(reply)]);
        let Answer::Cards(cards) = result.unwrap() else { panic!("not cards: {reply:?}") };
        assert_eq!(cards.iter().map(|card| card.id.as_deref()).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn that_there_is_no_card_is_never_concluded_from_an_answer_that_did_not_say_so() {
    for reply in ["", " ", "{}", "false", r#"{"cards":[]}"#, "<html></html>", "[[]]", "[true]"] {
        let (_, result) = run(&mut open_session(), cards_at_door(), [answer((200, reply))]);
        assert!(result.is_err(), "{reply:?}");
    }
}

#[test]
fn a_medium_without_a_record_is_an_answer() {
    for reply in [(200, "null"), (200, ""), (204, "")] {
        let (_, result) = run(&mut open_session(), Operation::ReadEncoder("1".into()), [answer(reply)]);
        assert_eq!(result.unwrap(), Answer::CardOnEncoder(None));
    }
}

fn any_operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        Just(Operation::OpenSession),
        Just(Operation::ListDoors),
        any::<String>().prop_map(Operation::ReadDoor),
        Just(Operation::ListEncoders),
        Just(phone_key()),
        any::<String>().prop_map(Operation::ReadCard),
        Just(cards_at_door()),
        any::<String>().prop_map(Operation::CardsOnMedium),
        any::<String>().prop_map(Operation::ReadEncoder),
        any::<String>().prop_map(Operation::DiscardCard),
        any::<String>().prop_map(Operation::CheckOut),
        Just(Operation::Close),
    ]
}

/// Bytes, and JSON that looks almost right.
fn any_body() -> impl Strategy<Value = Vec<u8>> {
    let value = prop_oneof![
        Just("null".to_string()),
        Just("true".to_string()),
        any::<f64>().prop_map(|number| format!("{number:?}")),
        any::<i64>().prop_map(|number| number.to_string()),
        "\"[ -!#-\\[\\]-~]{0,20}\"",
        Just("\"20251114T1500\"".to_string()),
        Just("[{\"doors\":[1,\"é\"],\"operation\":null}]".to_string()),
        Just("[]".to_string()),
    ];
    let name = prop::sample::select(vec![
        "id",
        "ID",
        "accessKey",
        "credentialID",
        "endpointId",
        "code",
        "message",
        "discarded",
        "doorOperations",
        "startTime",
        "expireTime",
        "serialNumbers",
        "profiles",
        "doorName",
        "format",
        "numberOfIssuedCards",
    ]);
    let object = prop::collection::vec((name, value), 0..6).prop_map(|members| {
        let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    });
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..64),
        object.clone().prop_map(String::into_bytes),
        prop::collection::vec(object, 0..3).prop_map(|list| format!("[{}]", list.join(",")).into_bytes()),
    ]
}

proptest! {
    #[test]
    fn no_answer_makes_the_driver_panic_or_ask_for_ever(
        operation in any_operation(),
        opened in any::<bool>(),
        answers in prop::collection::vec((100..=599_u16, any_body(), "[ -~]{0,40}"), 20),
    ) {
        let mut session = if opened { open_session() } else { session() };
        let mut step = session.start(operation, now());
        for (status, body, date) in answers {
            let Step::Send(_) = step else { break };
            let response = Response::builder().status(status).header("date", date).body(body).unwrap();
            step = session.reply(Ok(response), now());
        }
        prop_assert!(matches!(step, Step::Done(_)), "still asking after 20 answers");
    }

    #[test]
    fn whatever_a_door_is_called_its_request_stays_below_its_path(door in "\\PC{1,20}") {
        prop_assume!(door != "." && door != "..");
        let Step::Send(request) = open_session().start(Operation::ReadDoor(door.clone()), now()) else {
            panic!("nothing to send")
        };
        let segment = request.uri().path().strip_prefix("/api/v1/doors/").unwrap();
        prop_assert!(!segment.contains('/') && request.uri().query().is_none());
        let decoded = percent_encoding::percent_decode_str(segment).decode_utf8().unwrap();
        prop_assert_eq!(decoded, door);
    }

    #[test]
    fn a_session_id_of_any_text_never_panics(id in any::<String>(), access_key in any::<String>()) {
        let opened = serde_json::json!({"id": id, "accessKey": access_key}).to_string();
        let mut session = session();
        let mut step = session.start(Operation::ListEncoders, now());
        for body in [opened.as_str(), "[]"] {
            let Step::Send(_) = step else { break };
            step = session.reply(answer((OPENED.0, body)), now());
        }
        prop_assert!(matches!(step, Step::Done(_)));
    }
}
