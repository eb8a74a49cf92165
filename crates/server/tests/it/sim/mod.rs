//! `innkeep sim` from outside: the real program, raw bytes over real sockets, with TLS and without.

mod bytes;
mod callbacks;
mod encoders;
mod example;
mod habits;
pub mod process;
mod program;
mod weather;
mod wire;
