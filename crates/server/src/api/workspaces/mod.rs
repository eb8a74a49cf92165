//! `/workspaces`.

pub mod get;
pub mod resource;
