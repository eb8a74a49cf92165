//! Client of Visionline's Web API.
//!
//! A sans-IO core and a thin asynchronous shell:
//!
//! - [`Session`] turns an [`Operation`] into signed HTTP requests and their answers into an [`Answer`] or an
//!   [`Error`]. It has no sockets and no clock, so a simulation drives the very code that talks to a real server.
//! - [`Client`] moves those requests over a [`Transport`], one operation at a time.
//!
//! It knows nothing of credentials, stays or retries: what to ask, when to ask again and what an answer means for a
//! guest is decided elsewhere. What it promises is to say of every failure whether a write can have happened.

pub mod client;
pub mod conversation;
pub mod error;
pub mod local_time;
pub mod secret;
pub mod sign;
pub mod transport;
pub mod wire;

pub use client::{Client, Clock};
pub use conversation::{Answer, DiscardDialect, Operation, Options, Session, Step};
pub use error::{Effect, Error, ErrorKind, Refusal, Setback, TransportFailure, Unreadable, Unsendable};
pub use secret::Secret;
pub use transport::Transport;
pub use wire::{
    Card, CardFormat, CardRequest, CreateMode, Door, DoorCategory, DoorOperation, DoorProfile, Encoder, Medium,
};
