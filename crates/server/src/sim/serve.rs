//! The sockets of the simulator: requests go to the hotel with the bytes that arrived, and a connection is cut where
//! the hotel wants no answer.
//!
//! The hotel needs the request's target and headers as they were sent, since signatures are over them; hyper keeps
//! both. It also answers `Expect: 100-continue` once the body is read, as .NET clients want it.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::sandbox::{Cut, Sandbox};

/// Connections at the same time; more wait in the system's queue.
const CONNECTIONS: usize = 1024;
/// For a TLS handshake, and for the body of a request.
const PEER_TIMEOUT: Duration = Duration::from_secs(30);
/// For the next request of a connection: clients keep connections for minutes.
const IDLE_TIMEOUT: Duration = Duration::from_secs(300);
/// For requests under way, once the simulator is told to stop.
const GRACE: Duration = Duration::from_secs(1);
/// Pause after the system refuses a connection for want of resources.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Largest body of a request, in bytes.
const LARGEST_BODY_BYTES: usize = 1024 * 1024;

/// Serves until `stop`; requests that wait for an answer are cut then.
pub(super) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    sandbox: Arc<Sandbox>,
    stop: CancellationToken,
) {
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    let connections = TaskTracker::new();
    let abort = CancellationToken::new();
    loop {
        let next = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let Some((permit, accepted)) = stop.run_until_cancelled(next).await else { break };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::debug!(%error, "no connection could be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let (tls, sandbox, stop, abort) = (tls.clone(), Arc::clone(&sandbox), stop.clone(), abort.clone());
        connections.spawn(async move {
            abort.run_until_cancelled(connection(stream, tls, &sandbox, &stop)).await;
            drop(permit);
        });
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(GRACE, connections.wait()).await.is_err() {
        abort.cancel();
        connections.wait().await;
    }
}

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, sandbox: &Sandbox, stop: &CancellationToken) {
    // Answers are small and written whole, so waiting for more to send only delays them.
    let _ = stream.set_nodelay(true);
    match tls {
        None => requests(stream, sandbox, stop).await,
        Some(acceptor) => match tokio::time::timeout(PEER_TIMEOUT, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => requests(stream, sandbox, stop).await,
            Ok(Err(error)) => tracing::debug!(%error, "a client did not take the certificate"),
            Err(_) => tracing::debug!("a client did not finish its handshake"),
        },
    }
}

async fn requests(stream: impl AsyncRead + AsyncWrite + Unpin, sandbox: &Sandbox, stop: &CancellationToken) {
    let handle = hyper::service::service_fn(|request| answer(sandbox, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_TIMEOUT)
        .serve_connection(TokioIo::new(stream), handle);
    let mut connection = std::pin::pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn answer(sandbox: &Sandbox, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Cut> {
    let (parts, body) = request.into_parts();
    if hyper::body::Body::size_hint(&body).lower() > LARGEST_BODY_BYTES as u64 {
        return Ok(empty(StatusCode::PAYLOAD_TOO_LARGE));
    }
    let read = tokio::time::timeout(PEER_TIMEOUT, Limited::new(body, LARGEST_BODY_BYTES).collect()).await;
    let body = match read {
        Ok(Ok(body)) => body.to_bytes().to_vec(),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            return Ok(empty(StatusCode::PAYLOAD_TOO_LARGE));
        }
        Ok(Err(_)) => return Ok(empty(StatusCode::BAD_REQUEST)),
        Err(_) => return Ok(empty(StatusCode::REQUEST_TIMEOUT)),
    };
    let request = Request::from_parts(parts, body);
    let path = request.uri().path();
    let response = if path.starts_with("/control/v1") {
        sandbox.controlled(&request)
    } else if path == "/endpoint" || path.starts_with("/endpoint/") {
        sandbox.credential_services(&request).await?
    } else {
        // Whatever else there is belongs to the lock server, which refuses what it does not know.
        sandbox.lock_server(&request).await?
    };
    tracing::info!(method = request.method().as_str(), path, status = response.status().as_u16(), "request");
    Ok(response.map(|body| Full::new(Bytes::from(body))))
}

fn empty(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}
