//! The simulated lock server behind TLS, with a certificate of its own, as `innkeep serve` meets it in a hotel. It can
//! be stopped and started again at the same address, answer nonsense, and remembers who asked for what.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use innkeep_server::clock::Clock;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    runtime::Runtime,
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use visionline_sim::{Exchange, Hotel, Property};

/// What a lock server answers that is out of its mind; none to cut the connection.
type Nonsense = Arc<dyn Fn(&Request<Vec<u8>>) -> Option<Response<Vec<u8>>> + Send + Sync>;

/// What the front does to requests, and what it has seen.
struct Shared {
    hotel: Mutex<Hotel>,
    clock: Clock,
    nonsense: Mutex<Option<Nonsense>>,
    /// Keeps each answer back for so long, so that requests can meet.
    pause: Mutex<Duration>,
    /// Makes a new card only so long after it was asked for, whether or not anybody still waits for the answer.
    late: Mutex<Duration>,
    asked: Mutex<Vec<String>>,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

/// A simulated hotel with a TLS address and controls.
pub struct LockServer {
    shared: Arc<Shared>,
    runtime: Runtime,
    acceptor: TlsAcceptor,
    address: SocketAddr,
    control: SocketAddr,
    running: Option<(CancellationToken, tokio::task::JoinHandle<()>)>,
    /// SHA-256 of the certificate, in the usual spelling.
    pub fingerprint: String,
    /// The certificate as PEM.
    pub pem: String,
}

impl LockServer {
    /// The built-in hotel, at an address of its own.
    pub fn start() -> Self {
        Self::with(Property::meridian())
    }

    pub fn with(property: Property) -> Self {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let certificate: CertificateDer<'static> = cert.der().clone();
        let digest = Sha256::digest(&certificate);
        let fingerprint = digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let shared = Arc::new(Shared {
            hotel: Mutex::new(Hotel::new(property, 7)),
            clock: Clock::real(),
            nonsense: Mutex::default(),
            pause: Mutex::default(),
            late: Mutex::default(),
            asked: Mutex::default(),
            at_once: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
        });
        let (address, control) = runtime.block_on(async {
            // The port is the lock server's for the whole test, also while it is stopped.
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let control = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let addresses = (listener.local_addr().unwrap(), control.local_addr().unwrap());
            tokio::spawn(serve_control(control, Arc::clone(&shared)));
            addresses
        });
        let mut server = Self {
            shared,
            runtime,
            acceptor: TlsAcceptor::from(Arc::new(config)),
            address,
            control,
            running: None,
            fingerprint,
            pem: cert.pem(),
        };
        server.resume();
        server
    }

    /// `https://host:port`.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The controls of the hotel, as the flow scripts use them.
    pub fn control(&self) -> String {
        format!("http://{}/control/v1", self.control)
    }

    /// Nobody answers at the address any more, and what was being answered is cut off.
    pub fn stop(&mut self) {
        if let Some((running, serving)) = self.running.take() {
            running.cancel();
            // The listener is closed when its task ends.
            self.runtime.block_on(serving).unwrap();
        }
    }

    /// Answers again at the same address; open sessions are lost, as at every restart.
    pub fn resume(&mut self) {
        self.stop();
        {
            let mut hotel = self.shared.hotel.lock().unwrap();
            let restarted = serde_json::to_vec(&*hotel).unwrap();
            *hotel = serde_json::from_slice(&restarted).unwrap();
        }
        let running = CancellationToken::new();
        let (address, stop) = (self.address, running.clone());
        let listener = self.runtime.block_on(async move {
            loop {
                match TcpListener::bind(address).await {
                    Ok(listener) => return listener,
                    // The former listener is closed by a task that has not run yet.
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        });
        let serving = self.runtime.spawn(serve_tls(listener, self.acceptor.clone(), Arc::clone(&self.shared), stop));
        self.running = Some((running, serving));
    }

    /// Answers every request so, until [`Self::speak_sense`].
    pub fn talk_nonsense(
        &self,
        nonsense: impl Fn(&Request<Vec<u8>>) -> Option<Response<Vec<u8>>> + Send + Sync + 'static,
    ) {
        *self.shared.nonsense.lock().unwrap() = Some(Arc::new(nonsense));
    }

    pub fn speak_sense(&self) {
        *self.shared.nonsense.lock().unwrap() = None;
    }

    /// Keeps each answer back for so long.
    pub fn take_your_time(&self, pause: Duration) {
        *self.shared.pause.lock().unwrap() = pause;
    }

    /// Makes new cards only so long after they were asked for, whether or not anybody still waits for the answer.
    pub fn work_late(&self, late: Duration) {
        *self.shared.late.lock().unwrap() = late;
    }

    /// The requests so far: method and path with query.
    pub fn asked(&self) -> Vec<String> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// How many requests were being answered at a time, at most.
    pub fn most_at_once(&self) -> usize {
        self.shared.most_at_once.load(Ordering::SeqCst)
    }

    /// Does something at the hotel itself.
    pub fn hotel<T>(&self, act: impl FnOnce(&mut Hotel) -> T) -> T {
        act(&mut self.shared.hotel.lock().unwrap())
    }
}

async fn serve_tls(listener: TcpListener, acceptor: TlsAcceptor, shared: Arc<Shared>, stop: CancellationToken) {
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => continue,
            },
        };
        let (acceptor, shared) = (acceptor.clone(), Arc::clone(&shared));
        connections.spawn(async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                serve_connection(stream, shared, lock_server).await;
            }
        });
    }
    drop(listener);
    connections.shutdown().await;
}

async fn serve_control(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve_connection(stream, Arc::clone(&shared), |shared, request| async move {
            Some(control(&shared, &request))
        }));
    }
}

async fn serve_connection<Stream, Answering>(
    stream: Stream,
    shared: Arc<Shared>,
    answer: impl Fn(Arc<Shared>, Request<Vec<u8>>) -> Answering + Copy,
) where
    Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    Answering: Future<Output = Option<Response<Vec<u8>>>>,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let shared = Arc::clone(&shared);
        async move {
            let (parts, body) = request.into_parts();
            let Ok(body) = body.collect().await else { return Err(Cut) };
            let request = Request::from_parts(parts, body.to_bytes().to_vec());
            let response = answer(shared, request).await.ok_or(Cut)?;
            Ok(response.map(|bytes| Full::new(Bytes::from(bytes))))
        }
    });
    // A connection that is cut on purpose ends with an error.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("cut")]
struct Cut;

async fn lock_server(shared: Arc<Shared>, request: Request<Vec<u8>>) -> Option<Response<Vec<u8>>> {
    let asked = format!("{} {}", request.method(), request.uri());
    shared.asked.lock().unwrap().push(asked);
    let at_once = shared.at_once.fetch_add(1, Ordering::SeqCst) + 1;
    shared.most_at_once.fetch_max(at_once, Ordering::SeqCst);
    let _leaving = Leaving(Arc::clone(&shared));

    let nonsense = shared.nonsense.lock().unwrap().clone();
    if let Some(nonsense) = nonsense {
        return nonsense(&request);
    }
    let late = *shared.late.lock().unwrap();
    if !late.is_zero() && request.method() == "POST" && request.uri().path() == "/api/v1/cards" {
        let shared = Arc::clone(&shared);
        // A task of its own: it goes on when the caller has hung up.
        let working = tokio::spawn(async move {
            tokio::time::sleep(late).await;
            shared.hotel.lock().unwrap().lock_server(shared.clock.now(), &request)
        });
        return match working.await {
            Ok(Exchange::Answered { response, .. }) => Some(response),
            _ => None,
        };
    }
    let exchange = shared.hotel.lock().unwrap().lock_server(shared.clock.now(), &request);
    let pause = *shared.pause.lock().unwrap();
    match exchange {
        Exchange::Answered { response, delay_ms } => {
            let pause = pause + Duration::from_millis(delay_ms);
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            Some(response)
        }
        // Nothing here asks for what waits for a person.
        Exchange::ReplyLost | Exchange::Unreachable | Exchange::Waiting { .. } => None,
    }
}

/// Counts a request out again, also when its connection is cut.
struct Leaving(Arc<Shared>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.at_once.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The hotel's controls, and `POST enrol/{endpoint}`: a phone is set up, as its app would do with an invitation.
fn control(shared: &Shared, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let mut hotel = shared.hotel.lock().unwrap();
    match request.uri().path().strip_prefix("/control/v1/enrol/") {
        Some(endpoint) => {
            hotel.enrol_phone(endpoint);
            Response::new(b"{}".to_vec())
        }
        None => hotel.control(shared.clock.now(), request),
    }
}

/// An answer with this status and body.
pub fn answer(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Option<Response<Vec<u8>>> {
    let response = Response::builder().status(StatusCode::from_u16(status).unwrap());
    Some(response.header("content-type", content_type).body(body.into()).unwrap())
}
