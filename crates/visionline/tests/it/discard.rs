//! Discarding: the dialects in order, the confirmation, the memory.

use innkeep_visionline::{Answer, DiscardDialect, Effect, ErrorKind, Operation, Options, Secret, Session, Setback};

use crate::script::{NOT_FOUND, OPENED, SESSION_GONE, answer, lost, not_sent, open_session, run};

const POST_FLAG: &str = r#"POST /api/v1/cards/7 {"discarded":true}"#;
const PUT_FLAG: &str = r#"PUT /api/v1/cards/7 {"discarded":true}"#;
const POST_ACTION: &str = "POST /api/v1/cards/7?action=discard";
const DELETE: &str = "DELETE /api/v1/cards/7";
const LOOK: &str = "GET /api/v1/cards/7";

const OK: (u16, &str) = (200, "");
const NOT_ALLOWED: (u16, &str) = (405, "<html>no such verb</html>");
const DISCARDED: (u16, &str) = (200, r#"{"id":"7","discarded":"true"}"#);
const IN_USE: (u16, &str) = (200, r#"{"id":"7","discarded":false}"#);

fn discard() -> Operation {
    Operation::DiscardCard("7".into())
}

#[test]
fn a_discard_is_confirmed_by_looking_at_the_card() {
    let mut session = open_session();
    let (asked, result) = run(&mut session, discard(), [OK, DISCARDED].map(answer));
    assert_eq!(asked, [POST_FLAG, LOOK]);
    assert_eq!(result.unwrap(), Answer::CardDiscarded);
    assert_eq!(session.discard_dialect(), Some(DiscardDialect::PostFlag));
}

#[test]
fn the_dialects_are_tried_in_order_until_one_is_confirmed() {
    let mut session = open_session();
    let script = [
        (400, ""),   // POST with the flag
        NOT_ALLOWED, // PUT with the flag
        NOT_FOUND,   // POST with the action, so the card is looked at:
        IN_USE,      // it is there, so the way of asking is unknown
        (204, ""),   // DELETE
        NOT_FOUND,   // and the record is gone
    ];
    let (asked, result) = run(&mut session, discard(), script.map(answer));
    assert_eq!(asked, [POST_FLAG, PUT_FLAG, POST_ACTION, LOOK, DELETE, LOOK]);
    assert_eq!(result.unwrap(), Answer::CardDiscarded);
    assert_eq!(session.discard_dialect(), Some(DiscardDialect::Delete));

    let (asked, _) = run(&mut session, discard(), [(204, ""), NOT_FOUND].map(answer));
    assert_eq!(asked, [DELETE, LOOK], "the confirmed dialect is remembered");
}

#[test]
fn a_success_that_changes_nothing_is_not_believed() {
    let mut session = open_session();
    let (asked, result) = run(&mut session, discard(), [OK, IN_USE, OK, DISCARDED].map(answer));
    assert_eq!(asked, [POST_FLAG, LOOK, PUT_FLAG, LOOK]);
    assert_eq!(result.unwrap(), Answer::CardDiscarded);
    assert_eq!(session.discard_dialect(), Some(DiscardDialect::PutFlag));
}

#[test]
fn a_dialect_from_the_settings_goes_first_and_the_others_stay_in_reserve() {
    let options = Options { discard_dialect: Some(DiscardDialect::Delete), ..Options::default() };
    let mut session = Session::new("sym", Secret::new("sym"), options);
    let script = [OPENED, NOT_ALLOWED, OK, DISCARDED];
    let (asked, result) = run(&mut session, discard(), script.map(answer));
    assert_eq!(asked[1..], [DELETE, POST_FLAG, LOOK]);
    assert_eq!(result.unwrap(), Answer::CardDiscarded);
    assert_eq!(session.discard_dialect(), Some(DiscardDialect::PostFlag));
}

#[test]
fn a_card_that_the_server_does_not_know_is_gone_and_teaches_no_dialect() {
    let mut session = open_session();
    let (asked, result) = run(&mut session, discard(), [NOT_FOUND, (404, "")].map(answer));
    assert_eq!(asked, [POST_FLAG, LOOK]);
    assert_eq!(result.unwrap(), Answer::CardDiscarded);
    assert_eq!(session.discard_dialect(), None);
}

#[test]
fn a_proxys_page_is_no_proof_that_a_card_is_gone() {
    let page = (404, "<html>Service is being restarted</html>");
    let (asked, result) = run(&mut open_session(), discard(), [page, page].map(answer));
    assert_eq!(asked, [POST_FLAG, LOOK]);
    let error = result.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Transient(_)), "{error:?}");
    assert_eq!(error.effect, Effect::NotDone);
}

#[test]
fn a_conflict_is_fine_if_the_card_is_discarded_already() {
    let conflict = (409, r#"{"code":40903,"message":"already discarded"}"#);
    let (_, result) = run(&mut open_session(), discard(), [conflict, DISCARDED].map(answer));
    assert_eq!(result.unwrap(), Answer::CardDiscarded);

    let (_, result) = run(&mut open_session(), discard(), [conflict, IN_USE].map(answer));
    let error = result.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Refused(_)), "{error:?}");
}

#[test]
fn a_server_that_knows_no_dialect_refuses_for_good() {
    let (asked, result) = run(&mut open_session(), discard(), [NOT_ALLOWED; 4].map(answer));
    assert_eq!(asked, [POST_FLAG, PUT_FLAG, POST_ACTION, DELETE]);
    let error = result.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Refused(_)), "{error:?}");
    assert_eq!(error.effect, Effect::NotDone);
}

#[test]
fn a_discard_that_is_never_confirmed_stays_open() {
    let script = [OK, IN_USE, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED];
    let (_, result) = run(&mut open_session(), discard(), script.map(answer));
    let error = result.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Transient(Setback::DiscardNotConfirmed)), "{error:?}");
    assert_eq!(error.effect, Effect::Unknown);
}

#[test]
fn a_session_that_expires_in_the_middle_is_opened_anew_and_the_look_repeated() {
    let script = [OK, SESSION_GONE, OPENED, DISCARDED];
    let (asked, result) = run(&mut open_session(), discard(), script.map(answer));
    assert_eq!(asked[..2], [POST_FLAG, LOOK]);
    assert_eq!(asked[3], LOOK);
    assert_eq!(result.unwrap(), Answer::CardDiscarded);
}

#[test]
fn after_an_acknowledged_discard_every_failure_leaves_the_effect_unknown() {
    let ends: [fn() -> Vec<_>; 6] = [
        || vec![lost()],
        || vec![not_sent()],
        || vec![answer((500, ""))],
        || vec![answer((200, "garbage"))],
        || vec![answer(SESSION_GONE), not_sent()],
        || vec![answer(SESSION_GONE), answer(OPENED), answer(SESSION_GONE)],
    ];
    for (index, end) in ends.into_iter().enumerate() {
        let script = [answer(OK)].into_iter().chain(end());
        let (_, result) = run(&mut open_session(), discard(), script);
        assert_eq!(result.unwrap_err().effect, Effect::Unknown, "end {index}");
    }
}

#[test]
fn a_discard_whose_answer_is_lost_has_an_unknown_effect() {
    let (_, result) = run(&mut open_session(), discard(), [lost()]);
    let error = result.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Transient(Setback::AnswerLost(_))), "{error:?}");
    assert_eq!(error.effect, Effect::Unknown);
}
