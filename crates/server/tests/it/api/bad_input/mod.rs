//! Bad requests by the thousand: whatever is sent to whichever route of the table, the answer is an envelope, never a
//! fault of ours, and costs a bounded amount of memory; and what it changed stands in the audit log.
//!
//! Requests are made from the schemas of the routes, so a new route is tried from the day it stands in the table. They
//! come in rounds, each with a hotel of its own and a seed; a failure names both, and
//! `INNKEEP_TEST_BAD_REQUESTS_ROUND=<seed>:<round>` repeats that round alone. How many requests there are in all is in
//! `INNKEEP_TEST_BAD_REQUESTS`; `cargo xtask test --all` asks for 200,000. The work is done by child processes of this
//! test binary, one for each core, because memory can only be measured for a process that does nothing else.

mod known;
mod random;
mod request;
mod values;

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use axum::body::Body;
use http::{HeaderValue, Method, Request, StatusCode, request::Builder};
use innkeep_server::{adapter::Route, api};
use serde_json::{Value, json};

use self::known::Known;
use self::random::Random;
use self::request::{Asked, Target};
use super::{Api, NOBODY, none_of_it::ALWAYS_REFUSE};

/// Requests in a round: enough for rows to meet, few enough for lists to stay short.
const ROUND: usize = 1_000;
/// Requests when nobody says how many.
const USUAL: usize = 10_000;
/// So many requests to each route try it often enough.
const ENOUGH_FOR_A_ROUTE: usize = 100;
/// The seed when nobody says which: runs are to be compared.
const SEED: u64 = 20_250_601;
/// Longest answer to a refused request.
const LONGEST_REFUSAL_BYTES: usize = 64 * 1024;
/// Longest answer at all. A list of all that a round makes is shorter.
const LONGEST_ANSWER_BYTES: usize = 8 * 1024 * 1024;
/// Most memory that a process may have used for bodies of up to 1 MiB and the database of a round, in KiB.
const MOST_MEMORY_KIB: usize = 300 * 1024;

/// Routes that make many changes and report those that were refused: rows of refused changes count as written too.
const IN_PARTS: [&str; 3] = ["/customers/push_data", "/seam/v1/customers/push_data", "/customers/delete_data"];

const COUNT: &str = "INNKEEP_TEST_BAD_REQUESTS";
const ONLY: &str = "INNKEEP_TEST_BAD_REQUESTS_ROUND";
const SHARE: &str = "INNKEEP_TEST_BAD_REQUESTS_SHARE";

#[test]
fn no_bad_request_is_answered_with_a_fault_or_without_an_envelope() {
    if let Ok(share) = std::env::var(SHARE) {
        let (first, rounds, step) = three(&share);
        println!("{}", work((first..rounds).step_by(step), SEED));
        println!("most memory: {} KiB", most_memory_kib().unwrap_or(0));
        return;
    }
    if let Ok(only) = std::env::var(ONLY) {
        let (seed, round) = only.split_once(':').expect("seed:round");
        println!("{}", work([round.parse().unwrap()], seed.parse().unwrap()));
        return;
    }
    let count: usize = std::env::var(COUNT).map_or(USUAL, |count| count.parse().unwrap());
    let rounds = count.div_ceil(ROUND);
    let processes = std::thread::available_parallelism().map_or(2, usize::from).min(rounds);
    let children: Vec<_> = (0..processes)
        .map(|first| {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args(["--exact", "api::bad_input::no_bad_request_is_answered_with_a_fault_or_without_an_envelope"]);
            command.args(["--nocapture", "--test-threads=1"]).env(SHARE, format!("{first}:{rounds}:{processes}"));
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{}{}", said(&output.stdout), said(&output.stderr));
        // A filter that finds no test succeeds as well.
        assert!(said(&output.stdout).contains("1 passed"), "{}", said(&output.stdout));
        print!("{}", said(&output.stdout));
    }
}

fn three(share: &str) -> (usize, usize, usize) {
    let mut numbers = share.split(':').map(|number| number.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap(), numbers.next().unwrap())
}

/// Does these rounds, and says what they came to.
fn work(rounds: impl IntoIterator<Item = usize>, seed: u64) -> String {
    // Not the one that takes away what the others are asked for, and not the one that a key does not open.
    let left_out = ["/workspaces/reset_sandbox", "/workspaces/create"];
    let table = api::table().into_iter().filter(|route| !left_out.contains(&route.path()));
    let targets: Vec<Target> = table.map(|route| target(&route)).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut accepted: BTreeMap<&str, usize> = targets.iter().map(|target| (target.path, 0)).collect();
    let mut sent = 0;
    for round in rounds {
        runtime.block_on(one_round(&targets, seed, round, &mut accepted));
        sent += ROUND;
        if let Some(memory) = most_memory_kib() {
            assert!(memory < MOST_MEMORY_KIB, "seed {seed}, up to round {round}: {memory} KiB");
        }
    }
    accepted.retain(|path, _| !ALWAYS_REFUSE.contains(path));
    let never: Vec<&str> = accepted.iter().filter(|(_, times)| **times == 0).map(|(path, _)| *path).collect();
    // A test that only ever sees refusals tests the first check and nothing behind it. A few rounds may have no luck.
    assert!(
        sent < ENOUGH_FOR_A_ROUTE * accepted.len() || never.len() * 4 < accepted.len(),
        "three routes of four accepted something, but not {never:?}"
    );
    format!("{sent} requests, {} accepted; never accepted: {never:?}", accepted.values().sum::<usize>())
}

fn target(route: &Route<innkeep_server::app::App>) -> Target {
    Target { path: route.path(), methods: route.kind().methods(), schema: route.request_schema() }
}

async fn one_round(targets: &[Target], seed: u64, round: usize, accepted: &mut BTreeMap<&'static str, usize>) {
    let api = Api::new();
    let mut known = first_ids(&api).await;
    let mut random = Random::new(seed ^ (round as u64).wrapping_mul(0x2545_f491_4f6c_dd1d));
    let mut before = written(&api);
    for number in 0..ROUND {
        let target = random.pick(targets);
        let asked = request::next(&mut random, target, &known);
        let Some(request) = build(&asked) else { continue };
        let reply = api.send_raw(request).await;
        let mut problem = problem(&asked, reply.status, &reply.headers, &reply.body);
        let after = written(&api);
        // That a request was carried out is remembered also where it changed nothing.
        let has_key = asked.headers.iter().any(|(name, _)| *name == "idempotency-key");
        let may_change = reply.status == StatusCode::OK && !has_key && !IN_PARTS.contains(&target.path);
        if may_change && after.0 != before.0 && after.1 == before.1 {
            problem = Some("a change without a line in the audit log");
        }
        before = after;
        if let Some(problem) = problem {
            let answer: String = String::from_utf8_lossy(&reply.body).chars().take(1_500).collect();
            panic!("{problem}: seed {seed}, round {round}, request {number}\n{asked}\n\n{} {answer}", reply.status);
        }
        if reply.status == StatusCode::OK && asked.method != Method::OPTIONS {
            *accepted.entry(target.path).or_default() += 1;
            known.learn("", &serde_json::from_slice(&reply.body).unwrap_or_default());
            if let Some(parameters) = asked.parameters {
                known.add_example(target.path, parameters);
            }
        }
    }
}

/// What there is to ask for when a round begins, of ours and of others.
async fn first_ids(api: &Api) -> Known {
    let mut known = Known::default();
    let person = api.person("Person").await;
    let user = api.user("Jane", Some(&person)).await;
    known.add("acs_credential_id", api.card(&user, &["101", "Gym"]).await);
    let mobile_key = json!({
        "acs_user_id": user, "access_method": "mobile_key", "is_multi_phone_sync_credential": true,
        "allowed_acs_entrance_ids": [api.door("102")], "starts_at": "2030-01-01T15:00:00Z",
        "ends_at": "2030-01-03T10:00:00Z", "visionline_metadata": {"override": true},
    });
    known.add_example("/acs/credentials/create", mobile_key);
    let phone = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
    known.learn("", &phone);
    let grant = json!({
        "user_identity_id": person, "acs_entrance_ids": [api.door("101")], "reservation_key": "R1",
        "starts_at": "2030-01-01T15:00:00Z", "ends_at": "2030-01-03T10:00:00Z",
        "requested_access_methods": [{"mode": "card"}, {"mode": "mobile_key"}],
    });
    known.learn("", &api.post("/access_grants/create", grant.clone()).await.ok());
    known.add_example("/access_grants/create", grant);
    known.add("acs_user_id", user);
    known.add("acs_user_id", api.foreign_user().await);
    known.add("user_identity_id", person);
    for site in [&api.site, &api.foreign] {
        known.add("workspace_id", site.workspace_id);
        known.add("acs_system_id", site.acs_system_id);
        known.add("credential_manager_acs_system_id", site.manager_id);
        site.doors.values().for_each(|door| known.add("acs_entrance_id", door));
    }
    api.list_encoders(&["Front Desk 1", "Front Desk 2"]).iter().for_each(|id| known.add("acs_encoder_id", id));
    known.add("acs_credential_id", NOBODY);
    let webhook = api.post("/webhooks/create", json!({"url": "http://127.0.0.1:9/"})).await.ok();
    known.learn("", &webhook);
    let wanted = json!({"webhook_id": webhook["webhook"]["webhook_id"], "event_types": ["*"]});
    known.add_example("/webhooks/update", wanted);
    known.add_example("/webhooks/create", json!({"url": "https://93.184.216.34/"}));
    known
}

/// None for what no HTTP parser would have let through.
fn build(asked: &Asked) -> Option<Request<Body>> {
    let mut request: Builder = Request::builder().method(asked.method.clone()).uri(&asked.target);
    for (name, value) in &asked.headers {
        request = request.header(*name, HeaderValue::from_bytes(value).ok()?);
    }
    request.body(Body::from(asked.body.clone())).ok()
}

/// How many rows were ever written, and the number of the last line of the audit log.
fn written(api: &Api) -> (String, String) {
    let query = "SELECT total_changes() || ' ' || (SELECT max(rowid) FROM audit) AS text";
    let texts = api.look(|tx| store::testing::texts(tx, query));
    let (changes, lines) = texts[0].split_once(' ').unwrap();
    (changes.to_owned(), lines.to_owned())
}

/// What is wrong with an answer.
fn problem(asked: &Asked, status: StatusCode, headers: &http::HeaderMap, body: &[u8]) -> Option<&'static str> {
    if status.is_server_error() {
        return Some("a fault of ours");
    }
    if headers.get("seam-request-id").is_none_or(|id| id != "a-request") {
        return Some("no request id");
    }
    if body.len() > LONGEST_ANSWER_BYTES || (status != StatusCode::OK && body.len() > LONGEST_REFUSAL_BYTES) {
        return Some("a long answer");
    }
    if asked.method == Method::OPTIONS || asked.method == Method::HEAD {
        return None;
    }
    if headers.get("content-type").is_none_or(|kind| kind != "application/json; charset=utf-8") {
        return Some("not JSON");
    }
    let Ok(Value::Object(answer)) = serde_json::from_slice(body) else { return Some("no envelope") };
    if answer.get("ok") != Some(&json!(status == StatusCode::OK)) {
        return Some("ok is not what the status says");
    }
    if status == StatusCode::OK {
        return None;
    }
    let is_error = answer.len() == 2
        && answer["error"].as_object().is_some_and(|error| {
            let is_text = |name: &str| error.get(name).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
            let is_tree = error.get("validation_errors").is_none_or(|tree| tree["_errors"].is_array());
            let others = ["type", "message", "title", "data", "validation_errors"];
            is_text("type") && is_text("message") && is_tree && error.keys().all(|name| others.contains(&name.as_str()))
        });
    (!is_error).then_some("an error of another form")
}

/// The most memory this process has had so far; unknown where the system does not say.
fn most_memory_kib() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
