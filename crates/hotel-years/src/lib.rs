//! Hotel years: the real engine, the real driver and the simulated hotel on a virtual clock, from one seed.
//!
//! A seed gives a [`story`]: guests book, share, replace and revoke keys, lose phones, walk in, and time passes. The
//! [`world`] carries it out without sockets and without waiting; after every step the [`promises`] of design 2 are
//! checked against the simulated locks, which know nothing of our tables. What is expected comes from a [`model`] of
//! its own that knows parties and doors and reads nothing of the engine's but ids.

pub mod act;
pub mod granting;
pub mod model;
pub mod planner;
pub mod program;
pub mod promises;
pub mod random;
pub mod run;
pub mod story;
pub mod weather;
pub mod whole;
pub mod worker;
pub mod world;
