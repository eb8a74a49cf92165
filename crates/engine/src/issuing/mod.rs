//! From desired to observed: what the worker of a site asks and reports (design 7).
//!
//! Three calls, each one transaction: [`look`] reads the outbox and decides what must be made or discarded; [`next`]
//! hands out the requests that are due and marks them as sent before they are; [`came_back`] records what became of
//! them. The process may die between any two: the database then says what was under way, and the worker looks at the
//! lock server before it repeats anything (P2). A fourth, [`surveyed`], takes in what people at the hotel did themselves.

mod came_back;
mod cards;
mod children;
mod delivery;
mod finish;
mod imported;
mod look;
mod next;
mod order;
mod scene;
mod taken;

pub use came_back::came_back;
pub(crate) use came_back::{confirmed, ended, invalidate_one, note_stage};
pub use cards::surveyed;
pub(crate) use cards::{end_minute, start_minute};
pub(crate) use delivery::settle_losses;
pub use look::look;
pub(crate) use look::order;
pub use next::{Capacity, Handed, next, next_due, resume};
pub use order::{CardFacts, CardSeen, Failure, FailureKind, Order, Outcome, Step, Survey};
pub(crate) use scene::{Surroundings, load};

/// A unit of work for the worker: the most rows it takes at once.
pub const BATCH: i64 = 64;
