//! Tests of the simulated hotel through its public face: raw requests in, locks that open or do not.
#![allow(clippy::unwrap_used, missing_docs)] // Tests may fail loudly, and their names are their documentation.

mod arbitrary;
mod client;
mod consequences;
mod control;
mod create;
mod credential_services;
mod doors;
mod faults;
mod habits;
mod joining;
mod listing;
mod locks;
mod phones;
mod plastic;
mod property;
mod revoke;
mod sessions;
mod signing;
mod snapshot;
mod time;
