//! `/access_methods`.

pub mod assign_card;
pub mod create;
pub mod delete;
pub mod encode;
pub mod get;
pub mod get_related;
pub mod list;
pub mod resource;
pub mod unlock_door;
pub mod unmanaged;
