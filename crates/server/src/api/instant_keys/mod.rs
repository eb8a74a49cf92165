//! `/instant_keys`

pub mod delete;
pub mod get;
pub mod list;
pub mod resource;
