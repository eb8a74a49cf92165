//! Tests of the simulated hotel through its public face: raw requests in, locks that open or do not.
#![allow(clippy::unwrap_used, missing_docs)] // Tests may fail loudly, and their names are their documentation.

mod arbitrary;
mod callbacks;
mod client;
mod consequences;
mod control;
mod create;
mod credential_services;
mod desk_days;
mod doors;
mod encoders;
mod faults;
mod habits;
mod handles;
mod joining;
mod knobs;
mod listing;
mod locks;
mod payload;
mod phones;
mod plastic;
mod property;
mod revoke;
mod sessions;
mod signing;
mod snapshot;
mod time;
mod variants;
