//! Connecting hotels and credential managers through a page of ours (`spec/api.md 4.23`).
//!
//! [`view`] is the way through the page, [`questions`] what it asks, [`form`] what was typed, [`check`] what comes of
//! trying it, [`page`] how it looks. What is stored of it is [`connection`]; the rest is `engine::connecting`.

mod check;
pub mod connection;
mod form;
pub mod link;
mod page;
mod questions;
pub mod redirect;
mod view;

pub use view::routes;
