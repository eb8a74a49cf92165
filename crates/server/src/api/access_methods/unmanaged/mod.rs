//! `/access_methods/unmanaged`: every access method is managed here.

pub mod get;
pub mod list;
