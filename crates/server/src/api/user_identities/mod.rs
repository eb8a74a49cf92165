//! `/user_identities`.

pub mod add_acs_user;
pub mod create;
pub mod delete;
pub mod enrollment_automations;
pub mod generate_instant_key;
pub mod get;
pub mod grant_access_to_device;
pub mod list;
pub mod list_accessible_devices;
pub mod list_accessible_entrances;
pub mod list_acs_systems;
pub mod list_acs_users;
pub mod merge;
pub mod remove_acs_user;
pub mod resource;
pub mod revoke_access_to_device;
pub mod unmanaged;
pub mod update;
