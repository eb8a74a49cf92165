//! `/action_attempts`.

pub mod get;
pub mod resource;
