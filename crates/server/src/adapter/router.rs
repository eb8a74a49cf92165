//! From a request to a response: finds the route, authenticates, checks the verb, decodes, runs, wraps. The order of
//! checks is that of `spec/api.md` 1.6.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::{fmt, future::Future, task::Poll};

use axum::{body::Body, extract::Request, response::IntoResponse};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header, request};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio::runtime::{Handle, RuntimeFlavor};

use super::idempotency::{self, Answer, Answers, Claim, Running};
use super::route::{Kind, Reply};
use super::shape::{self, Node, Shape, ShapeError};
use super::{Access, Call, Error, Route, Who, answer, body, coerce, cors, validate};

/// What the adapter is given besides the table.
pub struct Settings<S> {
    /// The application; every route function gets it.
    pub state: Arc<S>,
    /// Finds out who calls. Runs before anything else is looked at.
    pub authenticate: fn(&S, &HeaderMap, Timestamp) -> Result<Access, Error>,
    /// The present instant.
    pub clock: fn(&S) -> Timestamp,
    /// A new request id of visible ASCII characters at every call.
    pub request_ids: Box<dyn Fn() -> String + Send + Sync>,
    /// Whether authentication and [`Kind::Read`] routes wait for a network (a PostgreSQL store). If not, they run
    /// in place, which is cheaper. All other kinds always may wait.
    pub reads_wait: bool,
    /// Scheme, authority and perhaps path under which callers reach us, such as `https://keys.example/seam`. A path
    /// is taken off the requests that carry it. Without it, addresses in answers are made from the header `host`.
    pub public_url: Option<Uri>,
    /// Where answers to requests with an idempotency key are kept; without it the key is ignored.
    pub answers: Option<Answers<S>>,
    /// Everything that is not in the table: answered without authentication, with the same headers and error envelope.
    /// `/health` is added to it.
    pub extra: axum::Router,
}

impl<S> fmt::Debug for Settings<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Settings").field("public_url", &self.public_url).finish_non_exhaustive()
    }
}

/// A mistake in the table of routes.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Two lines have the same path.
    #[error("the path {0} stands in the table twice")]
    Twice(&'static str),
    /// A request type promises what is not checked.
    #[error("the request type of {path} cannot be used")]
    Request {
        /// The route.
        path: &'static str,
        /// What is wrong with its type.
        #[source]
        cause: ShapeError,
    },
}

struct Prepared<S> {
    route: Route<S>,
    node: Node,
    /// Only paginated routes and those that show addresses pay for knowing our own.
    knows_origin: bool,
}

struct Adapter<S> {
    routes: HashMap<&'static str, Prepared<S>>,
    settings: Settings<S>,
    extra: TowerToHyperService<axum::Router>,
    running: Running,
}

/// What a route came to.
struct Outcome {
    status: StatusCode,
    bytes: Vec<u8>,
    is_replayed: bool,
}

impl Outcome {
    fn ok(bytes: Vec<u8>) -> Self {
        Self { status: StatusCode::OK, bytes, is_replayed: false }
    }
}

/// Prepares the table and makes a service of it.
///
/// # Errors
/// [`TableError`] when the table has a mistake; it is found at start, never by a request.
pub fn router<S: Send + Sync + 'static>(
    table: Vec<Route<S>>,
    mut settings: Settings<S>,
) -> Result<axum::Router, TableError> {
    let mut routes = HashMap::with_capacity(table.len());
    for route in table {
        let path = route.path();
        let node = shape::compile(&route.request_schema()).map_err(|cause| TableError::Request { path, cause })?;
        let paginated = matches!(&node.shape, Shape::Object(rule) if rule.field("page_cursor").is_some());
        let knows_origin = paginated || route.shows_addresses();
        if routes.insert(path, Prepared { route, node, knows_origin }).is_some() {
            return Err(TableError::Twice(path));
        }
    }
    let extra = std::mem::take(&mut settings.extra)
        .route("/health", axum::routing::get(|| async { answer::ok(br#"{"ok":true}"#.to_vec()) }))
        .fallback(|method: Method, uri: Uri| async move { Error::unknown_path(&method, uri.path()) })
        .method_not_allowed_fallback(|method: Method| async move { Error::method_not_allowed_elsewhere(&method) });
    let extra = TowerToHyperService::new(extra);
    let adapter = Arc::new(Adapter { routes, settings, extra, running: Running::default() });
    Ok(axum::Router::new().fallback(move |request: Request| {
        let adapter = Arc::clone(&adapter);
        async move { respond(&adapter, request).await }
    }))
}

/// Answers any request, and never without the headers of `spec/api.md` 1.8 and 1.17.
async fn respond<S: Send + Sync + 'static>(adapter: &Arc<Adapter<S>>, request: Request) -> Response<Body> {
    let request_id = (adapter.settings.request_ids)();
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = if request.method() == Method::OPTIONS {
        cors::preflight()
    } else {
        contained(dispatch(adapter, &request_id, request)).await.unwrap_or_else(|panic| {
            tracing::error!(request_id, panic, "a request ended in a panic");
            Error::internal_because(panic).into_response()
        })
    };
    let headers = response.headers_mut();
    let shown_id = HeaderValue::from_str(&request_id).unwrap_or(HeaderValue::from_static("unprintable"));
    headers.insert(cors::REQUEST_ID, shown_id);
    if let Some(origin) = origin {
        cors::allow(origin, headers);
    }
    response
}

async fn dispatch<S: Send + Sync + 'static>(
    adapter: &Arc<Adapter<S>>,
    request_id: &str,
    request: Request,
) -> Response<Body> {
    let request = adapter.without_prefix(request);
    let Some(prepared) = adapter.routes.get(request.uri().path()) else {
        return adapter.extra.call(request).await.unwrap_or_else(|never| match never {});
    };
    let path = prepared.route.path();
    let (parts, body) = request.into_parts();
    let (who, outcome) = if parts.headers.contains_key(&idempotency::KEY) {
        detached(Arc::clone(adapter), path, request_id.to_owned(), parts, body).await
    } else {
        adapter.call(prepared, request_id, &parts, body).await
    };
    let mut response = match outcome {
        Ok(outcome) => {
            let mut response = answer::json(outcome.status, outcome.bytes);
            if outcome.is_replayed {
                response.headers_mut().insert(idempotency::REPLAYED, HeaderValue::from_static("true"));
            }
            response
        }
        Err(error) => {
            if let Some(cause) = error.cause() {
                tracing::error!(request_id, path, cause, "a request failed");
            }
            error.into_response()
        }
    };
    response.extensions_mut().insert(who);
    response
}

/// Goes on when the caller leaves: a caller that sends the request again must find the answer to the first.
async fn detached<S: Send + Sync + 'static>(
    adapter: Arc<Adapter<S>>,
    path: &'static str,
    request_id: String,
    parts: request::Parts,
    body: Body,
) -> (Who, Result<Outcome, Error>) {
    let task = tokio::spawn(async move {
        match adapter.routes.get(path) {
            Some(prepared) => adapter.call(prepared, &request_id, &parts, body).await,
            None => (Who(NOBODY, path), Err(Error::unknown_path(&parts.method, path))),
        }
    });
    task.await.unwrap_or_else(|ended| match ended.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(cancelled) => (Who(NOBODY, path), Err(Error::internal(&cancelled))),
    })
}

const NOBODY: &str = "nobody";

impl<S: Send + Sync + 'static> Adapter<S> {
    async fn call(
        &self,
        prepared: &Prepared<S>,
        request_id: &str,
        parts: &request::Parts,
        body: Body,
    ) -> (Who, Result<Outcome, Error>) {
        let mut who = Who(NOBODY, prepared.route.path());
        let outcome = self.carry_out(prepared, request_id, parts, body, &mut who).await;
        (who, outcome)
    }

    async fn carry_out(
        &self,
        prepared: &Prepared<S>,
        request_id: &str,
        parts: &request::Parts,
        body: Body,
        who: &mut Who,
    ) -> Result<Outcome, Error> {
        let settings = &self.settings;
        let (state, route) = (&*settings.state, &prepared.route);
        let now = (settings.clock)(state);
        let access = in_place(settings.reads_wait, || (settings.authenticate)(state, &parts.headers, now))?;
        *who = Who(access.who.kind(), route.path());
        if !route.admits(&access.who) {
            return Err(Error::unauthorized("This kind of credential does not open this route"));
        }
        if !route.kind().methods().contains(&parts.method) {
            return Err(Error::method_not_allowed(&parts.method, route.kind().allow()));
        }
        let body = body::read(&parts.headers, body, route.longest_body_bytes()).await?;
        let mut parameters = match parts.uri.query() {
            Some(query) => coerce::read(query, &prepared.node).map_err(super::Issues::into_error)?,
            None => Map::new(),
        };
        // `spec/api.md` 1.2: both are merged, and the body wins.
        parameters.extend(body::parse(&parts.headers, &body)?);
        let mut parameters = Value::Object(parameters);
        validate::check(&prepared.node, &mut parameters).map_err(super::Issues::into_error)?;
        let Value::Object(parameters) = parameters else {
            return Err(Error::invalid_input("Expected object"));
        };
        let origin = if prepared.knows_origin { self.origin(&parts.headers) } else { String::new() };
        let claim = match &settings.answers {
            Some(_) if route.kind() != Kind::Read => Claim::read(&parts.headers, &access, route.path(), &parameters)?,
            _ => None,
        };
        let call = Call {
            state,
            access,
            now,
            request_id,
            path: route.path(),
            method: &parts.method,
            headers: &parts.headers,
            parameters: &parameters,
            claim,
            origin: &origin,
        };
        match (&settings.answers, &call.claim) {
            (Some(answers), Some(claim)) => self.run_once(answers, route, &call, claim).await,
            _ => self.run(route, &call).await.map(Outcome::ok),
        }
    }

    async fn run(&self, route: &Route<S>, call: &Call<'_, S>) -> Result<Vec<u8>, Error> {
        match in_place(self.settings.reads_wait || route.waits(), || route.run(call))? {
            Reply::Now(bytes) => Ok(bytes),
            Reply::Later(bytes) => bytes.await,
        }
    }

    /// Runs the route unless that was done before; then the first answer is given again. One of 500 or above is not
    /// kept: it says that we do not know, and the next try may.
    async fn run_once(
        &self,
        answers: &Answers<S>,
        route: &Route<S>,
        call: &Call<'_, S>,
        claim: &Claim,
    ) -> Result<Outcome, Error> {
        let _turn = self.running.begin(claim)?;
        if let Some(Answer { status, body }) = in_place(true, || (answers.find)(call, claim))? {
            return Ok(Outcome { status, bytes: body, is_replayed: true });
        }
        let answer = match self.run(route, call).await {
            Ok(body) => Answer { status: StatusCode::OK, body },
            Err(error) if error.status().is_server_error() => return Err(error),
            Err(error) => Answer { status: error.status(), body: error.body() },
        };
        in_place(true, || (answers.keep)(call, claim, &answer));
        Ok(Outcome { status: answer.status, bytes: answer.body, is_replayed: false })
    }

    /// The request without the path of the public address, for proxies that do not take it off.
    fn without_prefix(&self, mut request: Request) -> Request {
        let prefix = self.settings.public_url.as_ref().map_or("", |url| url.path().trim_end_matches('/'));
        if prefix.is_empty() {
            return request;
        }
        let shortened = request.uri().path_and_query().and_then(|whole| {
            let rest = whole.as_str().strip_prefix(prefix).filter(|rest| rest.starts_with('/'))?;
            rest.parse::<Uri>().ok()
        });
        if let Some(uri) = shortened {
            *request.uri_mut() = uri;
        }
        request
    }

    fn origin(&self, headers: &HeaderMap) -> String {
        if let Some(url) = &self.settings.public_url {
            return url.to_string().trim_end_matches('/').to_owned();
        }
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        host.map_or_else(String::new, |host| format!("http://{host}"))
    }
}

/// Runs synchronous work, telling the runtime first if the work may wait.
fn in_place<T>(may_wait: bool, work: impl FnOnce() -> T) -> T {
    let threads = || Handle::try_current().is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread);
    if may_wait && threads() { tokio::task::block_in_place(work) } else { work() }
}

/// Runs a future to its end; a panic in it becomes an `Err` with the panic's message.
async fn contained<T>(future: impl Future<Output = T>) -> Result<T, String> {
    let mut future = pin!(future);
    std::future::poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(payload) => {
            let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
            Poll::Ready(Err(text.unwrap_or_else(|| "a panic without a message".to_owned())))
        }
    })
    .await
}
