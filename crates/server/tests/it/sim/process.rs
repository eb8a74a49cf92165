//! The simulator as a child process, and its controls.

use std::{
    process::{Command, ExitStatus},
    time::Duration,
};

use serde::Deserialize;
use serde_json::Value;

use super::wire::{Answer, Wire};
use crate::demo_process::{READY_LIMIT, Watched};

/// What `innkeep sim --json` prints once it is ready.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    pub property: String,
    pub endpoint: String,
    pub credential_services: String,
    pub control: String,
    pub fingerprint: Option<String>,
    pub operator: String,
    pub password: Option<String>,
}

/// A simulator on a port of its own.
pub struct Sim {
    pub ready: Ready,
    process: Watched,
}

/// The two ways to serve.
pub const TLS: &[&str] = &["--tls", "self-signed"];
pub const PLAIN: &[&str] = &["--tls", "off"];

impl Sim {
    /// With more arguments for `innkeep sim`.
    pub fn start(arguments: &[&str]) -> Self {
        let process = spawn(arguments);
        let line = process.line(READY_LIMIT).unwrap_or_else(|error| panic!("no sim: {error}\n{}", process.output()));
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in the first line: {line}"));
        Self { ready, process }
    }

    /// A new connection.
    pub fn connect(&self) -> Wire {
        Wire::connect(&self.ready.endpoint, self.ready.fingerprint.as_deref())
    }

    /// One request to the controls, which must work.
    pub fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.try_control(method, path, body);
        assert_eq!(answer.status, 200, "{method} {path}: {}", answer.text());
        answer.json()
    }

    pub fn try_control(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut wire = self.connect();
        wire.send(format!(
            "{method} /control/v1/{path} HTTP/1.1\r\nHost: sim\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ));
        wire.answer().unwrap()
    }

    /// Reason and code with which a door answers the phone of an endpoint.
    pub fn present(&self, door: &str, endpoint_id: &str) -> String {
        let verdict =
            self.control("POST", &format!("doors/{door}/present"), &serde_json::json!({"endpoint_id": endpoint_id}));
        let word = if verdict["opened"] == true { "opened" } else { "refused" };
        format!("{word} {} {}", verdict["reason"].as_str().unwrap(), verdict["code"].as_str().unwrap_or_default())
    }

    /// Asks the controls until `is_so`; each answer comes after the one before, so this is no sleep.
    pub fn until(&self, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..10_000 {
            let answer = self.control("GET", path, &Value::Null);
            if is_so(&answer) {
                return answer;
            }
        }
        panic!("{path} never became so: {}", self.control("GET", path, &Value::Null));
    }

    /// Does what Ctrl-C does, and waits for the end.
    pub fn interrupt(&mut self) -> Option<ExitStatus> {
        self.process.interrupt(Duration::from_secs(20))
    }
}

/// The program, ready or not.
pub fn spawn(arguments: &[&str]) -> Watched {
    let mut command = Command::new(env!("CARGO_BIN_EXE_innkeep"));
    command.args(["sim", "--json", "--listen", "127.0.0.1:0"]).args(arguments);
    Watched::start(&mut command)
}
