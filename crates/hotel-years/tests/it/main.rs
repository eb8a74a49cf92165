//! Stories that every test run plays.

mod found;
mod stories;
