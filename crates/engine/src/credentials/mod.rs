//! Credentials: asking for them, ending them, and how they look from outside.

pub mod create;
pub mod delete;
mod doors;
mod joined;
pub mod view;

pub use create::{Create, Joiner, Owner, When, create};
pub use delete::delete;
pub use view::{View, find, list, views};
