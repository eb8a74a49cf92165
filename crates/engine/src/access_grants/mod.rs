//! Stays by reservation: "this guest, this reservation, these rooms, these dates" (`spec/api.md 4.19`, `4.20`).
//!
//! A grant has methods, each carried by credentials: a card, or a parent that is delivered to the guest's phones. The
//! credentials do all that credentials do; [`settle`] reads how they stand and tells it in the words of grants.

mod create;
mod delete;
mod doors;
mod event;
mod methods;
mod reservation;
mod settle;
mod update;
mod view;

pub use create::{Create, NewLink, Person, Requested, create, request_access_methods};
pub use delete::delete;
pub(crate) use delete::{end, end_method};
pub(crate) use reservation::of_reservation;
pub(crate) use settle::{is_dead, settle};
pub use store::access_grants::{By, Filter};
pub(crate) use update::booked_twice;
pub use update::{Update, update};
pub use view::{View, find, list, named};
