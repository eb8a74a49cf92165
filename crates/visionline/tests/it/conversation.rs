//! Sessions: opened when needed, opened anew once, closed for good.

use http::Response;
use innkeep_visionline::{Answer, Effect, ErrorKind, Operation, Setback, Step, Unsendable};
use jiff::SignedDuration;
use jiff::civil::date;

use crate::script::{NOT_FOUND, OPENED, SESSION_GONE, answer, line, now, open_session, phone_key, run, session};

const OPEN: &str = r#"POST /api/v1/sessions {"username":"sym","password":"sym-password"}"#;
const CREATE: &str = concat!(
    "POST /api/v1/cards?action=mobileAccess&override=true ",
    r#"{"expireTime":"20251116T1100","startTime":"20251114T1500","format":"rfid48","endPointID":"ep-1","#,
    r#""cardHolder":"ik-1","doorOperations":[{"doors":["101"],"operation":"guest"}]}"#
);
const CREATED: (u16, &str) = (201, r#"{"id":"100060","credentialID":15}"#);

#[test]
fn the_first_operation_opens_a_session_and_the_next_uses_it() {
    let mut session = session();
    let (asked, result) = run(&mut session, phone_key(), [answer(OPENED), answer(CREATED)]);
    assert_eq!(asked, [OPEN, CREATE]);
    let Answer::CardCreated { card, pending } = result.unwrap() else { panic!("not a new card") };
    assert_eq!(card.id.as_deref(), Some("100060"));
    assert_eq!(card.credential_id.as_deref(), Some("15"));
    assert!(!pending);

    let (asked, result) = run(&mut session, Operation::ReadCard("100060".into()), [answer((200, "{}"))]);
    assert_eq!(asked, ["GET /api/v1/cards/100060"]);
    assert!(matches!(result, Ok(Answer::Card(_))));
}

#[test]
fn opening_a_session_is_not_signed_but_hashed() {
    let Step::Send(request) = session().start(Operation::OpenSession, now()) else { panic!("nothing to send") };
    assert!(!request.headers().contains_key("authorization"));
    assert_eq!(request.headers()["content-type"], "application/json; charset=utf-8");
    assert_eq!(request.headers()["date"], "Fri, 14 Nov 2025 10:15:30 GMT");
    // MD5 of {"username":"sym","password":"sym-password"}, computed apart from this code.
    assert_eq!(request.headers()["content-md5"], "n7ov91kroci9IFtJbuDitg==");
}

#[test]
fn an_expired_session_is_opened_anew_and_the_request_repeated_once() {
    let mut session = open_session();
    let script = [SESSION_GONE, OPENED, CREATED].map(answer);
    let (asked, result) = run(&mut session, phone_key(), script);
    assert_eq!(asked, [CREATE, OPEN, CREATE]);
    assert!(matches!(result, Ok(Answer::CardCreated { .. })));
}

#[test]
fn a_second_401_ends_the_operation_for_now_with_nothing_done() {
    let mut session = open_session();
    let script = [SESSION_GONE, OPENED, SESSION_GONE].map(answer);
    let (asked, result) = run(&mut session, phone_key(), script);
    assert_eq!(asked, [CREATE, OPEN, CREATE]);
    let error = result.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Transient(Setback::SessionRefused(_))), "{error:?}");
    assert_eq!(error.effect, Effect::NotDone);

    let (asked, _) = run(&mut session, phone_key(), [answer(OPENED), answer(CREATED)]);
    assert_eq!(asked, [OPEN, CREATE], "the session that was refused is not tried again");
}

#[test]
fn a_401_to_opening_a_session_means_wrong_credentials() {
    let wrong = (401, r#"{"code":40101,"message":"Unknown operator"}"#);
    let (asked, result) = run(&mut session(), phone_key(), [answer(wrong)]);
    assert_eq!(asked, [OPEN]);
    let error = result.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::CredentialsWrong(_)), "{error:?}");
    assert_eq!(error.effect, Effect::NotDone);
    assert_eq!(error.refusal().unwrap().message, "Unknown operator");

    let (_, result) = run(&mut open_session(), phone_key(), [SESSION_GONE, wrong].map(answer));
    assert!(matches!(result.unwrap_err().kind, ErrorKind::CredentialsWrong(_)));
}

#[test]
fn an_operator_without_rights_stops_all_work_like_a_wrong_password() {
    let (_, result) = run(&mut session(), phone_key(), [answer((403, r#"{"code":40302}"#))]);
    assert!(matches!(result.unwrap_err().kind, ErrorKind::CredentialsWrong(_)));
}

#[test]
fn a_refusal_to_open_a_session_does_not_end_the_operation_for_good() {
    let (_, result) = run(&mut session(), phone_key(), [answer((404, "<html>starting</html>"))]);
    let error = result.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Transient(Setback::ServerError(_))), "{error:?}");
    assert_eq!(error.effect, Effect::NotDone);
}

#[test]
fn closing_deletes_the_session_and_forgets_it() {
    for ending in [(201, ""), (200, "{}"), SESSION_GONE, NOT_FOUND] {
        let mut session = open_session();
        let (asked, result) = run(&mut session, Operation::Close, [answer(ending)]);
        assert_eq!(asked, ["DELETE /api/v1/sessions/7f3a"]);
        assert_eq!(result.unwrap(), Answer::Closed);

        let (asked, result) = run(&mut session, Operation::Close, []);
        assert!(asked.is_empty());
        assert_eq!(result.unwrap(), Answer::Closed);
    }
}

#[test]
fn a_session_is_signed_away_with_the_vector_of_the_specification() {
    let Step::Send(request) = open_session().start(Operation::Close, now()) else { panic!("nothing to send") };
    assert_eq!(request.headers()["authorization"], "AWS 7f3a:pcfOPdLbxWufRf6CRi3CiAoJB6E=");
}

#[test]
fn a_session_that_could_not_be_closed_is_forgotten_all_the_same() {
    let mut session = open_session();
    let (_, result) = run(&mut session, Operation::Close, [answer((500, ""))]);
    assert!(matches!(result.unwrap_err().kind, ErrorKind::Transient(_)));
    let (asked, _) = run(&mut session, Operation::OpenSession, [answer(OPENED)]);
    assert_eq!(asked, [OPEN]);
}

#[test]
fn an_open_session_needs_no_opening() {
    let (asked, result) = run(&mut open_session(), Operation::OpenSession, []);
    assert!(asked.is_empty());
    assert_eq!(result.unwrap(), Answer::SessionOpened);
}

#[test]
fn a_session_id_that_fits_into_no_header_or_path_is_not_understood() {
    for opened in [
        r#"{"id":"a\nb","accessKey":"k"}"#,
        r#"{"id":"..","accessKey":"k"}"#,
        r#"{"id":"","accessKey":"k"}"#,
        r#"{"id":"a"}"#,
        r#"{}"#,
        "",
    ] {
        let (_, result) = run(&mut session(), phone_key(), [answer((201, opened))]);
        let error = result.unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Transient(Setback::Unreadable(_))), "{opened}");
        assert_eq!(error.effect, Effect::NotDone);
    }
}

#[test]
fn an_operation_whose_answer_was_given_up_does_not_hinder_the_next() {
    let mut session = open_session();
    let Step::Send(request) = session.start(phone_key(), now()) else { panic!("nothing to send") };
    assert_eq!(line(&request), CREATE);
    let (asked, result) = run(&mut session, Operation::ListEncoders, [answer((200, "[]"))]);
    assert_eq!(asked, ["GET /api/v1/encoders"]);
    assert_eq!(result.unwrap(), Answer::Encoders(Vec::new()));
}

#[test]
fn the_server_clock_is_learned_from_its_date() {
    let mut session = session();
    let Step::Send(_) = session.start(Operation::OpenSession, now()) else { panic!("nothing to send") };
    let response = Response::builder().status(201).header("date", "Fri, 14 Nov 2025 10:20:00 GMT");
    let response = response.body(OPENED.1.as_bytes().to_vec()).unwrap();
    assert!(matches!(session.reply(Ok(response), now()), Step::Done(Ok(_))));
    assert_eq!(session.server_clock_offset(), Some(SignedDuration::from_secs(270)));
}

#[test]
fn doors_are_listed_plainly_where_details_are_refused() {
    let mut session = open_session();
    let script = [answer((400, "")), answer((200, r#"[{"id":"101"},{"id":"Gym"}]"#))];
    let (asked, result) = run(&mut session, Operation::ListDoors, script);
    assert_eq!(asked, ["GET /api/v1/doors?details=true", "GET /api/v1/doors"]);
    let Answer::Doors(doors) = result.unwrap() else { panic!("not doors") };
    assert_eq!(doors.iter().map(|door| door.id.as_str()).collect::<Vec<_>>(), ["101", "Gym"]);

    let (asked, result) = run(&mut session, Operation::ListDoors, [(400, ""), (404, "")].map(answer));
    assert_eq!(asked.len(), 2);
    assert!(result.unwrap_err().is_missing());
}

#[test]
fn each_operation_has_its_request() {
    let valid_at = date(2025, 11, 14).at(15, 0, 0, 0);
    for (operation, expected) in [
        (Operation::ReadDoor("Main Entrance".into()), "GET /api/v1/doors/Main%20Entrance"),
        (Operation::ListEncoders, "GET /api/v1/encoders"),
        (Operation::ReadCard("a/b".into()), "GET /api/v1/cards/a%2Fb"),
        (
            Operation::CardsAtDoor { door: "101".into(), valid_at },
            "GET /api/v1/cards?guestDoor=101&validTime=20251114T1500",
        ),
        (Operation::CardsOnMedium("04A1B2C3D4E5F6".into()), "GET /api/v1/cards?serialNumber=04a1b2c3d4e5f6ff"),
        (Operation::ReadEncoder("Front Desk 1".into()), "GET /api/v1/encoders/Front%20Desk%201/card"),
        (Operation::CheckOut("101".into()), r#"POST /api/v1/doors/101 {"checkedOut":true}"#),
    ] {
        let Step::Send(request) = open_session().start(operation, now()) else {
            panic!("nothing to send for {expected}")
        };
        assert_eq!(line(&request), expected);
    }
}

#[test]
fn an_id_that_would_name_something_else_is_never_sent() {
    for operation in
        [Operation::DiscardCard(String::new()), Operation::ReadCard("..".into()), Operation::CheckOut(".".into())]
    {
        let (asked, result) = run(&mut open_session(), operation, []);
        assert!(asked.is_empty());
        let error = result.unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Unsendable(Unsendable::Id { .. })), "{error:?}");
        assert_eq!(error.effect, Effect::NotDone);
    }
}

#[test]
fn a_step_shows_neither_password_nor_signature() {
    let shown = format!("{:?}", session().start(Operation::OpenSession, now()));
    assert_eq!(shown, "Send(POST /api/v1/sessions)");
    assert!(!format!("{:?}", open_session()).contains("sym-password"));
    assert!(!format!("{:?}", open_session()).contains("k3yForTestsOnly"));
}
