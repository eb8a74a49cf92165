//! The official SDKs, unmodified, against the real program. Each flow is a script in `tests/sdk` that an integrator
//! could have written; it runs in both generations of its SDK, each time against a demo of its own.
//!
//! `cargo xtask test` installs the SDKs and says in the environment where they are. Without them the flows are
//! skipped, unless `INNKEEP_TEST_REQUIRE_SDKS` is 1.

use std::{
    env,
    ffi::OsString,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use crate::demo_process::{DemoProcess, Watched};

/// How long a flow may be silent; it takes a few seconds and bounds each of its own waits by ten.
const FLOW_LIMIT: Duration = Duration::from_secs(120);
/// How long the program may take to open its hotel, on a machine that is busy with other tests.
const OPEN_LIMIT: Duration = Duration::from_secs(60);
/// How long the program may take to stop.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// Where the interpreter with the present Python SDK is said to be.
const PYTHON: &str = "INNKEEP_TEST_PYTHON";

/// One generation of one SDK.
enum Sdk {
    Python,
    PythonOlder,
    JavaScript,
    JavaScriptOlder,
}

impl Sdk {
    /// The command that runs a flow, or `None` when the SDK is not installed.
    fn command(&self, flow: &str) -> Option<Command> {
        match self {
            Self::Python => python(PYTHON, &script("python", flow, "py")),
            Self::PythonOlder => python("INNKEEP_TEST_PYTHON_OLD", &script("python", flow, "py")),
            Self::JavaScript => javascript("seam", flow),
            Self::JavaScriptOlder => javascript("seam-1", flow),
        }
    }
}

fn python(interpreter: &str, script: &Path) -> Option<Command> {
    let mut command = Command::new(prepared(interpreter)?);
    command.arg("-B").arg(script);
    Some(command)
}

fn javascript(package: &str, flow: &str) -> Option<Command> {
    let mut command = Command::new(prepared("INNKEEP_TEST_NODE")?);
    command
        .arg(script("javascript", flow, "mjs"))
        .env("INNKEEP_TEST_NODE_MODULES", prepared("INNKEEP_TEST_NODE_MODULES")?)
        .env("INNKEEP_SDK", package);
    Some(command)
}

fn script(language: &str, flow: &str, extension: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk").join(language).join(flow).with_extension(extension)
}

fn prepared(variable: &str) -> Option<OsString> {
    let value = env::var_os(variable);
    let required = env::var_os("INNKEEP_TEST_REQUIRE_SDKS").is_some_and(|value| value == "1");
    assert!(
        value.is_some() || !required,
        "{variable} is not set; `cargo xtask test --all` installs the SDKs and sets it"
    );
    value
}

/// Runs a flow against a demo of its own, whose clock the flow may move.
fn run(sdk: &Sdk, flow: &str) {
    match sdk.command(flow) {
        Some(command) => drop(finish(command, flow, &DemoProcess::start(&["--clock", "virtual"]))),
        None => skip(flow),
    }
}

/// What a script of ours prints that uses the packages of the SDKs and reads `input`; none where they are not installed.
pub fn printed_by_javascript(script: &str, input: &[u8]) -> Option<Vec<u8>> {
    let mut command = Sdk::JavaScript.command(script)?;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // Beside reading, or the two could wait for each other; a script that reads nothing may be gone already.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().unwrap()
    });
    assert!(output.status.success(), "{script} failed");
    Some(output.stdout)
}

/// Past the harness, which would swallow what a passing test prints. `cargo xtask test` counts these lines.
pub fn skip(flow: &str) {
    let reason = "the SDK is not installed; `cargo xtask test` installs it";
    writeln!(std::io::stdout().lock(), "skipped: {flow}: {reason}").unwrap();
}

/// Runs a flow in the present Python SDK against any server that these variables lead to; `said` is what that server
/// has printed.
pub fn run_in_python_against(flow: &str, environment: &[(&str, &str)], said: impl Fn() -> String) {
    match Sdk::Python.command(flow) {
        Some(mut command) => {
            command.envs(environment.iter().copied());
            drop(to_its_end(command, flow, said));
        }
        None => skip(flow),
    }
}

/// Runs a script to its end and answers what it said; fails with everything that it and the demo said.
fn finish(mut command: Command, flow: &str, demo: &DemoProcess) -> String {
    command
        .env("SEAM_ENDPOINT", &demo.ready.endpoint)
        .env("SEAM_API_KEY", &demo.ready.api_key)
        .env("INNKEEP_CONTROL", &demo.ready.control)
        .env("INNKEEP_WORKSPACE_ID", &demo.ready.workspace_id)
        .env("INNKEEP_ACS_SYSTEM_ID", &demo.ready.acs_system_id)
        .env("INNKEEP_CREDENTIAL_MANAGER_ID", &demo.ready.credential_manager_acs_system_id);
    to_its_end(command, flow, || demo.output())
}

fn to_its_end(mut command: Command, flow: &str, said: impl Fn() -> String) -> String {
    let mut script = Watched::start(undisturbed(&mut command));
    let status = script.exit(FLOW_LIMIT);
    assert!(
        status.is_some_and(|status| status.success()),
        "{flow}: {}\n{}\nThe server said:\n{}",
        status.map_or_else(|| "no end".into(), |status| status.to_string()),
        script.output(),
        said()
    );
    script.output()
}

/// A developer's own account and proxy must not get between the SDK and the demo.
fn undisturbed(command: &mut Command) -> &mut Command {
    for variable in ["SEAM_API_URL", "SEAM_PERSONAL_ACCESS_TOKEN", "SEAM_WORKSPACE_ID"] {
        command.env_remove(variable);
    }
    command.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1")
}

/// Runs a flow in both generations of the Python SDK.
fn run_in_python(flow: &str) {
    run(&Sdk::Python, flow);
    run(&Sdk::PythonOlder, flow);
}

const FIRST_FLOW: &str = "first_flow";
const SECOND_GUEST: &str = "second_guest_flow";
const ERRORS: &str = "errors_and_pages";
const CARD: &str = "plastic_card";
const WEBHOOKS: &str = "webhooks";

#[test]
fn python_issues_and_revokes_a_key_for_a_single_guest_in_a_single_room() {
    run(&Sdk::Python, FIRST_FLOW);
}

#[test]
fn older_python_issues_and_revokes_a_key_for_a_single_guest_in_a_single_room() {
    run(&Sdk::PythonOlder, FIRST_FLOW);
}

#[test]
fn javascript_issues_and_revokes_a_key_for_a_single_guest_in_a_single_room() {
    run(&Sdk::JavaScript, FIRST_FLOW);
}

#[test]
fn older_javascript_issues_and_revokes_a_key_for_a_single_guest_in_a_single_room() {
    run(&Sdk::JavaScriptOlder, FIRST_FLOW);
}

#[test]
fn python_overrides_one_room_of_an_earlier_guest_and_no_other() {
    run(&Sdk::Python, SECOND_GUEST);
}

#[test]
fn older_python_overrides_one_room_of_an_earlier_guest_and_no_other() {
    run(&Sdk::PythonOlder, SECOND_GUEST);
}

#[test]
fn javascript_overrides_one_room_of_an_earlier_guest_and_no_other() {
    run(&Sdk::JavaScript, SECOND_GUEST);
}

#[test]
fn older_javascript_overrides_one_room_of_an_earlier_guest_and_no_other() {
    run(&Sdk::JavaScriptOlder, SECOND_GUEST);
}

#[test]
fn python_raises_its_own_errors_and_walks_pages() {
    run(&Sdk::Python, ERRORS);
}

#[test]
fn older_python_raises_its_own_errors_and_walks_pages() {
    run(&Sdk::PythonOlder, ERRORS);
}

#[test]
fn javascript_throws_its_own_errors_and_walks_pages() {
    run(&Sdk::JavaScript, ERRORS);
}

#[test]
fn older_javascript_throws_its_own_errors_and_walks_pages() {
    run(&Sdk::JavaScriptOlder, ERRORS);
}

#[test]
fn python_writes_a_plastic_card_and_waits_for_it() {
    run(&Sdk::Python, CARD);
}

#[test]
fn older_python_writes_a_plastic_card_and_waits_for_it() {
    run(&Sdk::PythonOlder, CARD);
}

#[test]
fn javascript_writes_a_plastic_card_and_waits_for_it() {
    run(&Sdk::JavaScript, CARD);
}

#[test]
fn older_javascript_writes_a_plastic_card_and_waits_for_it() {
    run(&Sdk::JavaScriptOlder, CARD);
}

const REFUSALS: &str = "refusals_of_every_kind";
const QUERIES: &str = "pages_and_queries";
const WAITING: &str = "waiting_for_attempts";

#[test]
fn python_raises_a_refusal_of_every_kind() {
    run(&Sdk::Python, REFUSALS);
}

#[test]
fn older_python_raises_a_refusal_of_every_kind() {
    run(&Sdk::PythonOlder, REFUSALS);
}

#[test]
fn javascript_throws_a_refusal_of_every_kind() {
    run(&Sdk::JavaScript, REFUSALS);
}

#[test]
fn older_javascript_throws_a_refusal_of_every_kind() {
    run(&Sdk::JavaScriptOlder, REFUSALS);
}

#[test]
fn python_writes_queries_that_are_understood_and_walks_every_list() {
    run(&Sdk::Python, QUERIES);
}

#[test]
fn older_python_writes_queries_that_are_understood_and_walks_every_list() {
    run(&Sdk::PythonOlder, QUERIES);
}

#[test]
fn javascript_writes_queries_that_are_understood_and_walks_every_list() {
    run(&Sdk::JavaScript, QUERIES);
}

#[test]
fn older_javascript_writes_queries_that_are_understood_and_walks_every_list() {
    run(&Sdk::JavaScriptOlder, QUERIES);
}

#[test]
fn python_waits_for_attempts_as_it_is_told() {
    run(&Sdk::Python, WAITING);
}

#[test]
fn older_python_waits_for_attempts_as_it_is_told() {
    run(&Sdk::PythonOlder, WAITING);
}

#[test]
fn javascript_waits_for_attempts_as_it_is_told() {
    run(&Sdk::JavaScript, WAITING);
}

#[test]
fn older_javascript_waits_for_attempts_as_it_is_told() {
    run(&Sdk::JavaScriptOlder, WAITING);
}

#[test]
fn python_books_a_reservation_with_access_grants() {
    run(&Sdk::Python, "reservation");
}

#[test]
fn javascript_books_a_reservation_with_access_grants() {
    run(&Sdk::JavaScript, "reservation");
}

#[test]
fn python_verifies_what_a_webhook_gets() {
    run(&Sdk::Python, WEBHOOKS);
}

#[test]
fn older_python_verifies_what_a_webhook_gets() {
    run(&Sdk::PythonOlder, WEBHOOKS);
}

#[test]
fn javascript_verifies_what_a_webhook_gets() {
    run(&Sdk::JavaScript, WEBHOOKS);
}

#[test]
fn older_javascript_verifies_what_a_webhook_gets() {
    run(&Sdk::JavaScriptOlder, WEBHOOKS);
}

#[test]
fn a_pushed_guest_opens_a_space_with_an_instant_key() {
    run_in_python("spaces_and_instant_keys");
}

#[test]
fn a_returning_guest_gets_the_new_rooms_and_loses_the_old_one() {
    run_in_python("returning_guest");
}

#[test]
fn nobody_of_a_party_in_several_rooms_evicts_anybody() {
    run_in_python("several_guests_in_several_rooms");
}

#[test]
fn a_key_joins_the_parties_of_two_rooms_as_the_guide_finds_them() {
    run_in_python("finding_credentials_to_join");
}

#[test]
fn a_parent_a_child_or_both_can_be_joined() {
    run_in_python("joining_parent_and_child");
}

#[test]
fn a_key_is_updated_by_a_joiner_and_the_phone_always_opens() {
    run_in_python("update_by_new_joiner");
}

#[test]
fn revoking_a_parent_takes_its_children_first_and_leaves_those_who_joined() {
    run_in_python("revoking_a_parent");
}

#[test]
fn no_phone_of_a_guest_evicts_another() {
    run_in_python("several_phones");
}

#[test]
fn suspended_and_deleted_guests_open_nothing() {
    run_in_python("suspending_and_deleting");
}

#[test]
fn every_event_of_a_stay_is_told_once_and_in_order() {
    run_in_python("events_of_keys");
}

const CLIENT_SESSION: &str = "client_session_flow";

#[test]
fn javascript_logs_a_guest_and_a_browser_in_with_client_sessions() {
    run(&Sdk::JavaScript, CLIENT_SESSION);
}

#[test]
fn older_javascript_logs_a_guest_and_a_browser_in_with_client_sessions() {
    run(&Sdk::JavaScriptOlder, CLIENT_SESSION);
}

#[test]
fn an_emptied_sandbox_is_like_a_new_one() {
    run_in_python("sandbox_reset");
}

#[test]
fn the_first_door_of_the_readme_opens() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/first_door.py");
    match python(PYTHON, &example) {
        Some(command) => {
            let said = finish(command, "first_door", &DemoProcess::start(&[]));
            assert_eq!(said, "101 opens: guest 0x0043\n102 refuses: no_access 0x0140\n");
        }
        None => skip("first_door"),
    }
}

#[test]
fn the_lines_that_the_demo_prints_can_be_pasted_into_a_shell() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_innkeep"));
    command.args(["demo", "--listen", "127.0.0.1:0"]);
    let demo = Watched::start(&mut command);
    let mut banner = vec![demo.line(OPEN_LIMIT).unwrap()];
    while !banner.last().unwrap().starts_with("/tmp/hotel/bin/python") {
        banner.push(demo.line(OPEN_LIMIT).unwrap());
    }
    let lines = banner.split_off(banner.len() - 3);
    assert_eq!(banner.last().unwrap(), "");
    let parsed = Command::new("bash").args(["-n", "-c", &lines.join("\n")]).status().unwrap();
    assert!(parsed.success(), "{lines:?}");
    assert_eq!(lines[0], "python3 -m venv /tmp/hotel && /tmp/hotel/bin/pip -q install seam");

    // The environment that the first line makes is the one that the tests have already.
    let Some(interpreter) = prepared(PYTHON) else { return skip("the demo's lines") };
    let pasted = lines[1..].join("\n").replace("/tmp/hotel/bin/python", "\"$PREPARED_PYTHON\"");
    let mut shell = Command::new("bash");
    shell.args(["-c", &pasted]).env("PREPARED_PYTHON", interpreter);
    let mut shell = Watched::start(undisturbed(&mut shell));
    let status = shell.exit(FLOW_LIMIT);
    assert!(status.is_some_and(|status| status.success()), "{}", shell.output());
    for door in ["'101'", "'302'", "'Main Entrance'"] {
        assert!(shell.output().contains(door), "{}", shell.output());
    }
}

#[test]
fn ctrl_c_stops_the_demo_cleanly() {
    let mut demo = DemoProcess::start(&[]);
    let status = demo.interrupt(STOP_LIMIT);
    assert_eq!(status.and_then(|status| status.code()), Some(0), "{}", demo.output());
}

#[test]
fn an_integrator_connects_a_hotel_and_its_guest_gets_in() {
    run_in_python("connecting_a_hotel");
}
