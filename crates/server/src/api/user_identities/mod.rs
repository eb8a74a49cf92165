//! `/user_identities`.

pub mod add_acs_user;
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod list_accessible_entrances;
pub mod list_acs_systems;
pub mod list_acs_users;
pub mod remove_acs_user;
pub mod resource;
pub mod update;
