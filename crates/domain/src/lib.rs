//! The rules of hotel keys, and nothing else.
//!
//! Everything here is a pure function of its arguments: no IO, no clock, no random source (docs/ARCHITECTURE.md).
//! The words are those of the design: a *stay* is one party's hold on a set of guest doors, a *carrier* is one card
//! record at the lock server, an *opening* is our number for a stamp.

pub mod address;
pub mod card_format;
pub mod door;
pub mod id;
pub mod joining;
pub mod label;
pub mod mode;
pub mod moment;
pub mod plan;
pub mod reservation;
pub mod retry;
pub mod stage;
pub mod stay;
pub mod window;

pub use door::DoorCategory;
pub use id::Id;
pub use moment::Moment;
pub use stage::Stage;
pub use window::Window;
