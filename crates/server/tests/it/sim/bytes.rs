//! One byte changed anywhere in what is signed, over a real socket: refused with 401 or 400, and nothing is done.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::{
    process::{PLAIN, Sim},
    wire::{Session, digest},
};

const DATE: &str = "Fri, 14 Nov 2025 10:15:30 GMT";
const CONTENT_TYPE: &str = "application/json; charset=utf-8";
const TARGET: &str = "/api/v1/cards?action=mobileAccess&override=true";
const BODY: &str = r#"{"expireTime":"29991116T1100","startTime":"20251114T1500","format":"rfid48","endPointID":"ep-1","label":"%ROOMRANGE%:%UUID%:%CARDNUM%","description":"Test","doorOperations":[{"doors":["101"],"operation":"guest"}]}"#;

/// The four parts of a signed request, in the order in which positions count through them.
fn parts() -> [Vec<u8>; 4] {
    [TARGET, DATE, CONTENT_TYPE, BODY].map(|part| part.as_bytes().to_vec())
}

fn request(authorization: &str, [target, date, content_type, body]: &[Vec<u8>; 4]) -> Vec<u8> {
    let mut bytes = b"POST ".to_vec();
    bytes.extend(target);
    bytes.extend(b" HTTP/1.1\r\nHost: v\r\nConnection: close\r\nDate: ");
    bytes.extend(date);
    bytes.extend(b"\r\nContent-Type: ");
    bytes.extend(content_type);
    bytes.extend(format!("\r\nContent-MD5: {}\r\nAuthorization: ", digest(BODY)).bytes());
    bytes.extend(format!("{authorization}\r\nContent-Length: {}\r\n\r\n", body.len()).bytes());
    bytes.extend(body);
    bytes
}

fn log_in(sim: &Sim) -> Session {
    let body = r#"{"username":"sym","password":"sym"}"#;
    Session::of(&sim.connect().ask(format!(
        "POST /api/v1/sessions HTTP/1.1\r\nHost: v\r\nContent-MD5: {}\r\nContent-Length: {}\r\n\r\n{body}",
        digest(body),
        body.len()
    )))
}

#[test]
fn one_changed_byte_of_path_date_content_type_or_body_is_refused_and_does_nothing() {
    let sim = Sim::start(PLAIN);
    sim.control("POST", "phones", &json!({"endpoint_id": "ep-1"}));
    let session = log_in(&sim);
    let authorization = session.sign("POST", &digest(BODY), CONTENT_TYPE, DATE, TARGET);
    let status = |parts: &[Vec<u8>; 4]| sim.connect().ask(request(&authorization, parts)).status;
    assert_eq!(status(&parts()), 201, "as it was signed");

    let length: usize = parts().iter().map(Vec::len).sum();
    let mut runner = TestRunner::new(Config { cases: 500, failure_persistence: None, ..Config::default() });
    let change = (0..length, 1_u8..=255);
    let outcome = runner.run(&change, |(position, difference)| {
        let mut changed = parts();
        *changed.iter_mut().flatten().nth(position).unwrap() ^= difference;
        let found = status(&changed);
        prop_assert!(found == 401 || found == 400, "{found} at {position} with {difference:#04x}");
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let cards = sim.control("GET", "cards", &Value::Null);
    assert_eq!(cards["cards"].as_array().unwrap().len(), 1);
    assert_eq!(status(&parts()), 201, "the session is still there");
}
