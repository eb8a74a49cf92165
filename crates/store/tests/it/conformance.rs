//! One suite for every engine: each case runs on an SQLite file, in memory, and on PostgreSQL.
//!
//! A case gets a store of its own. To add one, write `fn name(store: &Store)` and put it into a list of cases.

use std::panic::{AssertUnwindSafe, catch_unwind};

use innkeep_store::Store;
use innkeep_store::testing::{Place, PrivateCluster, fresh_store};

use crate::{grants, infrastructure, nouns, persons, sessions, sites, spaces};

/// A rule, in words, and the function that tries it.
pub type Case = (&'static str, fn(&Store));

/// Every list of cases.
const SUITE: &[&[Case]] =
    &[grants::CASES, infrastructure::CASES, nouns::CASES, persons::CASES, sessions::CASES, sites::CASES, spaces::CASES];

#[test]
fn every_case_holds_on_an_sqlite_file() {
    run_suite(Place::File);
}

#[test]
fn every_case_holds_in_memory() {
    run_suite(Place::Memory);
}

#[test]
fn every_case_holds_on_postgres() {
    if let Some(cluster) = PrivateCluster::start_or_skip("every_case_holds_on_postgres") {
        run_suite(Place::Cluster(&cluster));
    }
}

/// Runs all cases and names those that failed; their messages stand above.
fn run_suite(place: Place<'_>) {
    let mut failed = Vec::new();
    for (rule, case) in SUITE.iter().copied().flatten() {
        let fresh = fresh_store(place).unwrap();
        if catch_unwind(AssertUnwindSafe(|| case(&fresh.store))).is_err() {
            failed.push(*rule);
        }
    }
    assert!(failed.is_empty(), "rules that do not hold: {failed:#?}");
}
