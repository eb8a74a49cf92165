//! `/acs/entrances`.

pub mod get;
pub mod grant_access;
pub mod list;
pub mod list_credentials_with_access;
pub mod resource;
pub mod unlock;
