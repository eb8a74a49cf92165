//! `/events`.

pub mod get;
pub mod list;
pub mod resource;
