//! Plastic cards at encoders (`spec/api.md 4.16` to `4.18`): asking for them, and carrying that out.
//!
//! A request stores a pending action attempt and a job for the encoder. The worker of the site asks [`begin`] what is to
//! be done at the encoders now, does it, and reports with [`came_back`]. An encoder does its jobs one after the other,
//! in the order in which they were asked for. What becomes of a card is decided when it is written, not when it was
//! asked for: R1 to R4 of design 6 are applied then, so a card may join a stay that was opened meanwhile.
//!
//! A write whose answer got lost is looked for at the lock server by the mark on the card, until it is found or cannot
//! be made any more (P2).

mod ask;
mod attempt;
mod begin;
mod came_back;
mod end;
mod failure;
mod fitness;
mod read;
mod simulate;
mod step;
mod written;

pub use ask::{encode, scan, scan_to_assign};
pub use attempt::attempt;
pub use begin::{Desk, any_open, begin};
pub use came_back::came_back;
pub(crate) use end::abandon;
pub use simulate::{Simulated, simulate};
pub use step::{CardRead, Flags, Outcome, Reason, Setback, Step, Visit};

/// How a credential is shown in the result of an action attempt: in the API's words, which are not ours.
pub type Show = fn(crate::credentials::View) -> serde_json::Value;

/// Text of the action type of an encode.
const ENCODE_CREDENTIAL: &str = "ENCODE_CREDENTIAL";
/// Text of the action type of a scan.
const SCAN_CREDENTIAL: &str = "SCAN_CREDENTIAL";
/// Text of the action type of a scan whose card is given to a user.
const SCAN_TO_ASSIGN_CREDENTIAL: &str = "SCAN_TO_ASSIGN_CREDENTIAL";
