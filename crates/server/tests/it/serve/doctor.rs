//! `innkeep doctor` and `check-config`: what an operator is told.

use serde_json::{Value, json};

use super::{LockServer, Office, SiteTable, lock_server::answer};

fn examine(office: &Office) -> (bool, Value) {
    let (succeeded, said, complained) = office.run(&["doctor", "--json"]);
    let report: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}{complained}"));
    assert_eq!(report["ok"], succeeded, "the exit code says the same as the report");
    (succeeded, report["sites"][0].clone())
}

/// The step that failed, with what was said.
#[track_caller]
fn failure(office: &Office) -> (String, String) {
    let (succeeded, site) = examine(office);
    assert!(!succeeded, "{site}");
    let findings = site["findings"].as_array().unwrap();
    let failed = findings.iter().find(|finding| finding["verdict"] == "failed").unwrap();
    (failed["step"].as_str().unwrap().to_owned(), failed["message"].as_str().unwrap().to_owned())
}

#[test]
fn a_site_that_works_is_said_to_work() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel)]);
    let (succeeded, site) = examine(&office);
    assert!(succeeded, "{site}");
    assert_eq!(site["certificate_sha256"], json!(hotel.fingerprint));
    let doors = hotel.hotel(|hotel| hotel.property().doors.len());
    assert_eq!(site["doors"], json!(doors));
    assert!(hotel.asked().last().unwrap().starts_with("DELETE /api/v1/sessions/"), "{:?}", hotel.asked());
    let (_, text, _) = office.run(&["doctor"]);
    assert!(text.contains("ok       sign in: operator sym is let in"), "{text}");
    assert!(text.contains(&hotel.fingerprint), "{text}");
}

#[test]
fn without_a_pin_the_fingerprint_to_write_down_is_told_and_nothing_is_sent() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel).trusting("")]);
    let (step, message) = failure(&office);
    assert_eq!(step, "certificate");
    assert!(message.contains(&format!("certificate_sha256 = \"{}\"", hotel.fingerprint)), "{message}");
    assert_eq!(hotel.asked(), [] as [&str; 0]);
}

#[test]
fn each_trouble_is_told_with_what_to_do() {
    let office = Office::new();
    let mut hotel = LockServer::start();
    let other = LockServer::start();

    let wrong = format!("certificate_sha256 = \"{}\"", other.fingerprint);
    office.configure("", &[SiteTable::of(&hotel).trusting(&wrong)]);
    let (step, message) = failure(&office);
    assert_eq!(step, "certificate");
    assert!(message.contains(&other.fingerprint) && message.contains("somebody is in between"), "{message}");

    office.write("root.pem", &other.pem);
    office.configure("", &[SiteTable::of(&hotel).trusting("root_certificate_file = \"root.pem\"")]);
    let (step, message) = failure(&office);
    assert_eq!(step, "certificate");
    assert!(message.contains("root_certificate_file"), "{message}");

    office.configure("", &[SiteTable::of(&hotel)]);
    office.write("password", "hunter2");
    let (step, message) = failure(&office);
    assert_eq!(step, "sign in");
    assert!(message.contains("check the operator sym and its password"), "{message}");
    assert!(!message.contains("hunter2"), "{message}");
    office.write("password", "sym");

    hotel.talk_nonsense(|_| answer(200, "text/html", "<html>"));
    let (step, message) = failure(&office);
    assert_eq!(step, "sign in");
    assert!(message.contains("is not the Web API of a Visionline"), "{message}");

    hotel.talk_nonsense(|request| match request.method().as_str() {
        "POST" => answer(201, "application/json", r#"{"id":"1","accessKey":"k"}"#),
        _ => answer(200, "application/json", "[]"),
    });
    let (step, message) = failure(&office);
    assert_eq!(step, "doors");
    assert!(message.contains("no door is listed"), "{message}");
    hotel.speak_sense();

    hotel.stop();
    let (step, message) = failure(&office);
    assert_eq!(step, "reach");
    assert!(message.contains("nothing listens there"), "{message}");

    let plain = hotel.control().replace("http://", "https://").replace("/control/v1", "");
    office.configure("", &[SiteTable { url: plain, ..SiteTable::of(&hotel) }]);
    let (step, message) = failure(&office);
    assert_eq!(step, "reach");
    assert!(message.contains("not with TLS"), "{message}");

    office.configure("", &[SiteTable { url: "https://nowhere.invalid".to_owned(), ..SiteTable::of(&hotel) }]);
    let (step, message) = failure(&office);
    assert_eq!(step, "reach");
    assert!(message.contains("check the name in url"), "{message}");
}

#[test]
fn check_config_says_whether_a_file_can_be_used_and_goes_nowhere() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel)]);
    let (succeeded, said, _) = office.run(&["check-config"]);
    assert!(succeeded && said.contains("meridian"), "{said}");
    let (succeeded, said, _) = office.run(&["check-config", "--json"]);
    assert!(succeeded);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&said["ok"], &said["sites"]), (&json!(true), &json!(["meridian"])));
    let warning = said["warnings"][0].as_str().unwrap();
    assert!(warning.contains("innkeep secret-key --file secret.key"), "{warning}");

    innkeep_server::seal::key_file::make(&office.path("secret.key")).unwrap();
    office.configure("secret_key_file = \"secret.key\"", &[SiteTable::of(&hotel)]);
    let (_, said, _) = office.run(&["check-config", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap()["warnings"], json!([]));

    office.configure("lissten = 7", &[SiteTable::of(&hotel)]);
    let (succeeded, _, complained) = office.run(&["check-config"]);
    assert!(!succeeded);
    assert!(complained.contains("line 2: there is no setting lissten here; did you mean listen?"), "{complained}");
    let (succeeded, said, _) = office.run(&["check-config", "--json"]);
    assert!(!succeeded);
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap()["ok"], false);
    assert_eq!(hotel.asked(), [] as [&str; 0]);
}
