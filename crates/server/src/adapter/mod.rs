//! Everything between a socket and a typed route function: `spec/api.md` section 1 in one place.
//!
//! A table of [`Route`]s says path, kind and function. [`router`] turns it into a service that finds the route,
//! authenticates, checks the verb, merges query and body, validates them against the schema of the request type, runs
//! the function and wraps its answer or its error. Which routes exist, what they do and who may come in is left to the
//! application: the adapter is generic over its state.

mod answer;
pub mod api_key;
mod body;
mod coerce;
mod cors;
mod error;
pub mod field;
pub mod idempotency;
mod issue;
mod later;
pub mod openapi;
pub mod page;
mod query;
mod route;
mod router;
mod shape;
mod validate;

pub use answer::Nothing;
pub use error::Error;
pub use issue::Issues;
pub use later::Later;
pub use route::{Kind, Route, create, create_later, put, read, remove, update};
pub use router::{Settings, TableError, router};
pub use shape::ShapeError;

use jiff::Timestamp;
use serde_json::{Map, Value};

/// Who may act, and where: the outcome of authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The workspace everything happens in; empty for [`Actor::TokenWithoutWorkspace`].
    pub workspace_id: String,
    /// Who acts.
    pub who: Actor,
}

/// The kinds of credential a request can be authenticated by (`spec/api.md` 1.9), each with the id of its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// An API key: full rights in one workspace.
    ApiKey(String),
    /// A personal access token together with a workspace: full rights in it.
    PersonalAccessToken(String),
    /// A personal access token alone: opens only the routes that say so.
    TokenWithoutWorkspace(String),
    /// A client session: its own accounts, webviews and user identity.
    ClientSession(String),
    /// A client session with a customer key: the customer's resources.
    CustomerSession(String),
    /// The read-only variant of a customer's session.
    ReadOnlyCustomerSession(String),
    /// A publishable key: may only create client sessions.
    PublishableKey(String),
}

impl Actor {
    /// The kind in one word, for the log.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ApiKey(_) => "api_key",
            Self::PersonalAccessToken(_) | Self::TokenWithoutWorkspace(_) => "personal_access_token",
            Self::ClientSession(_) => "client_session",
            Self::CustomerSession(_) => "customer_session",
            Self::ReadOnlyCustomerSession(_) => "read_only_customer_session",
            Self::PublishableKey(_) => "publishable_key",
        }
    }
}

/// One authenticated, validated call of a route: what its function is given besides the request.
#[derive(Debug)]
pub struct Call<'a, S> {
    /// The application.
    pub state: &'a S,
    /// Who calls, and in which workspace.
    pub access: Access,
    /// The instant of the call; everything it decides happens at this instant.
    pub now: Timestamp,
    /// Sent back as `seam-request-id`; also belongs into the audit log.
    pub request_id: &'a str,
    /// The route's path.
    pub path: &'static str,
    /// The verb, for the few routes where it matters (`spec/api.md` 2.10).
    pub method: &'a http::Method,
    /// The request's headers, for the few routes that read one (`spec/api.md` 1.8).
    pub headers: &'a http::HeaderMap,
    /// The merged and validated parameters by their canonical names, without unknown ones.
    pub parameters: &'a Map<String, Value>,
    /// That the request is to be carried out once, however often it is sent.
    pub claim: Option<idempotency::Claim>,
    /// Scheme and authority under which the caller reached us, for addresses in answers; empty when unknown.
    pub origin: &'a str,
}

/// Set on every response of a route as an extension: the kind of who called, for the request log, and the route's path,
/// for the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who(pub &'static str, pub &'static str);
