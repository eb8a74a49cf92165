//! Tests of the server from outside.
// In tests a failed unwrap is a failed test.
#![allow(clippy::unwrap_used, missing_docs)]

mod adapter;
mod api;
mod cards;
#[path = "support/demo_process.rs"]
mod demo_process;
mod guest_page;
mod published;
mod sdk;
mod serve;
mod sim;
mod stays;
mod webhooks;
