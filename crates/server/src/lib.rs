//! The shell of Innkeep: the HTTP API, the worker loops and the command line.
//!
//! Everything that waits is here; everything that decides is in `engine` and `domain`.

pub mod adapter;
pub mod alone;
pub mod api;
pub mod app;
pub mod audit;
pub mod authenticate;
pub mod background;
pub mod check_config;
pub mod clock;
pub mod config;
pub mod connecting;
pub mod counts;
pub mod demo;
pub mod doctor;
pub mod documents;
pub mod entropy;
pub mod guest_page;
pub mod instant_links;
pub mod kept_answers;
pub mod keys;
pub mod known_keys;
pub mod listen;
pub mod metrics;
pub mod retention;
pub mod running;
pub mod sandbox;
pub mod seal;
pub mod sealer;
pub mod serve;
pub mod session_tokens;
pub mod signal;
pub mod sim;
pub mod site;
pub mod terminal;
pub mod webhooks;

/// Answers are made of many short texts. Reads by id answer a fifth more requests with it, durable creates a
/// twentieth more (docs/decisions/0007-cost-of-a-query.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
