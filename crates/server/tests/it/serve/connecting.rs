//! Connecting through the page, against lock servers behind TLS: the real program, forms as browsers send them.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use serde_json::{Value, json};

use super::{Desk, LockServer, Office, desk::text, lock_server::answer};
use crate::sim::process::{Sim, TLS};

/// A property of one's own, so that its secret can be looked for.
const PROPERTY: &str = r#"name = "Small"
system_id = 3
mobile_access_uuid = 1
zone = "Europe/Oslo"
[credential_services]
username = "tenant"
password = "their very own secret"
[[operators]]
username = "boss"
password = "quite another secret"
[[doors]]
numbers = "11-13"
category = "guest"
[[doors]]
name = "Gym"
category = "common"
[[encoders]]
id = "desk"
name = "Desk"
"#;

/// A page that came back.
#[derive(Debug)]
struct Page {
    status: u16,
    head: String,
    text: String,
}

impl Page {
    fn location(&self) -> &str {
        let line = self.head.lines().find_map(|line| line.strip_prefix("location: "));
        line.unwrap_or_else(|| panic!("no location: {self:?}"))
    }

    #[track_caller]
    fn says(&self, words: &str) -> &Self {
        assert!(self.text.contains(words), "{words} is not in:\n{}", self.text);
        self
    }

    /// The value of a hidden field.
    fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let rest = self.text.split(&start).nth(1).unwrap_or_else(|| panic!("no {name} in {}", self.text));
        rest.split('"').next().unwrap().to_owned()
    }
}

/// A server without any site in its file; trials, so that phones can be made up.
fn empty_office() -> Office {
    let office = Office::new();
    assert!(office.run_bare(&["secret-key", "--file"], "secret.key"));
    office.write(
        "innkeep.toml",
        "listen = \"127.0.0.1:0\"\nsecret_key_file = \"secret.key\"\n[workspace]\nname = \"Trial\"\nsandbox = true\n",
    );
    office
}

/// Opens a page as a browser does, or sends the form on it.
fn browse(desk: &Desk, url: &str, form: Option<&[(&str, &str)]>) -> Page {
    let rest = url.strip_prefix("http://").unwrap();
    let (address, path) = rest.split_at(rest.find('/').unwrap());
    let body = form.map_or_else(String::new, |fields| {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
    });
    let method = if form.is_some() { "POST" } else { "GET" };
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, text) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    assert!(status < 500, "{answer}\n{}", desk.output());
    Page { status, head: head.to_owned(), text: text.to_owned() }
}

fn webview(desk: &Desk, parameters: Value) -> Value {
    desk.post("/connect_webviews/create", parameters)["connect_webview"].clone()
}

fn state(desk: &Desk, webview: &Value) -> Value {
    let body = json!({"connect_webview_id": webview["connect_webview_id"]});
    desk.post("/connect_webviews/get", body)["connect_webview"].clone()
}

/// The fields of the last form for a lock server.
fn whole<'a>(name: &'a str, url: &'a str, fingerprint: &'a str, who: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    vec![
        ("step", "connect"),
        ("site_name", name),
        ("lan_address", url),
        ("time_zone", "Europe/Stockholm"),
        ("certificate", "pin"),
        ("certificate_sha256", fingerprint),
        ("username", who.0),
        ("password", who.1),
        ("mobile_keys", "on"),
        ("mobile_access_uuid", "1"),
        ("system_id", "1"),
    ]
}

/// Connects a lock server through a new page; answers the system.
fn connect(desk: &Desk, hotel: &LockServer, name: &str) -> String {
    let page = webview(desk, json!({"accepted_providers": ["visionline"]}));
    let url = hotel.url();
    let form = whole(name, &url, &hotel.fingerprint, ("sym", "sym"));
    browse(desk, &text(&page["url"]), Some(&form)).says("Connected");
    let account = state(desk, &page)["connected_account_id"].clone();
    let systems = desk.post("/acs/systems/list", json!({"connected_account_id": account}));
    text(&systems["acs_systems"][0]["acs_system_id"])
}

/// The whole way, as an operator goes it, and a guest through the door.
#[test]
fn a_hotel_and_its_phone_keys_are_connected_through_the_page_and_a_door_opens_at_once() {
    let office = empty_office();
    office.write("hotel.toml", PROPERTY);
    let sim = Sim::start(&[TLS, &["--property", office.path("hotel.toml").to_str().unwrap()]].concat());
    let fingerprint = sim.ready.fingerprint.clone().unwrap();
    let mut desk = office.open(None);

    let manager = webview(&desk, json!({"accepted_providers": ["assa_abloy_credential_service"]}));
    let look = browse(&desk, &text(&manager["url"]), Some(&[("step", "look"), ("service_url", &sim.ready.endpoint)]));
    look.says(&fingerprint);
    let mut form = vec![
        ("step", "connect"),
        ("service_url", sim.ready.endpoint.as_str()),
        ("certificate", "pin"),
        ("certificate_sha256", fingerprint.as_str()),
        ("username", "tenant"),
        ("password", "wrong"),
    ];
    let refused = browse(&desk, &text(&manager["url"]), Some(&form));
    assert_eq!(refused.status, 422);
    refused.says("Credential Services do not let this user in");
    form[5].1 = "their very own secret";
    browse(&desk, &text(&manager["url"]), Some(&form)).says("Connected");

    let page = webview(
        &desk,
        json!({"accepted_providers": ["visionline"], "custom_redirect_url": "https://app.example/done"}),
    );
    let url = text(&page["url"]);
    browse(&desk, &url, None).says("Visionline Site Name");
    let place = [("site_name", "Small"), ("lan_address", sim.ready.endpoint.as_str()), ("time_zone", "Europe/Oslo")];
    let look = browse(&desk, &url, Some(&[&[("step", "look")][..], &place].concat()));
    look.says("Compare it with the one in the certificate").says(&fingerprint);
    assert_eq!(look.hidden("certificate_sha256"), fingerprint);
    let entry = [
        ("step", "connect"),
        ("certificate", "pin"),
        ("certificate_sha256", fingerprint.as_str()),
        ("username", "boss"),
        ("password", "quite another secret"),
        ("mobile_keys", "on"),
        ("mobile_access_uuid", "1"),
        ("system_id", "3"),
        ("encoders", "on"),
    ];
    let done = browse(&desk, &url, Some(&[&entry[..], &place].concat()));
    assert_eq!(done.status, 303, "{done:?}");
    let id = text(&page["connect_webview_id"]);
    assert_eq!(done.location(), format!("https://app.example/done?connect_webview_id={id}"));

    // Everything is there before the operator is sent on.
    assert_eq!(state(&desk, &page)["status"], "authorized");
    let systems = desk.post("/acs/systems/list", json!({}))["acs_systems"].clone();
    let system = systems[1].clone();
    assert_eq!((&system["name"], &system["location"]["time_zone"]), (&json!("Small"), &json!("Europe/Oslo")));
    assert_eq!(system["default_credential_manager_acs_system_id"], systems[0]["acs_system_id"]);
    assert_eq!(system["visionline_metadata"]["lan_address"], json!(sim.ready.endpoint));
    assert_eq!(desk.post("/acs/encoders/list", json!({}))["acs_encoders"].as_array().unwrap().len(), 1);
    desk.ready.sites.insert("meridian".to_owned(), text(&system["acs_system_id"]));
    assert_eq!(desk.doors().into_keys().collect::<Vec<_>>(), ["11", "12", "13", "Gym"]);

    let key = desk.api_key.clone();
    let open = |desk: &Desk, name: &str, door: &str| {
        let guest = desk.arrive_with(name, |endpoint| enrol(&sim, endpoint));
        let credential = desk.new_stay(&guest, &[door]);
        desk.wait_issued(&credential);
        sim.present(door, &guest.endpoint)
    };
    assert_eq!(open(&desk, "Ada", "11"), "opened guest 0x0043");

    // The site is worked again after a restart, from the database alone.
    let sites = desk.ready.sites.clone();
    let said = desk.output();
    desk.stop();
    let mut desk = office.open(Some(&key));
    desk.ready.sites = sites;
    assert_eq!(open(&desk, "Bob", "12"), "opened guest 0x0043");

    // Neither password is anywhere in what is kept, nor in what was said.
    let said = said + &desk.output();
    desk.stop();
    for entry in std::fs::read_dir(office.path("")).unwrap() {
        let path = entry.unwrap().path();
        let is_theirs = path.file_name().unwrap() == "hotel.toml";
        let bytes = std::fs::read(&path).unwrap();
        for secret in ["quite another secret", "their very own secret"] {
            let is_there = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(is_theirs || !is_there, "{} is in {}", secret, path.display());
            assert!(!said.contains(secret), "{said}");
        }
    }
    let token = url.split("auth_token=").nth(1).unwrap();
    assert!(!said.contains(token), "{said}");
}

/// What the app on a phone does with an invitation.
fn enrol(sim: &Sim, endpoint: &str) {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let body = json!({"endpointId": endpoint}).to_string();
    let who = STANDARD.encode("tenant:their very own secret");
    let kind = "application/vnd.assaabloy-com.credential-2.4+json";
    let mut wire = sim.connect();
    wire.send(format!(
        "POST /endpoint/invitation HTTP/1.1\r\nHost: sim\r\nAuthorization: Basic {who}\r\nContent-Type: {kind}\r\n\
         Accept: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    let code = wire.answer().unwrap().json()["invitationCode"].clone();
    sim.control("POST", "phones/redeem", &json!({"invitation_code": code}));
}

#[test]
fn what_is_wrong_is_said_in_words_and_nothing_is_stored() {
    let office = empty_office();
    let mut hotel = LockServer::start();
    let other = LockServer::start();
    let desk = office.open(None);
    let page = webview(&desk, json!({"accepted_providers": ["visionline"]}));
    let at = text(&page["url"]);
    let (url, fingerprint) = (hotel.url(), hotel.fingerprint.clone());
    let look = |address: &str| {
        browse(
            &desk,
            &at,
            Some(&[("step", "look"), ("site_name", "A"), ("lan_address", address), ("time_zone", "Europe/Stockholm")]),
        )
    };
    look("https://nowhere.invalid").says("check the name in the address").says("href=\"#lan_address\"");
    let plain = hotel.control().replace("http://", "https://").replace("/control/v1", "");
    look(&plain).says("not with TLS");
    look("http://192.168.1.100").says("must begin with https://");

    let with = |fingerprint: &str, who: (&str, &str)| browse(&desk, &at, Some(&whole("A", &url, fingerprint, who)));
    let refused = with(&other.fingerprint, ("sym", "sym"));
    refused.says("href=\"#certificate\"").says(&other.fingerprint);
    assert_eq!(hotel.asked(), [] as [&str; 0], "nothing is sent to whom is not trusted");
    with(&fingerprint, ("sym", "wrong")).says("check the operator sym and its password at the lock server");
    hotel.talk_nonsense(|_| answer(200, "text/html", "<html>"));
    with(&fingerprint, ("sym", "sym")).says("is not the Web API of a Visionline");
    hotel.talk_nonsense(|request| match request.method().as_str() {
        "POST" => answer(201, "application/json", r#"{"id":"1","accessKey":"k"}"#),
        _ => answer(200, "application/json", "[]"),
    });
    with(&fingerprint, ("sym", "sym")).says("No door is listed");
    hotel.speak_sense();
    let mut form = whole("A", &url, &fingerprint, ("sym", "sym"));
    form.retain(|(name, _)| *name != "certificate");
    browse(&desk, &at, Some(&form)).says("Say whether this is the certificate of your system");
    form.push(("certificate", "root"));
    form.push(("root_certificate", "no certificate"));
    browse(&desk, &at, Some(&form)).says("Paste the root certificate in PEM form");
    hotel.stop();
    look(&url).says("nothing listens there");
    with(&fingerprint, ("sym", "sym")).says("There is a problem");

    assert_eq!(state(&desk, &page)["status"], "pending");
    assert_eq!(desk.post("/acs/systems/list", json!({}))["acs_systems"], json!([]));
    // The same page connects once everything is right; by a root this time.
    hotel.resume();
    let pem = hotel.pem.clone();
    form.retain(|(name, _)| *name != "root_certificate");
    form.push(("root_certificate", &pem));
    browse(&desk, &at, Some(&form)).says("Connected");
    assert_eq!(state(&desk, &page)["status"], "authorized");
}

/// As a browser does it: whom the machine trusts is trusted, and nobody else.
#[test]
fn a_certificate_that_the_machine_trusts_needs_no_fingerprint() {
    let office = empty_office();
    let (hotel, stranger) = (LockServer::start(), LockServer::start());
    office.write("machine.pem", &hotel.pem);
    let desk = office.open_trusting(None, Some("machine.pem"));
    let page = webview(&desk, json!({"accepted_providers": ["visionline"]}));
    let at = text(&page["url"]);
    let connect = |server: &LockServer| {
        let url = server.url();
        let mut form = whole("Hotel Meridian", &url, "", ("sym", "sym"));
        form.retain(|(name, _)| !name.starts_with("certificate"));
        form.push(("certificate", "public"));
        browse(&desk, &at, Some(&form))
    };
    let refused = connect(&stranger);
    refused.says("There is a problem").says("href=\"#certificate\"");
    assert_eq!((refused.status, stranger.asked()), (422, Vec::new()), "nothing is sent to whom is not trusted");
    connect(&hotel).says("Connected");
    assert_eq!(state(&desk, &page)["status"], "authorized");

    // The choice is kept: a later start trusts by the same rule, and nobody any more once the machine does not.
    let key = desk.api_key.clone();
    let systems = desk.post("/acs/systems/list", json!({}))["acs_systems"].clone();
    let system = text(&systems[0]["acs_system_id"]);
    desk.stop();
    let before = hotel.asked().len();
    let mut desk = office.open_trusting(Some(&key), Some("machine.pem"));
    desk.ready.sites.insert("meridian".to_owned(), system.clone());
    desk.wait("the lock server is read", |_| (hotel.asked().len() > before).then_some(()));
    assert_eq!(desk.errors(), [] as [&str; 0]);
    desk.stop();
    office.write("machine.pem", &stranger.pem);
    let mut desk = office.open_trusting(Some(&key), Some("machine.pem"));
    desk.ready.sites.insert("meridian".to_owned(), system);
    desk.wait_error(Some("visionline_instance_unreachable"));
}

#[test]
fn a_hotel_that_is_connected_again_keeps_its_ids_and_its_new_password_is_used() {
    let office = empty_office();
    let hotel = LockServer::start();
    let mut desk = office.open(None);
    let system = connect(&desk, &hotel, "Hotel Meridian");
    desk.ready.sites.insert("meridian".to_owned(), system.clone());
    let doors = desk.doors();

    hotel.hotel(|hotel| {
        let mut property = visionline_sim::Property::meridian();
        property.operators.iter_mut().find(|one| one.username == "sym").unwrap().password = "another".to_owned();
        *hotel = visionline_sim::Hotel::new(property, 12);
    });
    let account =
        desk.post("/acs/systems/get", json!({"acs_system_id": system}))["acs_system"]["connected_account_id"].clone();
    desk.post("/connected_accounts/sync", json!({"connected_account_id": account}));
    desk.wait_error(Some("account_disconnected"));
    let shown = desk.post("/connected_accounts/get", json!({"connected_account_id": account}));
    assert_eq!(shown["connected_account"]["errors"][0]["error_code"], "account_disconnected");

    let page = webview(&desk, json!({"accepted_providers": ["visionline"], "custom_metadata": {"new": true}}));
    let url = hotel.url();
    let form = whole("Hotel Meridian", &url, &hotel.fingerprint, ("sym", "another"));
    browse(&desk, &text(&page["url"]), Some(&form)).says("Connected");
    assert_eq!(state(&desk, &page)["connected_account_id"], account);
    assert_eq!(desk.errors(), [] as [&str; 0]);
    assert_eq!(desk.doors(), doors);
    let last = desk.connection_events().pop().unwrap();
    assert_eq!(last, "connected_account.completed_first_sync_after_reconnection");
    // The worker signs in with the new password: what is asked of it is done.
    let lists = || hotel.asked().iter().filter(|asked| asked.starts_with("GET /api/v1/doors")).count();
    let before = lists();
    desk.post("/connected_accounts/sync", json!({"connected_account_id": account}));
    desk.wait("it is read", |_| (lists() > before).then_some(()));
    assert_eq!(desk.errors(), [] as [&str; 0]);
}

#[test]
fn a_lock_server_that_moved_is_the_same_hotel_only_when_the_operator_says_so() {
    let office = empty_office();
    let hotel = LockServer::start();
    let desk = office.open(None);
    let first = connect(&desk, &hotel, "Hotel Meridian");

    let elsewhere = LockServer::start();
    let page = webview(&desk, json!({"accepted_providers": ["visionline"]}));
    let url = elsewhere.url();
    let mut form = whole("hotel meridian", &url, &elsewhere.fingerprint, ("sym", "sym"));
    let asked = browse(&desk, &text(&page["url"]), Some(&form));
    assert_eq!(asked.status, 422);
    asked.says(&format!("A system of this name is connected at {}", hotel.url()));
    form.push(("same_name", "moved"));
    browse(&desk, &text(&page["url"]), Some(&form)).says("Connected");
    let systems = desk.post("/acs/systems/list", json!({}))["acs_systems"].clone();
    assert_eq!(systems.as_array().unwrap().len(), 1);
    assert_eq!(systems[0]["acs_system_id"], json!(first));
    assert_eq!(systems[0]["visionline_metadata"]["lan_address"], json!(url));

    let third = LockServer::start();
    let page = webview(&desk, json!({"accepted_providers": ["visionline"]}));
    let url = third.url();
    let mut form = whole("Hotel Meridian", &url, &third.fingerprint, ("sym", "sym"));
    form.push(("same_name", "another"));
    browse(&desk, &text(&page["url"]), Some(&form)).says("Connected");
    assert_eq!(desk.post("/acs/systems/list", json!({}))["acs_systems"].as_array().unwrap().len(), 2);
}

#[test]
fn a_deleted_account_is_not_worked_any_more_and_nothing_is_deleted_there() {
    let office = empty_office();
    let hotel = LockServer::start();
    let mut desk = office.open(None);
    let system = connect(&desk, &hotel, "Hotel Meridian");
    desk.ready.sites.insert("meridian".to_owned(), system.clone());
    let account =
        desk.post("/acs/systems/get", json!({"acs_system_id": system}))["acs_system"]["connected_account_id"].clone();
    // Reading on demand.
    let lists =
        |hotel: &LockServer| hotel.asked().iter().filter(|asked| asked.starts_with("GET /api/v1/doors")).count();
    desk.wait("the worker has come", |_| (lists(&hotel) >= 2).then_some(()));
    let before = lists(&hotel);
    desk.post("/connected_accounts/sync", json!({"connected_account_id": account}));
    desk.wait("it is read again", |_| (lists(&hotel) > before).then_some(()));

    desk.post("/connected_accounts/delete", json!({"connected_account_id": account, "sync": true}));
    assert_eq!(desk.post("/acs/systems/list", json!({}))["acs_systems"], json!([]));
    desk.wait("the worker has left", |_| {
        hotel.asked().last().is_some_and(|asked| asked.starts_with("DELETE /api/v1/sessions/")).then_some(())
    });
    assert!(!hotel.asked().iter().any(|asked| asked.contains("/cards/") && !asked.starts_with("GET")));

    // Connected again it is a new account; the lock server is the same.
    let again = connect(&desk, &hotel, "Hotel Meridian");
    assert_ne!(again, system);
}

#[test]
fn what_stands_in_the_file_is_changed_there() {
    let hotel = LockServer::start();
    let office = empty_office();
    office.configure("secret_key_file = \"secret.key\"", &[super::SiteTable::of(&hotel)]);
    let desk = office.open(None);
    desk.doors();
    let page = webview(&desk, json!({"accepted_providers": ["visionline"]}));
    let url = hotel.url();
    let form = whole("Elsewhere", &url, &hotel.fingerprint, ("sym", "sym"));
    let refused = browse(&desk, &text(&page["url"]), Some(&form));
    assert_eq!(refused.status, 422);
    refused.says("is connected as Hotel Meridian in the configuration file");
}

#[test]
fn without_a_secret_key_nothing_is_connected() {
    let office = Office::new();
    office.write("innkeep.toml", "listen = \"127.0.0.1:0\"\n[workspace]\nname = \"Trial\"\nsandbox = true\n");
    let desk = office.open(None);
    let (status, refused) = desk.try_post("/connect_webviews/create", &json!({})).unwrap();
    assert_eq!((status, &refused["error"]["type"]), (400, &json!("not_supported")));
    assert!(refused["error"]["message"].as_str().unwrap().contains("secret_key_file"), "{refused}");
}
