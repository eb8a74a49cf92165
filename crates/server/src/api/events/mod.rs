//! `/events`.

pub mod list;
pub mod resource;
