//! Rules about the workspace as a whole: which crate may use which, and the shape of its sources.
#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod dependencies;
mod readme;
mod sources;
mod workspace;
