//! The conversations of four programs in the field (`spec/visionline.md` 8), told again byte by byte: their headers and
//! their order, their spellings, their slips.

use serde_json::{Value, json};

use super::{
    process::{PLAIN, Sim, TLS},
    wire::{Session, Wire, digest},
};

/// The property's wall time so many hours from now, as `yyyyMMddTHHmm`.
fn local(sim: &Sim, hours: i64) -> String {
    let clock = sim.control("GET", "clock", &Value::Null);
    let now: jiff::Timestamp = clock["now"].as_str().unwrap().parse().unwrap();
    let then = now + jiff::SignedDuration::from_hours(hours);
    then.in_tz("Europe/Stockholm").unwrap().strftime("%Y%m%dT%H%M").to_string()
}

fn enrol(sim: &Sim, endpoint_id: &str) {
    sim.control("POST", "phones", &json!({"endpoint_id": endpoint_id}));
}

fn on_both(conversation: impl Fn(&Sim)) {
    for arguments in [TLS, PLAIN] {
        conversation(&Sim::start(arguments));
    }
}

const BLANK: &str = "application/json; charset=utf-8";
const TIGHT: &str = "application/json;charset=utf-8";
const GMT: &str = "Fri, 14 Nov 2025 10:15:30 GMT";

/// A .NET client: a blank in the media type, `Expect: 100-continue` before a body, one connection kept alive.
struct DotNet<'a> {
    wire: Wire,
    session: Option<&'a Session>,
}

impl DotNet<'_> {
    fn post(&mut self, target: &str, body: &str) -> (u16, Value) {
        let md5 = digest(body);
        let signed = self.session.map(|session| session.sign("POST", &md5, BLANK, GMT, target));
        let authorization = signed.map(|value| format!("Authorization: {value}\r\n")).unwrap_or_default();
        self.wire.send(format!(
            "POST {target} HTTP/1.1\r\nContent-Type: {BLANK}\r\nDate: {GMT}\r\nContent-MD5: {md5}\r\n{authorization}\
             Host: visionline\r\nContent-Length: {}\r\nExpect: 100-continue\r\nConnection: Keep-Alive\r\n\r\n",
            body.len()
        ));
        assert_eq!(self.wire.answer().unwrap().status, 100);
        let answer = self.wire.ask(body);
        (answer.status, answer.json())
    }

    fn bodiless(&mut self, verb: &str, target: &str) -> super::wire::Answer {
        let authorization = self.session.unwrap().sign(verb, "", "", GMT, target);
        self.wire.ask(format!(
            "{verb} {target} HTTP/1.1\r\nDate: {GMT}\r\nAuthorization: {authorization}\r\nHost: visionline\r\n\r\n"
        ))
    }
}

fn dotnet_session(sim: &Sim) -> (Wire, Session) {
    let body = r#"{"username":"sym","password":"sym"}"#;
    let mut wire = sim.connect();
    wire.send(format!(
        "POST /api/v1/sessions HTTP/1.1\r\nContent-Type: {BLANK}\r\nDate: {GMT}\r\nContent-MD5: {}\r\nHost: v\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\nConnection: Keep-Alive\r\n\r\n",
        digest(body),
        body.len()
    ));
    assert_eq!(wire.answer().unwrap().status, 100);
    let session = Session::of(&wire.ask(body));
    (wire, session)
}

/// S1: an indented body with carriage returns, and 201 on delete or it prints an error.
#[test]
fn the_vendors_own_example_issues_an_override_key() {
    on_both(|sim| {
        enrol(sim, "JILLY44");
        let (wire, session) = dotnet_session(sim);
        let mut client = DotNet { wire, session: Some(&session) };
        let body = format!(
            "{{\r\n  \"expireTime\": \"{}\",\r\n  \"format\": \"rfid48\",\r\n  \"endPointID\": \"JILLY44\",\r\n  \
             \"label\": \"%ROOMRANGE%:%UUID%:%CARDNUM%\",\r\n  \"description\": \"Test\",\r\n  \"doorOperations\": [\r\n    \
             {{\r\n      \"doors\": [\r\n        \"101\"\r\n      ],\r\n      \"operation\": \"guest\"\r\n    }}\r\n  ]\r\n}}",
            local(sim, 48)
        );
        let (status, card) = client.post("/api/v1/cards?action=mobileAccess&override=true", &body);
        assert_eq!(status, 201, "{card}");
        assert!(card["credentialID"].is_number(), "{card}");
        let deleted = client.bodiless("DELETE", &format!("/api/v1/sessions/{}", session.id));
        assert_eq!((deleted.status, deleted.body.len()), (201, 0));
        assert_eq!(sim.present("101", "JILLY44"), "opened guest 0x0043");
        assert_eq!(sim.present("102", "JILLY44"), "refused no_access 0x0140");
    });
}

/// S2: lists bare arrays of `{id}`, lists cards at a door and time, joins by itself, never deletes a session.
#[test]
fn a_client_that_never_deletes_its_sessions_lists_overrides_and_joins() {
    on_both(|sim| {
        for endpoint_id in ["main", "second"] {
            enrol(sim, endpoint_id);
        }
        let body = |endpoint_id: &str| {
            format!(
                r#"{{"expireTime":"{}","format":"rfid48","endPointID":"{endpoint_id}","label":"%ROOMRANGE%:%UUID%:%CARDNUM%","description":"%SITENAME%:%USERID%","doorOperations":[{{"doors":["101"],"operation":"guest"}}]}}"#,
                local(sim, 24)
            )
        };
        // A new session for each call, as this client does.
        let with_session = |call: &dyn Fn(&mut DotNet<'_>) -> Value| {
            let (wire, session) = dotnet_session(sim);
            call(&mut DotNet { wire, session: Some(&session) })
        };
        let doors = with_session(&|client| client.bodiless("GET", "/api/v1/doors").json());
        assert!(doors.as_array().unwrap().contains(&json!({"id": "101"})), "{doors}");
        let at_door = format!("/api/v1/cards?guestDoor=101&validTime={}", local(sim, 0));
        let before = with_session(&|client| client.bodiless("GET", &at_door).json());
        assert_eq!(before, json!([]));
        let main = with_session(&|client| {
            let (status, card) = client.post("/api/v1/cards?action=mobileAccess&override=true", &body("main"));
            assert_eq!(status, 201, "{card}");
            card
        });
        let second = with_session(&|client| {
            let (status, card) = client.post("/api/v1/cards?action=mobileAccess&autoJoin=true", &body("second"));
            assert_eq!(status, 201, "{card}");
            card
        });
        let there = with_session(&|client| client.bodiless("GET", &at_door).json());
        assert_eq!(there, json!([{"id": main["id"]}, {"id": second["id"]}]));
        for endpoint_id in ["second", "main", "second"] {
            assert_eq!(sim.present("101", endpoint_id), "opened guest 0x0043", "{endpoint_id}");
        }
        assert_eq!(sim.control("GET", "requests", &Value::Null)["open_sessions"], 5);
    });
}

/// S3: Python's separators, `-0000` at the end of the date, no blank in the media type, and `expire_time` for
/// `expireTime`; it wants 201 three times.
#[test]
fn a_python_client_with_a_misspelt_end_gets_201_three_times() {
    const DATE: &str = "Fri, 14 Nov 2025 10:15:30 -0000";
    const COMMON: &str = "Host: visionline\r\nUser-Agent: python-requests/2.31.0\r\nAccept-Encoding: gzip, deflate\r\n\
                          Accept: */*\r\nConnection: keep-alive\r\n";
    on_both(|sim| {
        enrol(sim, "ep-1");
        let mut wire = sim.connect();
        let body = r#"{"username": "sym", "password": "sym"}"#;
        let session = Session::of(&wire.ask(format!(
            "POST /api/v1/sessions HTTP/1.1\r\n{COMMON}Content-Type: {TIGHT}\r\nDate: {DATE}\r\nContent-MD5: {}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            digest(body),
            body.len()
        )));
        let target = "/api/v1/cards?action=mobileAccess&override=true";
        let body = format!(
            r#"{{"expire_time": "{}", "format": "rfid48", "endPointID": "ep-1", "label": "%ROOMRANGE%:%UUID%:%CARDNUM%", "description": "Test", "doorOperations": [{{"doors": ["101"], "operation": "guest"}}]}}"#,
            local(sim, 48)
        );
        let md5 = digest(&body);
        let created = wire.ask(format!(
            "POST {target} HTTP/1.1\r\n{COMMON}Content-Type: {TIGHT}\r\nDate: {DATE}\r\nContent-MD5: {md5}\r\n\
             Authorization: {}\r\nContent-Length: {}\r\n\r\n{body}",
            session.sign("POST", &md5, TIGHT, DATE, target),
            body.len()
        ));
        assert_eq!(created.status, 201, "{}", created.text());
        let target = format!("/api/v1/sessions/{}", session.id);
        let deleted = wire.ask(format!(
            "DELETE {target} HTTP/1.1\r\n{COMMON}Date: {DATE}\r\nAuthorization: {}\r\nContent-Length: 0\r\n\r\n",
            session.sign("DELETE", "", "", DATE, &target)
        ));
        assert_eq!(deleted.status, 201);
        assert_eq!(sim.present("101", "ep-1"), "opened guest 0x0043");
    });
}

/// S4: an invitation first, then a session with a slash at the end, a date without a leading zero, a joined key with a
/// start, the end of the stay by check-out, the end of the phone.
#[test]
fn a_java_client_invites_joins_by_itself_and_checks_out() {
    const DATE: &str = "Fri, 4 Jul 2025 10:15:30 GMT";
    const MEDIA: &str = "application/vnd.assaabloy-com.credential-2.4+json";
    const TENANT: &str = "Basic amFuZToxMjM0";
    on_both(|sim| {
        let mut wire = sim.connect();
        let body = r#"{"endpointId":"device-7"}"#;
        let invited = wire.ask(format!(
            "POST /endpoint/invitation HTTP/1.1\r\nhost: cs\r\naccept: {MEDIA}\r\ncontent-type: {MEDIA}\r\n\
             authorization: {TENANT}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ));
        assert_eq!((invited.status, invited.header("content-type")), (200, Some(MEDIA)), "{}", invited.text());
        let code = invited.json()["invitationCode"].as_str().unwrap().to_owned();
        sim.control("POST", "phones/redeem", &json!({"invitation_code": code}));

        let body = r#"{"username":"sym","password":"sym"}"#;
        let session = Session::of(&wire.ask(format!(
            "POST /api/v1/sessions/ HTTP/1.1\r\nhost: v\r\naccept: */*\r\nContent-Type: {TIGHT}\r\nDate: {DATE}\r\n\
             Content-MD5: {}\r\ncontent-length: {}\r\n\r\n{body}",
            digest(body),
            body.len()
        )));
        let mut post = |target: &str, body: &str| {
            let md5 = digest(body);
            let answer = wire.ask(format!(
                "POST {target} HTTP/1.1\r\nhost: v\r\naccept: */*\r\nContent-Type: {TIGHT}\r\nDate: {DATE}\r\n\
                 Content-MD5: {md5}\r\nAuthorization: {}\r\ncontent-length: {}\r\n\r\n{body}",
                session.sign("POST", &md5, TIGHT, DATE, target),
                body.len()
            ));
            (answer.status, answer.json())
        };
        let body = format!(
            r#"{{"startTime":"{}","expireTime":"{}","format":"rfid48","endPointID":"device-7","label":"%ROOMRANGE%:%UUID%:%CARDNUM%","description":"Hotel app","doorOperations":[{{"doors":["204"],"operation":"guest"}}]}}"#,
            local(sim, 0),
            local(sim, 30)
        );
        let (status, card) = post("/api/v1/cards?action=mobileAccess&autoJoin=true", &body);
        assert_eq!(status, 201, "{card}");
        assert!(card.get("credentialID").is_some(), "exactly this spelling: {card}");
        assert_eq!(sim.present("204", "device-7"), "opened guest 0x0043");

        let (status, door) = post("/api/v1/doors/204", r#"{"checkedOut":true}"#);
        assert_eq!((status, &door["id"]), (200, &json!("204")));
        assert_eq!(sim.present("204", "device-7"), "refused no_key ");

        let target = format!("/api/v1/sessions/{}", session.id);
        let deleted = wire.ask(format!(
            "DELETE {target} HTTP/1.1\r\nhost: v\r\nDate: {DATE}\r\nAuthorization: {}\r\n\r\n",
            session.sign("DELETE", "", "", DATE, &target)
        ));
        assert!((200..300).contains(&deleted.status));
        let gone = wire.ask(format!(
            "DELETE /endpoint/device-7 HTTP/1.1\r\nhost: cs\r\naccept: {MEDIA}\r\nauthorization: {TENANT}\r\n\r\n"
        ));
        assert_eq!((gone.status, gone.body.len()), (204, 0));
        let unknown = wire.ask(format!(
            "DELETE /endpoint/nobody HTTP/1.1\r\nhost: cs\r\naccept: {MEDIA}\r\nauthorization: {TENANT}\r\n\r\n"
        ));
        assert_eq!((unknown.status, &unknown.json()["code"]), (404, &json!(10002)));
    });
}
