//! `/webhooks`.

pub mod create;
pub mod delete;
pub mod event_types;
pub mod get;
pub mod list;
pub mod resource;
pub mod update;
