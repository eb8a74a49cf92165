//! The routes, each through the whole router with a database in memory. The path of a file is the path of its URL.

#[path = "../support/app.rs"]
pub mod app;

pub mod access_grants;
pub mod acs;
mod action_attempts;
mod bad_input;
mod client_sessions;
pub mod connect_webviews;
mod connected_accounts;
mod customers;
mod devices;
mod documents;
mod events;
mod every_route;
mod idempotency;
mod innkeep;
mod instant_keys;
pub mod none_of_it;
mod phones;
pub mod rights;
mod spaces;
mod user_identities;
mod webhooks;
mod workspaces;

pub use app::OURS;
use app::{Api, Opened, Reply};
use serde_json::{Value, json};

/// A well-formed id that nothing has.
const NOBODY: &str = "01970000-0000-7000-8000-0000000000ff";

/// What three ids get: one that nothing has, one of another workspace, and no id at all. All the same (P8).
#[track_caller]
fn assert_all_unknown(noun: &str, replies: [(&str, Reply); 3]) {
    for (id, reply) in replies {
        let kind = format!("{noun}_not_found");
        let message = format!("{noun} {id} was not found in this workspace");
        let data = Value::Object([(format!("{noun}_id"), json!(id))].into_iter().collect());
        let expected = json!({"error": {"type": kind, "message": message, "data": data}, "ok": false});
        assert_eq!((reply.status.as_u16(), reply.json), (404, expected));
    }
}
