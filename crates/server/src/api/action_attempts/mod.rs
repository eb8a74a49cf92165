//! `/action_attempts`.

pub mod get;
pub mod list;
pub mod resource;
