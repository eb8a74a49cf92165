//! Storage: the schema, its migrations and every query, on SQLite and PostgreSQL from one set of Diesel queries.
//!
//! [`Store`] runs named transactions; the query modules take a [`Tx`] and domain types, and no caller sees Diesel.
//! What a change means is decided by `domain` and put together by `engine`: nothing here decides.
//!
//! A row that is unique is loaded with `get_result`, not `first`: `first` adds `LIMIT ?`, and SQLite prepares a statement
//! with a bound limit anew at each use.

mod database;
mod error;
#[cfg(feature = "testing")]
pub mod testing;

pub use database::{Counts, Engine, Limits, Location, Store, TransactionCounts, Tx};
pub use error::{ConstraintKind, Error};

mod among;
mod column;
mod schema;

pub mod access_grants;
pub mod access_methods;
pub mod action_attempts;
pub mod audit;
pub mod cards_seen;
pub mod cards_written;
pub mod carriers;
pub mod client_sessions;
pub mod configuration;
pub mod connect_webviews;
pub mod connected_accounts;
pub mod connections;
pub mod credential_details;
pub mod credential_state;
pub mod credentials;
pub mod custom_metadata;
pub mod customers;
pub mod double_bookings;
pub mod encoder_jobs;
pub mod encoder_simulations;
pub mod encoders;
pub mod enrollment_automations;
pub mod entrances;
pub mod events;
pub mod figures;
pub mod idempotency;
pub mod instant_keys;
pub mod leases;
pub mod merged_user_identities;
pub mod page;
pub mod personal_access_tokens;
pub mod phone_pages;
pub mod phones;
pub mod removal;
pub mod reset;
pub mod sight;
pub mod space_members;
pub mod spaces;
pub mod stays;
pub mod systems;
pub mod tasks;
pub mod user_identities;
pub mod users;
pub mod webhook_attempts;
pub mod webhook_claims;
pub mod webhook_messages;
pub mod webhooks;
pub mod workspaces;
