//! `/acs/users`.

pub mod add_to_access_group;
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod list_accessible_entrances;
pub mod one;
pub mod remove_from_access_group;
pub mod resource;
pub mod revoke_access_to_all_entrances;
pub mod suspend;
pub mod unmanaged;
pub mod unsuspend;
pub mod update;
