//! `/acs/credentials`.

pub mod assign;
pub mod create;
pub mod create_offline_code;
pub mod delete;
pub mod get;
pub mod list;
pub mod list_accessible_entrances;
pub mod resource;
pub mod unassign;
pub mod unmanaged;
pub mod update;

mod metadata;
