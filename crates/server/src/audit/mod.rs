//! The audit log at the command line.

pub mod command;
