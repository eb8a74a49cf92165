//! `/acs/credentials/unmanaged`.

pub mod get;
pub mod list;
