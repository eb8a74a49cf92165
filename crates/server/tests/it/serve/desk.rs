//! A front desk: the real program with a configuration of its own, and an integrator's view of its API.

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Command, ExitStatus},
    time::{Duration, Instant},
};

use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::lock_server::LockServer;
use crate::demo_process::Watched;

/// How long the program may take to start, on a machine that is busy with other tests.
const READY_LIMIT: Duration = Duration::from_secs(60);
/// How long a test waits for a condition before it fails.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the program may take to stop.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// A folder with a configuration file, the operator's password and the database.
pub struct Office {
    folder: TempDir,
}

/// What `innkeep serve --json` prints once it is ready.
#[derive(Debug, Clone, Deserialize)]
pub struct Ready {
    pub endpoint: String,
    pub workspace_id: String,
    pub metrics: Option<String>,
    pub api_key: Option<String>,
    pub sites: std::collections::BTreeMap<String, String>,
}

/// What a site's table is made of.
pub struct SiteTable {
    pub key: &'static str,
    pub url: String,
    pub trust: String,
    pub more: String,
    /// How long one look at all guest doors takes; 0 to never look.
    pub survey_seconds: u32,
}

impl SiteTable {
    /// The lock server with its certificate pinned.
    pub fn of(server: &LockServer) -> Self {
        Self {
            key: "meridian",
            url: server.url(),
            trust: format!("certificate_sha256 = \"{}\"", server.fingerprint),
            more: String::new(),
            survey_seconds: 0,
        }
    }

    pub fn surveying(self, survey_seconds: u32) -> Self {
        Self { survey_seconds, ..self }
    }

    pub fn with(self, line: &str) -> Self {
        Self { more: format!("{}{line}\n", self.more), ..self }
    }

    pub fn trusting(self, trust: &str) -> Self {
        Self { trust: trust.to_owned(), ..self }
    }
}

impl Office {
    pub fn new() -> Self {
        let office = Self { folder: TempDir::new().unwrap() };
        office.write("password", "sym\n");
        office
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Writes the configuration: a trial workspace with these sites and these lines at its top.
    pub fn configure(&self, top: &str, sites: &[SiteTable]) {
        let mut text = format!(
            "listen = \"127.0.0.1:0\"\n{top}\n[workspace]\nname = \"Trial\"\nsandbox = true\n\n[credential_manager]\n"
        );
        for site in sites {
            text.push_str(&format!(
                "\n[[sites]]\nkey = \"{}\"\nname = \"Hotel Meridian\"\nurl = \"{}\"\noperator = \"sym\"\n\
                 password_file = \"password\"\n{}\ntime_zone = \"Europe/Stockholm\"\nmobile_access_uuid = \"1\"\n\
                 system_id = \"1\"\nanswer_timeout_seconds = 2\nsurvey_seconds = {}\n{}",
                site.key, site.url, site.trust, site.survey_seconds, site.more
            ));
        }
        self.write("innkeep.toml", &text);
    }

    /// `innkeep` with these arguments and the configuration.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_innkeep"));
        command.args(arguments).arg("--config").arg(self.path("innkeep.toml"));
        command
    }

    /// Runs a command that takes a file of this folder and no configuration: whether it succeeded.
    pub fn run_bare(&self, arguments: &[&str], file: &str) -> bool {
        let mut command = Command::new(env!("CARGO_BIN_EXE_innkeep"));
        command.args(arguments).arg(self.path(file)).output().unwrap().status.success()
    }

    /// Runs a command to its end: whether it succeeded, standard output, and standard error.
    pub fn run(&self, arguments: &[&str]) -> (bool, String, String) {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout), text(output.stderr))
    }

    /// Starts the server; `api_key` is that of an earlier start, if there was one.
    pub fn open(&self, api_key: Option<&str>) -> Desk {
        self.open_trusting(api_key, None)
    }

    /// The same on a machine that trusts the certificates in a file of this folder, and no others.
    pub fn open_trusting(&self, api_key: Option<&str>, roots: Option<&str>) -> Desk {
        let mut command = self.command(&["serve", "--json"]);
        command.env("INNKEEP_LOG", "warn,innkeep_server::site=info");
        if let Some(roots) = roots {
            command.env("SSL_CERT_FILE", self.path(roots)).env_remove("SSL_CERT_DIR");
        }
        let process = Watched::start(&mut command);
        let line = process.line(READY_LIMIT).unwrap_or_else(|error| panic!("no desk: {error}\n{}", process.output()));
        let ready: Ready = serde_json::from_str(&line).unwrap();
        let api_key = api_key.map(str::to_owned).or_else(|| ready.api_key.clone()).unwrap();
        Desk { ready, api_key, process }
    }
}

/// A running server.
pub struct Desk {
    pub ready: Ready,
    pub api_key: String,
    process: Watched,
}

/// Where a running server is reached, and with which key.
#[derive(Clone)]
pub struct Line {
    endpoint: String,
    api_key: String,
}

impl Line {
    /// Calls a route with more headers, each with its line feed; the body as it came.
    pub fn try_post_with(&self, path: &str, headers: &str, body: &Value) -> std::io::Result<(u16, String)> {
        let address = self.endpoint.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address)?;
        let body = body.to_string();
        let length = body.len();
        let key = &self.api_key;
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\ncontent-type: \
             application/json\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let cut = || std::io::Error::other("the answer was cut");
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(cut)?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut)?;
        let length = head
            .to_ascii_lowercase()
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.split("\r\n").next()?.trim().parse::<usize>().ok());
        if length.is_some_and(|length| body.len() < length) {
            return Err(cut());
        }
        Ok((status, body.to_owned()))
    }
}

/// A guest with a phone.
#[derive(Debug, Clone)]
pub struct Guest {
    pub user: String,
    pub endpoint: String,
}

impl Desk {
    pub fn site(&self) -> &str {
        &self.ready.sites["meridian"]
    }

    /// Everything that the program has printed.
    pub fn output(&self) -> String {
        self.process.output()
    }

    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Ends the process as a power cut would.
    pub fn kill(mut self) {
        self.process.kill();
    }

    /// Stops the program as a service manager does.
    pub fn stop(mut self) -> Option<ExitStatus> {
        let told = Command::new("sh").args(["-c", "kill -TERM \"$0\""]).arg(self.process.id().to_string()).status();
        assert!(told.unwrap().success());
        self.process.exit(STOP_LIMIT)
    }

    /// Calls a route; the body of a success.
    #[track_caller]
    pub fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.try_post(path, &body).unwrap();
        assert_eq!(status, 200, "{path}: {answer}\n{}", self.output());
        answer
    }

    /// Calls a route; an error when the program did not answer.
    pub fn try_post(&self, path: &str, body: &Value) -> std::io::Result<(u16, Value)> {
        let (status, body) = self.try_post_with(path, "", body)?;
        Ok((status, serde_json::from_str(&body).map_err(|_| std::io::Error::other("the answer was cut"))?))
    }

    /// The API for a thread of its own.
    pub fn line(&self) -> Line {
        Line { endpoint: self.ready.endpoint.clone(), api_key: self.api_key.clone() }
    }

    /// Calls a route with more headers, each with its line feed; the body as it came.
    pub fn try_post_with(&self, path: &str, headers: &str, body: &Value) -> std::io::Result<(u16, String)> {
        self.line().try_post_with(path, headers, body)
    }

    /// Asks until `check` finds what it looks for.
    #[track_caller]
    pub fn wait<T>(&self, what: &str, mut check: impl FnMut(&Self) -> Option<T>) -> T {
        #[expect(clippy::disallowed_methods, reason = "a limit for a test that would else never end")]
        let now = Instant::now;
        let begun = now();
        loop {
            if let Some(found) = check(self) {
                return found;
            }
            assert!(now().duration_since(begun) < PATIENCE, "{what}: never\n{}", self.output());
            std::thread::yield_now();
            pause();
        }
    }

    /// The ids of the doors by name, once they are read from the lock server.
    pub fn doors(&self) -> std::collections::BTreeMap<String, String> {
        self.wait("the doors are read", |desk| {
            let listed = desk.post("/acs/entrances/list", json!({}));
            let doors: std::collections::BTreeMap<String, String> = listed["acs_entrances"]
                .as_array()?
                .iter()
                .map(|door| (text(&door["display_name"]), text(&door["acs_entrance_id"])))
                .collect();
            (!doors.is_empty()).then_some(doors)
        })
    }

    /// A guest with a phone that is set up at the hotel.
    pub fn arrive(&self, name: &str, hotel: &LockServer) -> Guest {
        self.arrive_with(name, |endpoint| hotel.hotel(|hotel| hotel.enrol_phone(endpoint)))
    }

    /// The same, where the phone is set up by `enrol`.
    pub fn arrive_with(&self, name: &str, enrol: impl FnOnce(&str)) -> Guest {
        let person = self.post("/user_identities/create", json!({"full_name": name}));
        let person = &person["user_identity"]["user_identity_id"];
        let body = json!({"acs_system_id": self.site(), "full_name": name, "user_identity_id": person});
        let user = text(&self.post("/acs/users/create", body)["acs_user"]["acs_user_id"]);
        let phone = self.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person}));
        let metadata = &phone["phone"]["properties"]["assa_abloy_credential_service_metadata"];
        let endpoint = text(&metadata["endpoints"][0]["endpoint_id"]);
        enrol(&endpoint);
        Guest { user, endpoint }
    }

    /// Asks for a key of a new stay at these doors, and answers its credential.
    pub fn new_stay(&self, guest: &Guest, doors: &[&str]) -> String {
        let known = self.doors();
        let doors: Vec<&String> = doors.iter().map(|name| &known[*name]).collect();
        let body = json!({
            "acs_user_id": guest.user, "access_method": "mobile_key", "is_multi_phone_sync_credential": true,
            "allowed_acs_entrance_ids": doors, "ends_at": "2099-01-03T10:00:00Z",
            "visionline_metadata": {"override": true, "card_format": "rfid48"},
        });
        text(&self.post("/acs/credentials/create", body)["acs_credential"]["acs_credential_id"])
    }

    pub fn credential(&self, id: &str) -> Value {
        self.post("/acs/credentials/get", json!({"acs_credential_id": id}))["acs_credential"].clone()
    }

    /// The keys on phones below a credential.
    pub fn children(&self, parent: &str) -> Vec<Value> {
        let listed = self.post("/acs/credentials/list", json!({"acs_system_id": self.site()}));
        let all = listed["acs_credentials"].as_array().unwrap().clone();
        all.into_iter().filter(|credential| credential["parent_acs_credential_id"] == parent).collect()
    }

    pub fn wait_issued(&self, credential: &str) -> Value {
        self.wait("the key is issued", |desk| {
            let found = desk.credential(credential);
            (found["is_issued"] == true).then_some(found)
        })
    }

    /// The codes of the errors of the site.
    pub fn errors(&self) -> Vec<String> {
        let system = self.post("/acs/systems/get", json!({"acs_system_id": self.site()}));
        let errors = system["acs_system"]["errors"].as_array().unwrap().clone();
        errors.iter().map(|error| text(&error["error_code"])).collect()
    }

    /// Waits until the site has exactly this error, or none.
    #[track_caller]
    pub fn wait_error(&self, code: Option<&str>) {
        let expected: Vec<&str> = code.into_iter().collect();
        self.wait(&format!("errors {expected:?}"), |desk| (desk.errors() == expected).then_some(()));
    }

    /// The types of the events of the site and its account so far, in order.
    pub fn connection_events(&self) -> Vec<String> {
        let listed = self.post("/events/list", json!({"since": "2020-01-01T00:00:00Z", "limit": 1000}));
        let events = listed["events"].as_array().unwrap().clone();
        let types = events.iter().map(|event| text(&event["event_type"]));
        types.filter(|kind| kind.starts_with("acs_system.") || kind.starts_with("connected_account.")).collect()
    }
}

/// A breath between two looks at a condition; nothing is ever proved by it.
#[expect(clippy::disallowed_methods, reason = "between two looks at a condition that has a limit")]
fn pause() {
    std::thread::sleep(Duration::from_millis(20));
}

/// A text that must be there.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
