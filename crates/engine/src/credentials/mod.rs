//! Credentials: asking for them, ending them, and how they look from outside.

pub mod access;
pub mod change;
pub mod create;
pub mod delete;
pub(crate) mod doors;
pub mod double_bookings;
mod hull;
mod joined;
pub mod lost_card;
pub mod view;

pub use access::with_access;
pub use change::{assign, set_end, unassign};
pub(crate) use change::{set_common_doors, set_window};
pub(crate) use create::create_beside;
pub use create::{Create, Joiner, Owner, create};
pub use delete::delete;
pub(crate) use delete::end;
pub(crate) use hull::refit;
pub use lost_card::{LostCard, void_lost_card};
pub use view::{View, find, list, views};
