//! Conversations with one lock server, without sockets and without a clock.
//!
//! A [`Session`] holds what outlives a single request: the operator, the open session, the discard dialect that
//! this server was seen to understand, the offset of its clock. [`Session::start`] takes an [`Operation`] and gives
//! the first request to send; [`Session::reply`] takes what came back and gives the next request or the result.
//! One operation is under way at a time.

mod call;
mod discard;
mod operation;
mod session;
mod task;

pub use call::AnswerWithin;
pub use discard::DiscardDialect;
pub use operation::{Answer, Operation};
pub use session::{Options, Session, Step};
