//! `/phones/simulate`: for sandbox workspaces.

pub mod create_sandbox_phone;
