//! The official SDKs, unmodified, against the real program. Each flow is a script in `tests/sdk` that an integrator
//! could have written; it runs in both generations of its SDK, each time against a demo of its own.
//!
//! `cargo xtask test` installs the SDKs and says in the environment where they are. Without them the flows are
//! skipped, unless `INNKEEP_TEST_REQUIRE_SDKS` is 1.

#[path = "support/demo_process.rs"]
mod demo_process;

use std::{
    env,
    ffi::OsString,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use demo_process::{DemoProcess, Watched};

/// How long a flow may be silent; it takes a few seconds and bounds each of its own waits by ten.
const FLOW_LIMIT: Duration = Duration::from_secs(120);
/// How long the program may take to stop.
const STOP_LIMIT: Duration = Duration::from_secs(10);

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
            Self::Python => python("INNKEEP_TEST_PYTHON", flow),
            Self::PythonOlder => python("INNKEEP_TEST_PYTHON_OLD", flow),
            Self::JavaScript => javascript("seam", flow),
            Self::JavaScriptOlder => javascript("seam-1", flow),
        }
    }
}

fn python(interpreter: &str, flow: &str) -> Option<Command> {
    let mut command = Command::new(prepared(interpreter)?);
    command.arg("-B").arg(script("python", flow, "py"));
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

/// Runs a flow and fails with everything it and the demo said.
fn run(sdk: &Sdk, flow: &str) {
    let Some(mut command) = sdk.command(flow) else {
        // Past the harness, which would swallow what a passing test prints. `cargo xtask test` counts these lines.
        let reason = "the SDK is not installed; `cargo xtask test` installs it";
        writeln!(std::io::stdout().lock(), "skipped: {flow}: {reason}").unwrap();
        return;
    };
    let demo = DemoProcess::start();
    // A developer's own account and proxy must not get between the SDK and the demo.
    for variable in ["SEAM_API_URL", "SEAM_PERSONAL_ACCESS_TOKEN", "SEAM_WORKSPACE_ID"] {
        command.env_remove(variable);
    }
    command
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1")
        .env("SEAM_ENDPOINT", &demo.ready.endpoint)
        .env("SEAM_API_KEY", &demo.ready.api_key)
        .env("INNKEEP_CONTROL", &demo.ready.control)
        .env("INNKEEP_WORKSPACE_ID", &demo.ready.workspace_id)
        .env("INNKEEP_ACS_SYSTEM_ID", &demo.ready.acs_system_id)
        .env("INNKEEP_CREDENTIAL_MANAGER_ID", &demo.ready.credential_manager_acs_system_id);
    let mut script = Watched::start(&mut command);
    let status = script.exit(FLOW_LIMIT);
    assert!(
        status.is_some_and(|status| status.success()),
        "{flow}: {}\n{}\nThe demo said:\n{}",
        status.map_or_else(|| "no end".into(), |status| status.to_string()),
        script.output(),
        demo.output()
    );
}

const FIRST_FLOW: &str = "first_flow";
const SECOND_GUEST: &str = "second_guest_flow";
const ERRORS: &str = "errors_and_pages";

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
fn ctrl_c_stops_the_demo_cleanly() {
    let mut demo = DemoProcess::start();
    let status = demo.interrupt(STOP_LIMIT);
    assert_eq!(status.and_then(|status| status.code()), Some(0), "{}", demo.output());
}
