//! What a failure says about the write (promise P2): not done, or unknown.

use innkeep_visionline::{Answer, Effect, Error, ErrorKind, Operation};

use crate::script::{OPENED, answer, lost, not_sent, open_session, phone_key, run, session};

/// The sort of an error in one word, as design 7 sorts them.
fn sort(error: &Error) -> &'static str {
    match &error.kind {
        ErrorKind::Unreachable(_) => "unreachable",
        ErrorKind::CredentialsWrong(_) => "credentials wrong",
        ErrorKind::Refused(_) => "refused",
        ErrorKind::Transient(_) => "transient",
        ErrorKind::Unsendable(_) => "unsendable",
    }
}

#[test]
fn a_failed_write_is_sorted_and_says_whether_it_can_have_happened() {
    let rows: [((u16, &str), &str, Effect); 17] = [
        ((400, r#"{"code":40004}"#), "refused", Effect::NotDone),
        ((403, r#"{"code":40301}"#), "refused", Effect::NotDone),
        ((404, r#"{"code":40401}"#), "refused", Effect::NotDone),
        ((409, r#"{"code":40901}"#), "refused", Effect::NotDone),
        ((409, ""), "refused", Effect::NotDone),
        ((409, "<html>"), "refused", Effect::NotDone),
        ((429, ""), "transient", Effect::NotDone),
        ((408, ""), "transient", Effect::Unknown),
        ((500, r#"{"code":40401}"#), "transient", Effect::Unknown),
        ((502, "<html>"), "transient", Effect::Unknown),
        ((503, r#"{"code":50301}"#), "transient", Effect::Unknown),
        ((302, ""), "transient", Effect::Unknown),
        ((201, ""), "transient", Effect::Unknown),
        ((201, "garbage"), "transient", Effect::Unknown),
        ((201, "[]"), "transient", Effect::Unknown),
        ((201, r#"{"status":"fine"}"#), "transient", Effect::Unknown),
        ((200, "7"), "transient", Effect::Unknown),
    ];
    for (reply, expected, effect) in rows {
        let (_, result) = run(&mut open_session(), phone_key(), [answer(reply)]);
        let error = result.unwrap_err();
        assert_eq!((sort(&error), error.effect), (expected, effect), "{reply:?}");
    }
}

#[test]
fn a_lost_answer_to_a_write_is_unknown_and_an_unsent_one_not_done() {
    let (_, result) = run(&mut open_session(), phone_key(), [lost()]);
    let error = result.unwrap_err();
    assert_eq!((sort(&error), error.effect), ("transient", Effect::Unknown));

    let (_, result) = run(&mut open_session(), phone_key(), [not_sent()]);
    let error = result.unwrap_err();
    assert_eq!((sort(&error), error.effect), ("unreachable", Effect::NotDone));
}

#[test]
fn a_write_that_waits_for_its_session_is_certainly_not_done() {
    for opening in [lost(), not_sent(), answer((500, "")), answer((200, "garbage"))] {
        let (asked, result) = run(&mut session(), phone_key(), [opening]);
        assert_eq!(asked.len(), 1);
        assert_eq!(result.unwrap_err().effect, Effect::NotDone);
    }
}

#[test]
fn a_read_never_has_an_effect() {
    for delivery in [lost(), not_sent(), answer((500, "")), answer((200, "garbage")), answer((302, ""))] {
        let (_, result) = run(&mut open_session(), Operation::ReadCard("7".into()), [delivery]);
        assert_eq!(result.unwrap_err().effect, Effect::NotDone);
    }
}

#[test]
fn a_check_out_needs_no_readable_answer() {
    for reply in [(200, ""), (201, r#"{"id":"101"}"#), (204, "")] {
        let (_, result) = run(&mut open_session(), Operation::CheckOut("101".into()), [answer(reply)]);
        assert_eq!(result.unwrap(), Answer::CheckedOut);
    }
}

#[test]
fn an_order_that_was_only_taken_is_marked_as_pending() {
    let (_, result) = run(&mut session(), phone_key(), [OPENED, (202, r#"{"id":7}"#)].map(answer));
    assert!(matches!(result, Ok(Answer::CardCreated { pending: true, .. })));
}
