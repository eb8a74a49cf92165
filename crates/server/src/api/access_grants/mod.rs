//! `/access_grants`.

pub mod create;
pub mod delete;
pub mod get;
pub mod get_related;
pub mod list;
pub mod one;
pub mod request_access_methods;
pub mod resource;
pub mod unmanaged;
pub mod update;
