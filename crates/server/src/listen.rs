//! The accept loop. A client that hangs, trickles or leaves costs its own connection and nothing else: every wait for
//! a client has a limit, and the number of connections has one. Also writes the request log, one line per request:
//! never keys, tokens, queries or bodies. What is answered is left to the service.

mod guard;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{Method, Request, Response};
use hyper::{body::Incoming, server::conn::http1, service::Service};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::adapter::Who;
use crate::clock::Clock;
use crate::instant_links::without_code;

use guard::{GuardedBody, GuardedStream, Stage};

/// How long clients may take and how many there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the first byte of a request to the end of its headers.
    pub headers: Duration,
    /// From the end of the headers to the end of the body. Then the service sees an error of kind `TimedOut`.
    pub body: Duration,
    /// Between two requests of a connection, and before the first.
    pub idle: Duration,
    /// Without any progress in sending a response.
    pub write_stall: Duration,
    /// For requests under way, once the server is told to stop.
    pub grace: Duration,
    /// Connections open at the same time; more wait in the system's queue.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(10),
            body: Duration::from_secs(30),
            // Longer than the pools of the SDKs keep a connection, so that the client is the one to close it.
            idle: Duration::from_secs(75),
            write_stall: Duration::from_secs(30),
            grace: Duration::from_secs(10),
            connections: 1024,
        }
    }
}

/// Longest request head, which also bounds a query string.
const LONGEST_HEAD_BYTES: usize = 64 * 1024;

/// Pause after the system refuses a connection for want of resources, instead of asking again at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` is cancelled; then accepts nothing more, lets requests under way finish for at most
/// [`Limits::grace`] and returns.
pub async fn serve(
    listener: TcpListener,
    service: axum::Router,
    limits: Limits,
    clock: Clock,
    stop: CancellationToken,
) {
    let permits = Arc::new(Semaphore::new(limits.connections));
    let connections = TaskTracker::new();
    let abort = CancellationToken::new();
    while let Some((stream, permit)) = accept(&listener, &permits, &stop).await {
        // Answers are small and written whole, so waiting for more to send only delays them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection was gone before it was served");
        }
        let connection = Connection {
            service: TowerToHyperService::new(service.clone()),
            limits,
            clock: clock.clone(),
            stop: stop.clone(),
        };
        let abort = abort.clone();
        connections.spawn(async move {
            abort.run_until_cancelled(connection.serve(stream)).await;
            drop(permit);
        });
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(limits.grace, connections.wait()).await.is_err() {
        tracing::warn!(connections = connections.len(), "connections were cut off at the end of the grace period");
        abort.cancel();
        connections.wait().await;
    }
}

/// The next connection, once there is room for it; `None` when told to stop.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
    stop: &CancellationToken,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let next = async {
        // The semaphore is never closed.
        let permit = Arc::clone(permits).acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, _)) => return Some((stream, permit)),
                Err(error) if is_about_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "no connection could be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    };
    stop.run_until_cancelled(next).await.flatten()
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

struct Connection {
    service: TowerToHyperService<axum::Router>,
    limits: Limits,
    clock: Clock,
    stop: CancellationToken,
}

impl Connection {
    async fn serve(self, stream: TcpStream) {
        let stage = Stage::new();
        let stream = GuardedStream::new(stream, stage.clone(), self.limits.headers, self.limits.write_stall);
        let handle = hyper::service::service_fn(|request| self.answer(request, &stage));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            // Covers the wait for a request as well as its head; the stream bounds the head by itself.
            .header_read_timeout(self.limits.idle.saturating_add(self.limits.headers))
            .max_buf_size(LONGEST_HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), handle);
        let mut connection = std::pin::pin!(connection);
        let outcome = tokio::select! {
            outcome = connection.as_mut() => outcome,
            () = self.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = outcome {
            tracing::debug!(%error, "a connection ended early");
        }
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
        stage: &Stage,
    ) -> Result<Response<Body>, std::convert::Infallible> {
        stage.advance();
        let started = self.clock.elapsed();
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let request = request.map(|body| Body::new(GuardedBody::new(body, self.limits.body)));
        let response = self.service.call(request).await.unwrap_or_else(|never| match never {});
        stage.advance();
        self.log(&method, uri.path(), &response, started);
        Ok(response)
    }

    fn log(&self, method: &Method, path: &str, response: &Response<Body>, started: Duration) {
        let taken = self.clock.elapsed().saturating_sub(started);
        let request_id = response.headers().get("seam-request-id").and_then(|id| id.to_str().ok());
        tracing::info!(
            method = method.as_str(),
            path = &*without_code(path),
            status = response.status().as_u16(),
            who = response.extensions().get::<Who>().map_or("nobody", |who| who.0),
            duration_ms = taken.as_secs_f64() * 1000.0,
            request_id,
            "request"
        );
    }
}
