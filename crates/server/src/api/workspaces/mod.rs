//! `/workspaces`.

pub mod create;
pub mod get;
pub mod list;
pub mod looks;
pub mod resource;
pub mod update;
