//! `/acs/systems`.

pub mod get;
pub mod list;
pub mod list_compatible_credential_manager_acs_systems;
pub mod report_devices;
pub mod resource;
