//! `/user_identities/enrollment_automations`.

pub mod delete;
pub mod get;
pub mod launch;
pub mod list;
pub mod resource;
