//! `cargo xtask test`: everything that must hold before a change lands, in the order in which it fails fastest.

use std::path::Path;

use anyhow::bail;

use crate::{
    outcome::Outcome,
    postgres,
    sdks::{self, Sdks},
    step, tools,
};

/// How many generated requests are sent to the routes with `--all`.
const BAD_REQUESTS: &str = "200000";

/// Runs the checks. With `all`, a missing database engine or SDK is an error before anything is built; without, its
/// tests are left out and the end says so.
pub fn run(root: &Path, all: bool) -> anyhow::Result<()> {
    let (result, elapsed) = step::timed(|| checks(root, all));
    println!("== all: {:.1} s", elapsed.as_secs_f64());
    result
}

fn checks(root: &Path, all: bool) -> anyhow::Result<()> {
    let mut left_out = Vec::new();
    if let Err(missing) = postgres::check() {
        left_out.push(format!("the tests on PostgreSQL: {missing:#}"));
    }
    if let Err(missing) = tools::check() {
        left_out.push(format!("the example in openssl and curl: {missing:#}"));
    }
    let sdks = sdks::prepare(root);
    left_out.extend(sdks.missing().map(str::to_owned));
    if all && !left_out.is_empty() {
        bail!("not everything can be tested:\n  {}", left_out.join("\n  "));
    }

    let mut format = step::cargo(root);
    format.args(["fmt", "--all", "--check"]);
    step::run("format", format)?;

    let mut clippy = step::cargo(root);
    clippy.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    step::run("clippy", clippy)?;

    let result = tests(root, &sdks, all);
    for reason in &left_out {
        println!("skipped: {reason}");
    }
    result
}

fn tests(root: &Path, sdks: &Sdks, all: bool) -> anyhow::Result<()> {
    let mut tests = step::cargo(root);
    tests.args(["test", "--workspace", "--no-fail-fast"]);
    tests.envs(sdks.environment());
    if all {
        tests.env("INNKEEP_TEST_REQUIRE_POSTGRES", "1");
        tests.env("INNKEEP_TEST_REQUIRE_SDKS", "1");
        tests.env("INNKEEP_TEST_REQUIRE_TOOLS", "1");
        tests.env("INNKEEP_TEST_BAD_REQUESTS", BAD_REQUESTS);
    }
    let mut outcome = Outcome::default();
    let result = step::run_watching("tests", tests, |line| outcome.read(line));
    println!("== tests: {outcome}");
    result
}
