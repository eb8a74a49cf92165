//! `/workspaces`.

pub mod create;
pub mod find_anything;
pub mod get;
pub mod list;
pub mod looks;
pub mod reset_sandbox;
pub mod resource;
pub mod update;
