//! Integration tests of the store, on both engines.
#![allow(clippy::unwrap_used, missing_docs)] // a test may panic, and its name is its documentation

mod conformance;
mod grants;
mod infrastructure;
mod infrastructure_postgres;
mod infrastructure_sqlite;
mod migrations;
mod nouns;
mod persons;
mod private_cluster;
mod sessions;
mod sites;
mod spaces;
