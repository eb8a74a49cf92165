//! The command itself: what it prints, how it ends, what it refuses to start with.

use std::{fs, time::Duration};

use serde_json::{Value, json};

use super::process::{PLAIN, Sim, TLS, spawn};

const PROPERTY: &str = r#"name = "Small"
system_id = 3
mobile_access_uuid = 1
zone = "Europe/Oslo"
[credential_services]
username = "tenant"
password = "b"
[[operators]]
username = "boss"
password = "very secret"
[[doors]]
numbers = "11-13"
category = "guest"
"#;

fn property(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hotel.toml");
    fs::write(&file, text).unwrap();
    let path = file.to_str().unwrap().to_owned();
    (folder, path)
}

#[test]
fn one_line_says_where_the_hotel_is_and_how_to_sign_in() {
    for (arguments, scheme) in [(TLS, "https"), (PLAIN, "http")] {
        let ready = Sim::start(arguments).ready;
        assert!(ready.endpoint.starts_with(&format!("{scheme}://127.0.0.1:")), "{}", ready.endpoint);
        assert_eq!(ready.control, format!("{}/control/v1", ready.endpoint));
        assert_eq!(ready.credential_services, ready.endpoint);
        assert_eq!(ready.fingerprint.is_some(), scheme == "https");
        assert_eq!((ready.property.as_str(), ready.operator.as_str()), ("Hotel Meridian", "sym"));
        assert_eq!(ready.password.as_deref(), Some("sym"));
    }
}

#[test]
fn a_password_of_ones_own_is_never_printed() {
    let (_folder, file) = property(PROPERTY);
    let sim = Sim::start(&["--property", &file]);
    assert_eq!((sim.ready.property.as_str(), sim.ready.operator.as_str()), ("Small", "boss"));
    assert_eq!(sim.ready.password, None);
    assert_eq!(sim.control("GET", "doors", &Value::Null)["doors"].as_array().unwrap().len(), 3);
}

#[test]
fn ctrl_c_closes_the_hotel_even_while_somebody_waits() {
    let mut sim = Sim::start(PLAIN);
    sim.control("POST", "answers", &json!({"held": true}));
    let mut waiting = sim.connect();
    waiting.send("GET /api/v1/doors HTTP/1.1\r\nHost: v\r\n\r\n");
    sim.until("answers", |answers| answers["waiting"] == 1);
    let status = sim.interrupt().expect("the simulator ends");
    assert!(status.success(), "{status}");
    assert!(waiting.answer().is_none());
}

#[test]
fn the_clock_moves_only_where_it_is_virtual() {
    let real = Sim::start(PLAIN).try_control("POST", "clock", &json!({"advance_seconds": 60}));
    assert_eq!((real.status, &real.json()["error"]["type"]), (409, &json!("clock_is_real")));
    let sim = Sim::start(&["--tls", "off", "--clock", "virtual"]);
    let at = |answer: Value| answer["now"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let before = at(sim.control("GET", "clock", &Value::Null));
    let after = at(sim.control("POST", "clock", &json!({"advance_seconds": 86_400})));
    assert!(after.duration_since(before) >= jiff::SignedDuration::from_hours(24));
}

#[test]
fn a_wrong_property_file_is_refused_with_line_and_remedy() {
    for (text, told) in [
        (
            format!("{PROPERTY}[knobs]\ntakover = \"any_use\"\n"),
            "line 15: \"takover\" is not known here; the nearest known name is \"takeover\"",
        ),
        (PROPERTY.replace("Oslo", "Atlantis"), "line 4: there is no time zone"),
        ("name = ".into(), "line 1: "),
    ] {
        let (_folder, file) = property(&text);
        let mut process = spawn(&["--property", &file]);
        let status = process.exit(Duration::from_secs(60)).unwrap();
        assert!(!status.success());
        assert!(process.output().contains(told), "{}", process.output());
    }
    let mut process = spawn(&["--property", "there-is-no-such-file.toml"]);
    assert!(!process.exit(Duration::from_secs(60)).unwrap().success());
    assert!(process.output().contains("cannot read the property file there-is-no-such-file.toml"));
}
