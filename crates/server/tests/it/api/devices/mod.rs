//! Phones, as callers see them who ask for devices.

mod get;
mod list;
mod list_device_providers;
mod simulate;
mod update;
