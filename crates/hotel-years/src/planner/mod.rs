//! The planner alone: `domain::plan` over records in memory, in place of engine and store.
//!
//! A database makes stories slow. Here the records are plain lists, so that a hundred times as many stories are played
//! in the same time, with the same story teller, the same driver, the same simulated locks and the same promises, which
//! know nothing of the planner. The records obey the rules of the engine in the shortest way; that the engine keeps to
//! them too is what the whole program's stories are for.

mod asks;
mod records;
mod scene;
mod work;

pub use records::Records;
