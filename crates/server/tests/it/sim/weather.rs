//! Faults over the wire (design 9), and the handles of a test (style 3.7).

use serde_json::{Value, json};

use super::{
    process::{PLAIN, Sim, TLS},
    wire::{Answer, Session, Wire, digest},
};

const DATE: &str = "Fri, 14 Nov 2025 10:15:30 GMT";
const JSON: &str = "application/json;charset=utf-8";
const CREATE: &str = "/api/v1/cards?action=mobileAccess&override=true";
const BODY: &str = r#"{"expireTime":"29991116T1100","format":"rfid48","endPointID":"ep-1","doorOperations":[{"doors":["101"],"operation":"guest"}]}"#;

struct Client {
    sim: Sim,
    session: Session,
}

impl Client {
    fn start(arguments: &[&str]) -> Self {
        let sim = Sim::start(arguments);
        sim.control("POST", "phones", &json!({"endpoint_id": "ep-1"}));
        let session = log_in(&sim);
        Self { sim, session }
    }

    fn create(&self) -> String {
        let md5 = digest(BODY);
        let authorization = self.session.sign("POST", &md5, JSON, DATE, CREATE);
        format!(
            "POST {CREATE} HTTP/1.1\r\nHost: v\r\nDate: {DATE}\r\nContent-Type: {JSON}\r\nContent-MD5: {md5}\r\n\
             Authorization: {authorization}\r\nContent-Length: {}\r\n\r\n{BODY}",
            BODY.len()
        )
    }

    fn doors(&self) -> String {
        let authorization = self.session.sign("GET", "", "", DATE, "/api/v1/doors/101");
        format!("GET /api/v1/doors/101 HTTP/1.1\r\nHost: v\r\nDate: {DATE}\r\nAuthorization: {authorization}\r\n\r\n")
    }

    /// The answer on a connection of its own; `None` if it was cut.
    fn send(&self, request: &str) -> Option<Answer> {
        let mut wire = self.sim.connect();
        wire.send(request);
        wire.answer()
    }

    fn order(&self, body: &Value) {
        self.sim.control("POST", "faults", body);
    }

    fn cards(&self) -> usize {
        self.sim.control("GET", "cards", &Value::Null)["cards"].as_array().unwrap().len()
    }
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
fn unreachable_cuts_the_connection_before_and_lost_reply_after_the_work() {
    for arguments in [TLS, PLAIN] {
        let client = Client::start(arguments);
        client.order(&json!({"kind": "unreachable", "count": 2}));
        for _ in 0..2 {
            assert!(client.send(&client.create()).is_none());
        }
        assert_eq!(client.cards(), 0);
        client.order(&json!({"kind": "lost_reply", "count": 1}));
        assert!(client.send(&client.create()).is_none());
        assert_eq!(client.cards(), 1);
        assert_eq!(client.send(&client.create()).unwrap().status, 201);
    }
}

#[test]
fn errors_garbage_and_lost_sessions_are_counted_and_pass() {
    let client = Client::start(PLAIN);
    client.order(&json!({"kind": "server_error", "count": 1}));
    assert_eq!(client.send(&client.create()).unwrap().status, 500);
    assert_eq!(client.cards(), 0);
    client.order(&json!({"kind": "garbage", "count": 1}));
    let garbage = client.send(&client.create()).unwrap();
    assert_eq!(garbage.status, 200);
    assert!(serde_json::from_slice::<Value>(&garbage.body).is_err());
    assert_eq!(client.cards(), 1);
    client.order(&json!({"kind": "slow", "count": 1, "delay_ms": 1}));
    assert_eq!(client.send(&client.create()).unwrap().status, 201);
    assert_eq!(client.sim.control("GET", "faults", &Value::Null), json!({"faults": []}));
    client.order(&json!({"kind": "session_expired", "count": 1}));
    let expired = client.send(&client.doors()).unwrap();
    assert_eq!((expired.status, &expired.json()["code"]), (401, &json!(40104)));
}

#[test]
fn a_silent_request_stays_without_answer_and_others_are_answered() {
    let client = Client::start(PLAIN);
    client.order(&json!({"kind": "silent", "count": 1}));
    let mut silent = client.sim.connect();
    silent.send(client.create());
    client.sim.until("requests", |counted| counted["by_route"]["POST /cards?action=mobileAccess"] == 1);
    assert_eq!(client.send(&client.doors()).unwrap().status, 200);
    assert_eq!(client.cards(), 0);
    drop(silent);
}

#[test]
fn held_requests_are_answered_one_at_a_time() {
    let client = Client::start(TLS);
    client.sim.control("POST", "answers", &json!({"held": true}));
    let mut wires: Vec<Wire> = Vec::new();
    for waiting in 1..=3 {
        let mut wire = client.sim.connect();
        wire.send(client.create());
        client.sim.until("answers", |answers| answers["waiting"] == waiting);
        wires.push(wire);
    }
    for (done, wire) in (1..).zip(&mut wires) {
        assert_eq!(client.cards(), done - 1);
        client.sim.control("POST", "answers/release", &json!({"count": 1}));
        assert_eq!(wire.answer().unwrap().status, 201);
        assert_eq!(client.cards(), done);
    }
    client.sim.control("POST", "answers", &json!({"held": false}));
    assert_eq!(client.send(&client.doors()).unwrap().status, 200);
}

#[test]
fn a_client_that_hangs_up_is_forgotten_and_its_request_never_worked_on() {
    let client = Client::start(PLAIN);
    client.sim.control("POST", "answers", &json!({"held": true}));
    let mut gone = client.sim.connect();
    gone.send(client.create());
    client.sim.until("answers", |answers| answers["waiting"] == 1);
    drop(gone);
    client.sim.until("answers", |answers| answers["waiting"] == 0);
    client.sim.control("POST", "answers", &json!({"held": false}));
    assert_eq!(client.cards(), 0);
}

#[test]
fn bytes_that_are_no_request_and_bodies_without_end_cost_their_connection_only() {
    let client = Client::start(PLAIN);
    let refused = |bytes: &[u8]| {
        let mut wire = client.sim.connect();
        wire.send(bytes);
        wire.answer().map(|answer| answer.status)
    };
    assert_eq!(refused(b"\x16\x03\x01\x02\x00\x01\xff\xff\r\n\r\n"), Some(400));
    assert_eq!(refused(b"GET /api/v1/doors\r\n\r\n"), Some(400));
    let huge = "POST /api/v1/sessions HTTP/1.1\r\nHost: v\r\nContent-Length: 99999999\r\n\r\n";
    assert_eq!(refused(huge.as_bytes()), Some(413));
    let head = format!("GET /api/v1/doors HTTP/1.1\r\nHost: v\r\nX: {}\r\n\r\n", "y".repeat(1_000_000));
    let mut wire = client.sim.connect();
    // The server may stop reading before all of it is sent.
    let _ = wire.try_send(&head);
    assert_eq!(client.send(&client.doors()).unwrap().status, 200);
}
