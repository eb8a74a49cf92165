//! A simulated hotel: Visionline's lock server, offline locks, encoders, phones and the phone-key service.
//!
//! Everything here is plain synchronous code without clock, network or disk: the time is an argument, randomness
//! comes from the seed given to [`Hotel::new`], and the whole state can be written out and read back with serde.
//! A shell puts it behind sockets (`innkeep sim`), beside a server in the same process (`innkeep demo`) or into a
//! simulation of hotel years.
//!
//! It shares no code with the driver it is meant to test: own parser, own signing check (design 4), so that a
//! mistake made once cannot hide by being made twice.
//!
//! - [`Hotel::lock_server`]: the Visionline Web API over raw requests (`spec/visionline.md` 1, 2)
//! - [`Hotel::credential_services`]: the phone-key service (`spec/visionline.md` 5)
//! - [`Hotel::control`]: present keys, cut phones off, make faults (design 9)
//! - [`Lock`]: decides from a card image and its own memory alone (`spec/visionline.md` 4.4, 4.5)

mod callbacks;
mod control;
mod counts;
mod encoders;
mod exchange;
mod fault;
mod hotel;
mod lock;
mod lock_server;
mod online;
mod operator;
mod parked;
mod phone_keys;
mod plastic;
mod present;
mod property;
mod random;
mod rate;
mod result_code;
mod sealed;
mod target;
mod wall;

pub use callbacks::Callback;
pub use exchange::Exchange;
pub use fault::{FaultKind, FaultLength};
pub use hotel::{Hotel, MediumError, Program, ProgramFunction};
pub use lock::{
    Bolt, Condition, Detail, Function, GuestDoor, Image, Interval, Lock, Medium, OpeningHours, PAYLOAD_BYTES, Privacy,
    Verdict,
};
pub use lock_server::{Backup, Card, CardState, DoorOperation, Encoding, Format};
pub use phone_keys::{EndpointStatus, PhoneKey, RedeemError};
pub use present::{PresentError, Presented};
pub use property::{
    Account, Category, CreateAnswer, Delivery, Door, DoorIds, EncodeAnswer, Encoder, EndpointIdSpelling,
    InactiveEndpoint, Knobs, Operator, OverriddenAt, OverriddenRule, PendingImageWrite, PerDoorStamps, Property,
    PropertyError, RevokeDialect, Takeover, Technology, UnknownMembers,
};
