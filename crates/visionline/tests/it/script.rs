//! A scripted lock server: answers in order, and a note of what was asked.

use http::{Request, Response};
use innkeep_visionline::transport::Delivery;
use innkeep_visionline::{
    Answer, CardFormat, CardRequest, CreateMode, Error, Medium, Operation, Options, Secret, Session, Step,
    TransportFailure,
};
use jiff::Timestamp;
use jiff::civil::date;

pub const OPENED: (u16, &str) = (201, r#"{"id":"7f3a","accessKey":"k3yForTestsOnly"}"#);
pub const NOT_FOUND: (u16, &str) = (404, r#"{"status":404,"code":40401,"message":"Resource does not exist"}"#);
pub const SESSION_GONE: (u16, &str) = (401, r#"{"code":40104,"message":"Session unknown"}"#);

pub fn now() -> Timestamp {
    "2025-11-14T10:15:30Z".parse().unwrap()
}

pub fn session() -> Session {
    Session::new("sym", Secret::new("sym-password"), Options::default())
}

pub fn answer((status, body): (u16, &str)) -> Delivery {
    Ok(Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap())
}

pub fn lost() -> Delivery {
    Err(TransportFailure::Lost("connection reset".into()))
}

pub fn not_sent() -> Delivery {
    Err(TransportFailure::NotSent("connection refused".into()))
}

/// One request as a line: method, path and query, body.
pub fn line(request: &Request<Vec<u8>>) -> String {
    let body = String::from_utf8(request.body().clone()).unwrap();
    format!("{} {} {body}", request.method(), request.uri()).trim_end().to_string()
}

/// Runs an operation against a script. Every answer must be asked for, and none more.
pub fn run(
    session: &mut Session,
    operation: Operation,
    script: impl IntoIterator<Item = Delivery>,
) -> (Vec<String>, Result<Answer, Error>) {
    let mut script = script.into_iter();
    let mut asked = Vec::new();
    let mut step = session.start(operation, now());
    loop {
        match step {
            Step::Done(result) => {
                assert_eq!(script.count(), 0, "answers left over after {asked:#?}");
                return (asked, result);
            }
            Step::Send(request) => {
                asked.push(line(&request));
                let delivery = script.next().unwrap_or_else(|| panic!("no answer left for {asked:#?}"));
                step = session.reply(delivery, now());
            }
        }
    }
}

/// A session that is open already.
pub fn open_session() -> Session {
    let mut session = session();
    let (_, result) = run(&mut session, Operation::OpenSession, [answer(OPENED)]);
    assert_eq!(result.unwrap(), Answer::SessionOpened);
    session
}

pub fn phone_key() -> Operation {
    Operation::CreateCard(Box::new(CardRequest {
        mode: CreateMode::Override,
        medium: Medium::Phone { endpoint_id: "ep-1".into() },
        format: CardFormat::Rfid48,
        start: Some(date(2025, 11, 14).at(15, 0, 0, 0)),
        expire: date(2025, 11, 16).at(11, 0, 0, 0),
        label: None,
        description: None,
        card_holder: Some("ik-1".into()),
        guest_doors: vec!["101".into()],
        common_doors: Vec::new(),
    }))
}
