//! `/acs/access_groups`: Visionline has none (`spec/api.md 4.25`).

pub mod add_user;
pub mod delete;
pub mod get;
pub mod list;
pub mod list_accessible_entrances;
pub mod list_users;
pub mod remove_user;
pub mod unmanaged;
