//! A line of the table: path, kind and a typed function (`spec/api.md` 1.2).

use std::fmt;

use http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use serde_path_to_error::Segment;

use super::{
    Actor, Call, Error, Issues, answer, body,
    later::{Boxed, Later},
};

/// What a route does, which decides the verbs it accepts: the union of what four generations of SDKs send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Reads or lists (R).
    Read,
    /// Creates or starts an action (C).
    Create,
    /// Changes (U).
    Update,
    /// Puts, idempotently (P).
    Put,
    /// Removes (D).
    Remove,
}

impl Kind {
    /// The accepted verbs, the current SDKs' first.
    #[must_use]
    pub fn methods(self) -> &'static [Method] {
        match self {
            Self::Read => &[Method::GET, Method::POST],
            Self::Create => &[Method::POST],
            Self::Update => &[Method::PATCH, Method::POST, Method::PUT],
            Self::Put => &[Method::PUT, Method::POST, Method::PATCH],
            Self::Remove => &[Method::DELETE, Method::POST],
        }
    }

    /// The accepted verbs as the header `allow` names them.
    pub(super) fn allow(self) -> &'static str {
        match self {
            Self::Read => "GET, POST",
            Self::Create => "POST",
            Self::Update => "PATCH, POST, PUT",
            Self::Put => "PUT, POST, PATCH",
            Self::Remove => "DELETE, POST",
        }
    }
}

/// The credentials besides keys and personal access tokens that open a route: the marks of `spec/api.md` 2.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sessions {
    client: bool,
    customer: bool,
    read_only_customer: bool,
    publishable_key: bool,
    token_without_workspace: bool,
    only_tokens: bool,
}

type Function<S> = dyn Fn(&Call<'_, S>) -> Result<Reply, Error> + Send + Sync;

/// The body of an answer, or the future that ends in it.
pub(super) enum Reply {
    Now(Vec<u8>),
    Later(Boxed<Vec<u8>>),
}

/// A route: everything the adapter and the published document need to know about it.
pub struct Route<S> {
    path: &'static str,
    kind: Kind,
    sessions: Sessions,
    request: fn() -> Schema,
    answer: fn(&mut SchemaGenerator) -> Schema,
    function: Box<Function<S>>,
    waits: bool,
    shows_addresses: bool,
    longest_body_bytes: usize,
}

impl<S> fmt::Debug for Route<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Route").field("path", &self.path).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A route that reads or lists.
pub fn read<S: 'static, Request, Answer>(
    path: &'static str,
    function: fn(&Call<'_, S>, Request) -> Result<Answer, Error>,
) -> Route<S>
where
    Request: DeserializeOwned + JsonSchema + 'static,
    Answer: Serialize + JsonSchema + 'static,
{
    Route::new(Kind::Read, path, function)
}

/// A route that creates or starts an action.
pub fn create<S: 'static, Request, Answer>(
    path: &'static str,
    function: fn(&Call<'_, S>, Request) -> Result<Answer, Error>,
) -> Route<S>
where
    Request: DeserializeOwned + JsonSchema + 'static,
    Answer: Serialize + JsonSchema + 'static,
{
    Route::new(Kind::Create, path, function)
}

/// A route that creates and does not wait: its function returns at once what ends in the answer.
pub fn create_later<S: 'static, Request, Answer>(
    path: &'static str,
    function: fn(&Call<'_, S>, Request) -> Result<Later<Answer>, Error>,
) -> Route<S>
where
    Request: DeserializeOwned + JsonSchema + 'static,
    Answer: Serialize + JsonSchema + 'static,
{
    let reply = move |call: &Call<'_, S>, request: Request| {
        let Later(answer) = function(call, request)?;
        Ok(Reply::Later(Box::pin(async move { answer::encode(&answer.await?) })))
    };
    Route { waits: false, ..Route::replying::<Request, Answer>(Kind::Create, path, reply) }
}

/// A route that changes.
pub fn update<S: 'static, Request, Answer>(
    path: &'static str,
    function: fn(&Call<'_, S>, Request) -> Result<Answer, Error>,
) -> Route<S>
where
    Request: DeserializeOwned + JsonSchema + 'static,
    Answer: Serialize + JsonSchema + 'static,
{
    Route::new(Kind::Update, path, function)
}

/// A route that puts, idempotently.
pub fn put<S: 'static, Request, Answer>(
    path: &'static str,
    function: fn(&Call<'_, S>, Request) -> Result<Answer, Error>,
) -> Route<S>
where
    Request: DeserializeOwned + JsonSchema + 'static,
    Answer: Serialize + JsonSchema + 'static,
{
    Route::new(Kind::Put, path, function)
}

/// A route that removes.
pub fn remove<S: 'static, Request, Answer>(
    path: &'static str,
    function: fn(&Call<'_, S>, Request) -> Result<Answer, Error>,
) -> Route<S>
where
    Request: DeserializeOwned + JsonSchema + 'static,
    Answer: Serialize + JsonSchema + 'static,
{
    Route::new(Kind::Remove, path, function)
}

impl<S: 'static> Route<S> {
    /// A route of any kind. The doc comment of the request type becomes its description, the members of the answer
    /// type its response keys. The function is synchronous and may wait for the store.
    pub fn new<Request, Answer>(
        kind: Kind,
        path: &'static str,
        function: fn(&Call<'_, S>, Request) -> Result<Answer, Error>,
    ) -> Self
    where
        Request: DeserializeOwned + JsonSchema + 'static,
        Answer: Serialize + JsonSchema + 'static,
    {
        Self::replying::<Request, Answer>(kind, path, move |call, request| {
            Ok(Reply::Now(answer::encode(&function(call, request)?)?))
        })
    }

    fn replying<Request, Answer>(
        kind: Kind,
        path: &'static str,
        reply: impl Fn(&Call<'_, S>, Request) -> Result<Reply, Error> + Send + Sync + 'static,
    ) -> Self
    where
        Request: DeserializeOwned + JsonSchema + 'static,
        Answer: JsonSchema + 'static,
    {
        Self {
            path,
            kind,
            sessions: Sessions::default(),
            request: request_schema::<Request>,
            answer: |generator| Answer::json_schema(generator),
            function: Box::new(move |call| reply(call, deserialize::<Request>(call.parameters)?)),
            waits: kind != Kind::Read,
            shows_addresses: false,
            longest_body_bytes: body::LONGEST_BODY_BYTES,
        }
    }
}

impl<S> Route<S> {
    /// Client sessions may call it (`+cs`).
    #[must_use]
    pub fn client_sessions(mut self) -> Self {
        self.sessions.client = true;
        self
    }

    /// Customers' sessions may call it (`+csc`).
    #[must_use]
    pub fn customer_sessions(mut self) -> Self {
        self.sessions.customer = true;
        self
    }

    /// Customers' read-only sessions may call it (`+csro`).
    #[must_use]
    pub fn read_only_customer_sessions(mut self) -> Self {
        self.sessions.read_only_customer = true;
        self
    }

    /// Publishable keys may call it (`+pk`).
    #[must_use]
    pub fn publishable_keys(mut self) -> Self {
        self.sessions.publishable_key = true;
        self
    }

    /// Personal access tokens may call it without naming a workspace.
    #[must_use]
    pub fn tokens_without_workspace(mut self) -> Self {
        self.sessions.token_without_workspace = true;
        self
    }

    /// Nobody but personal access tokens may call it, with or without a workspace.
    #[must_use]
    pub fn tokens_only(mut self) -> Self {
        self.sessions.token_without_workspace = true;
        self.sessions.only_tokens = true;
        self
    }

    /// Takes bodies of many records at once.
    #[must_use]
    pub fn with_long_bodies(mut self) -> Self {
        self.longest_body_bytes = body::LONGEST_BODY_OF_RECORDS_BYTES;
        self
    }

    /// Its answers hold addresses of ours, so it is told under which one callers reach us.
    #[must_use]
    pub fn with_addresses(mut self) -> Self {
        self.shows_addresses = true;
        self
    }

    /// Whether this kind of credential may call the route.
    #[must_use]
    pub fn admits(&self, who: &Actor) -> bool {
        match who {
            Actor::ApiKey(_) => !self.sessions.only_tokens,
            Actor::PersonalAccessToken(_) => true,
            Actor::TokenWithoutWorkspace(_) => self.sessions.token_without_workspace,
            Actor::ClientSession(_) => self.sessions.client,
            Actor::CustomerSession(_) => self.sessions.customer,
            Actor::ReadOnlyCustomerSession(_) => self.sessions.read_only_customer,
            Actor::PublishableKey(_) => self.sessions.publishable_key,
        }
    }

    /// The path, such as `/acs/credentials/create`.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// What the route does.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The schema of the request, with everything written in place.
    #[must_use]
    pub fn request_schema(&self) -> Value {
        (self.request)().to_value()
    }

    /// The schema of the answer without `ok`; what it refers to is defined in `generator`.
    pub fn answer_schema(&self, generator: &mut SchemaGenerator) -> Value {
        (self.answer)(generator).to_value()
    }

    /// Longest body that is read.
    pub(super) fn longest_body_bytes(&self) -> usize {
        self.longest_body_bytes
    }

    /// Whether answers hold addresses of ours.
    pub(super) fn shows_addresses(&self) -> bool {
        self.shows_addresses
    }

    /// Whether the function may wait for the store's writer.
    pub(super) fn waits(&self) -> bool {
        self.waits
    }

    pub(super) fn run(&self, call: &Call<'_, S>) -> Result<Reply, Error> {
        (self.function)(call)
    }
}

fn request_schema<Request: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .for_deserialize()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<Request>()
}

/// Builds the request from validated parameters. What the schema could not say is reported like any other issue; the
/// path is only looked for then, because tracking it costs.
fn deserialize<Request: DeserializeOwned>(parameters: &Map<String, Value>) -> Result<Request, Error> {
    Request::deserialize(parameters).or_else(|_| {
        serde_path_to_error::deserialize(parameters).map_err(|error| {
            let steps: Vec<String> = error.path().iter().filter_map(step).collect();
            let text: String = error.inner().to_string().chars().take(200).collect();
            let mut issues = Issues::default();
            issues.push_at(&steps.iter().map(String::as_str).collect::<Vec<_>>(), &text);
            issues.into_error()
        })
    })
}

fn step(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Map { key } => Some(key.clone()),
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}
