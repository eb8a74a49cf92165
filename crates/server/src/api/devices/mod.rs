//! `/devices`: what is connected besides doors. Here that is phones (`spec/api.md 2.15`).

pub mod delete;
pub mod get;
pub mod list;
pub mod list_device_providers;
pub mod report_provider_metadata;
pub mod resource;
pub mod simulate;
pub mod unmanaged;
pub mod update;
