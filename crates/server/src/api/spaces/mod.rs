//! `/spaces`

pub mod add_acs_entrances;
pub mod add_connected_account;
pub mod add_devices;
pub mod create;
pub mod delete;
pub mod get;
pub mod get_related;
pub mod list;
pub mod one;
pub mod remove_acs_entrances;
pub mod remove_connected_account;
pub mod remove_devices;
pub mod resource;
pub mod update;
