//! Plastic cards, from the API to the door: each test has a worker, a simulated lock server and a desk of its own.

pub mod desk;
mod encoding;
mod failing;
mod lost_card;
mod scanning;
mod sharing;
mod simulating;

use desk::Desk;
