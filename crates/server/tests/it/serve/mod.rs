//! `innkeep serve` and the commands around it: the real program against a lock server behind TLS.

mod answers;
mod audit;
mod config;
mod connecting;
mod connection;
mod desk;
mod doctor;
mod exactly_once;
mod idempotency;
mod imported;
mod keys;
mod lock_server;
mod metrics;
mod sdk_flow;
mod sites;
mod trust;

use desk::{Desk, Office, SiteTable, text};
use lock_server::LockServer;
use visionline_sim::Presented;

/// Whether the lock of a door opens for the phone now, and why or why not.
fn hold(hotel: &LockServer, endpoint: &str, door: &str) -> String {
    let now = innkeep_server::clock::Clock::real().now();
    let verdict = hotel.hotel(|hotel| hotel.present(now, door, Presented::Endpoint(endpoint)).unwrap());
    verdict.reason().to_owned()
}

/// A hotel, an office with the usual configuration, and its open desk.
fn usual() -> (LockServer, Office, Desk) {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel)]);
    let desk = office.open(None);
    (hotel, office, desk)
}
