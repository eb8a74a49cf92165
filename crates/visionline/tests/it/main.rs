//! The driver as its users see it: scripts for the conversation, and the shell over real and replaced transports.
// A test that cannot get at its own fixture should stop there.
#![allow(clippy::unwrap_used, missing_docs)]

mod client;
mod conversation;
mod discard;
mod outcome;
mod script;
mod tls;
mod tolerance;
