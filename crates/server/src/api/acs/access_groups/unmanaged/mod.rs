//! `/acs/access_groups/unmanaged`.

pub mod get;
pub mod list;
