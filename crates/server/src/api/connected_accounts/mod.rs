//! `/connected_accounts`.

pub mod delete;
pub mod get;
pub mod list;
pub mod resource;
pub mod simulate;
pub mod sync;
pub mod update;
