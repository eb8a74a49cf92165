//! Stories that every test run plays.
// In tests a failed unwrap is a failed test.
#![allow(clippy::unwrap_used, missing_docs)]

mod found;
mod keys;
mod reported;
mod stories;
