//! `/phones`.

pub mod deactivate;
pub mod get;
pub mod list;
pub mod resource;
pub mod simulate;
