//! The work at one site: carrying the engine's steps to the lock server and the outcomes back.

mod errand;
mod worker;

pub use errand::{Errand, Next};
pub use worker::Worker;
