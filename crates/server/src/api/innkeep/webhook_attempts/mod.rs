//! `/innkeep/webhook_attempts`: what came of sending events to webhooks.

pub mod get;
pub mod list;
pub mod repeat;
pub mod resource;
