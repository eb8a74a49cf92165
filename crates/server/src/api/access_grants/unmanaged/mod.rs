//! `/access_grants/unmanaged`: every grant is managed here.

pub mod get;
pub mod list;
pub mod update;
