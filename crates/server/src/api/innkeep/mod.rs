//! `/innkeep`: what the API that we are compatible with does not have.

pub mod acs_credentials;
pub mod acs_systems;
pub mod webhook_attempts;
