//! `/acs/users/unmanaged`.

pub mod get;
pub mod list;
