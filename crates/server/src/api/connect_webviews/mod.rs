//! `/connect_webviews`. The page itself is in [`crate::connecting`].

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod resource;
