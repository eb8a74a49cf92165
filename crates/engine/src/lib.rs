//! The operations, each one transaction, and the workers as state machines.
//!
//! An operation loads what it needs through `store`, asks `domain` to decide, and writes the new desired state, the
//! events, the audit note and the outbox rows in the caller's transaction. A worker asks [`issuing`] what to send,
//! sends it, and hands the outcome back. Nothing here waits, knows a clock or speaks to a lock server.

pub mod access_grants;
pub mod access_methods;
pub mod acs_systems;
pub mod audit;
pub mod caller;
pub mod client_sessions;
pub mod connecting;
pub mod credentials;
pub mod customers;
pub mod encoders;
pub mod enrollment_automations;
mod error;
pub mod event;
pub mod idempotency;
pub mod instant_keys;
pub mod issuing;
pub mod keys;
pub mod phones;
pub mod retention;
pub mod sites;
pub mod spaces;
pub mod user_identities;
pub mod users;
pub mod webhooks;
mod when;
pub mod workspaces;

pub use caller::{Caller, Scope};
pub use error::{Error, Noun};
pub use when::When;
