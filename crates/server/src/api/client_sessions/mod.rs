//! `/client_sessions`.

pub mod create;
pub mod delete;
pub mod get;
pub mod get_or_create;
pub mod given;
pub mod grant_access;
pub mod list;
pub mod resource;
pub mod revoke;
