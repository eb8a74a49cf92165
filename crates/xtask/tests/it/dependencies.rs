//! The table of crates in the design: what each must not depend on, directly or through others. Only what is linked
//! into the shipped program counts; tests and benchmarks may use more.

use std::{collections::BTreeSet, process::Command};

use crate::workspace::{crates, root};

/// Everything that reads or writes the world outside, or waits for it.
const IO: &[&str] = &[
    "axum",
    "diesel",
    "hyper",
    "libsqlite3-sys",
    "mio",
    "postgres",
    "pq-sys",
    "reqwest",
    "socket2",
    "tempfile",
    "tokio",
];
const RANDOMNESS: &[&str] = &["fastrand", "getrandom", "rand", "rand_core"];
const NETWORK: &[&str] = &["axum", "hyper", "reqwest", "tokio"];

const DOMAIN: &str = "innkeep-domain";
const STORE: &str = "innkeep-store";
const ENGINE: &str = "innkeep-engine";
const VISIONLINE: &str = "innkeep-visionline";
const SIMULATOR: &str = "innkeep-visionline-sim";
const SERVER: &str = "innkeep-server";
const HOTEL_YEARS: &str = "innkeep-hotel-years";
const XTASK: &str = "xtask";

/// A crate, and what must not be reachable from it. What is above a crate in the house comes on top: see [`HOUSE`].
const FORBIDDEN: &[(&str, &[&[&str]])] = &[
    (DOMAIN, &[IO, RANDOMNESS]),
    (STORE, &[NETWORK]),
    (ENGINE, &[NETWORK, &[VISIONLINE, SIMULATOR]]),
    (VISIONLINE, &[&[STORE, ENGINE, SIMULATOR]]),
    // Its own wire types: a mistake shared with the client would be invisible.
    (SIMULATOR, &[&["tokio", VISIONLINE, STORE, ENGINE]]),
    (SERVER, &[]),
    (HOTEL_YEARS, &[]),
    (XTASK, &[]),
];

/// From the ground up: no crate may reach one that stands later. The last two are not shipped.
const HOUSE: &[&str] = &[DOMAIN, STORE, ENGINE, VISIONLINE, SIMULATOR, SERVER, HOTEL_YEARS, XTASK];

/// The names of all packages that a crate's library or program is built from, without itself.
fn reachable(package: &str) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // `cargo tree` resolves the features of this one crate; `cargo metadata` would mix in what others switch on.
    let output = Command::new(cargo)
        .current_dir(root())
        .args(["tree", "--offline", "--package", package])
        .args(["--edges", "normal,no-proc-macro", "--prefix", "none"])
        .args(["--format", "{p}"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != package)
        .map(str::to_owned)
        .collect()
}

fn violations(package: &str, forbidden: &[&str]) -> Vec<String> {
    let reachable = reachable(package);
    forbidden
        .iter()
        .filter(|name| reachable.contains(**name))
        .map(|name| {
            format!(
                "{package} must not depend on {name}; \
                 `cargo tree -p {package} -e normal -i {name}` shows by which way"
            )
        })
        .collect()
}

#[test]
fn no_crate_reaches_what_the_design_forbids_it() {
    let found: Vec<String> =
        FORBIDDEN.iter().flat_map(|(package, groups)| violations(package, &groups.concat())).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_crate_reaches_one_that_stands_above_it() {
    let found: Vec<String> =
        HOUSE.iter().enumerate().flat_map(|(floor, package)| violations(package, &HOUSE[floor + 1..])).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_crate_has_its_row_in_the_table() {
    let crates: BTreeSet<String> = crates().into_iter().map(|krate| krate.package).collect();
    let rows: BTreeSet<String> = FORBIDDEN.iter().map(|(name, _)| (*name).into()).collect();
    let house: BTreeSet<String> = HOUSE.iter().map(|name| (*name).into()).collect();
    assert_eq!(rows, crates);
    assert_eq!(house, crates);
}

#[test]
fn reachable_crates_are_found_through_others() {
    // The rules above say "not found": this is what they would look like if nothing were ever found.
    let engine = reachable(ENGINE);
    assert!(engine.contains(DOMAIN), "{engine:?}");
    assert!(engine.contains("libsqlite3-sys"), "{engine:?}");
}
