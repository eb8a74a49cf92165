//! Real sockets: a client that hangs, leaves or floods costs its own connection only. Nothing here waits for a fixed
//! time: small limits are values, and every wait is for a condition.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use innkeep_server::adapter::{Settings, router};
use innkeep_server::clock::Clock;
use innkeep_server::listen::{Limits, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::routes::{self, Hotel};

/// Far beyond any test: for limits that must not be what ends a wait.
const NEVER: Duration = Duration::from_secs(600);
const SHORT: Duration = Duration::from_millis(50);

const PATIENT: Limits =
    Limits { headers: NEVER, body: NEVER, idle: NEVER, write_stall: NEVER, grace: NEVER, connections: 100 };

struct Server {
    address: SocketAddr,
    hotel: Arc<Hotel>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Server {
    /// Waits until the heads of this many more requests have been read.
    async fn sees(&self, requests: u32) {
        self.hotel.seen.acquire_many(requests).await.unwrap().forget();
    }
}

async fn start(limits: Limits) -> Server {
    start_with(routes::settings(), limits).await
}

async fn start_with(settings: Settings<Hotel>, limits: Limits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let hotel = Arc::clone(&settings.state);
    let service = router(routes::table(), settings).unwrap();
    let stop = CancellationToken::new();
    let task = tokio::spawn(serve(listener, service, limits, Clock::real(), stop.clone()));
    Server { address, hotel, stop, task }
}

async fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.address).await.unwrap()
}

const GET: &str = "GET /doors/get?door_id=a HTTP/1.1\r\nhost: x\r\nauthorization: Bearer seam_front_desk1\r\n\r\n";
const GET_AND_CLOSE: &str = "GET /doors/get?door_id=a HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer seam_front_desk1\r\n\r\n";
const HALF_A_BODY: &str = "POST /doors/get HTTP/1.1\r\nhost: x\r\nauthorization: Bearer seam_front_desk1\r\n\
    content-type: application/json\r\ncontent-length: 100\r\n\r\n{\"door_id\":";

/// Reads up to the end of the first response.
async fn read_answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    while !text.ends_with("\"ok\":true}") {
        let mut buffer = [0; 1024];
        let count = stream.read(&mut buffer).await.unwrap();
        assert_ne!(count, 0, "the connection ended early: {text}");
        text.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
    }
    text
}

/// Reads until the server closes; a reset is a way to close.
async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8(bytes).unwrap()
}

async fn is_served(server: &Server) {
    let mut stream = connect(server).await;
    stream.write_all(GET_AND_CLOSE.as_bytes()).await.unwrap();
    assert!(read_to_end(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn half_sent_requests_do_not_hold_up_others() {
    let server = start(PATIENT).await;
    let mut hanging = Vec::new();
    for half in ["GET /doors/get HTT", HALF_A_BODY, ""] {
        let mut stream = connect(&server).await;
        stream.write_all(half.as_bytes()).await.unwrap();
        hanging.push(stream);
    }
    is_served(&server).await;
}

#[tokio::test]
async fn clients_that_leave_half_way_do_not_hold_up_others() {
    let server = start(Limits { connections: 1, ..PATIENT }).await;
    for half in ["GET /doors/get HTT", HALF_A_BODY, GET] {
        let mut stream = connect(&server).await;
        stream.write_all(half.as_bytes()).await.unwrap();
        drop(stream);
        // With room for one connection this also proves that the one that left was given up.
        is_served(&server).await;
    }
}

#[tokio::test]
async fn a_connection_carries_several_requests() {
    let server = start(PATIENT).await;
    let mut stream = connect(&server).await;
    for _ in 0..3 {
        stream.write_all(GET.as_bytes()).await.unwrap();
        assert!(read_answer(&mut stream).await.contains("seam-request-id: request-"));
    }
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let server = start(Limits { headers: SHORT, ..PATIENT }).await;
    let mut stream = connect(&server).await;
    stream.write_all(b"GET /doors/get HTTP/1.1\r\nhost: ").await.unwrap();
    assert_eq!(read_to_end(&mut stream).await, "");
    // The limit counts from the first byte of each head, not from the last request.
    let mut stream = connect(&server).await;
    stream.write_all(GET.as_bytes()).await.unwrap();
    read_answer(&mut stream).await;
    stream.write_all(b"GET").await.unwrap();
    assert_eq!(read_to_end(&mut stream).await, "");
}

#[tokio::test]
async fn a_connection_may_be_idle_for_longer_than_a_head_may_take() {
    let server = start(Limits { headers: SHORT, ..PATIENT }).await;
    let mut idle = connect(&server).await;
    idle.write_all(GET.as_bytes()).await.unwrap();
    read_answer(&mut idle).await;
    // Once a head that began later has been cut off, the limit of the first one has passed as well.
    let mut hanging = connect(&server).await;
    hanging.write_all(b"GET").await.unwrap();
    assert_eq!(read_to_end(&mut hanging).await, "");
    idle.write_all(GET.as_bytes()).await.unwrap();
    read_answer(&mut idle).await;
}

#[tokio::test]
async fn a_body_that_never_comes_is_answered_with_408() {
    let server = start(Limits { body: SHORT, ..PATIENT }).await;
    let mut stream = connect(&server).await;
    stream.write_all(HALF_A_BODY.as_bytes()).await.unwrap();
    let answer = read_to_end(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("\"type\":\"request_timeout\""), "{answer}");
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let server = start(Limits { idle: SHORT, headers: SHORT, ..PATIENT }).await;
    let mut silent = connect(&server).await;
    assert_eq!(read_to_end(&mut silent).await, "");
    let mut stream = connect(&server).await;
    stream.write_all(GET.as_bytes()).await.unwrap();
    assert!(read_to_end(&mut stream).await.ends_with("\"ok\":true}"));
}

#[tokio::test]
async fn more_connections_than_allowed_wait_for_their_turn() {
    let server = start(Limits { connections: 1, ..PATIENT }).await;
    let mut first = connect(&server).await;
    first.write_all(GET.as_bytes()).await.unwrap();
    read_answer(&mut first).await;
    let mut second = connect(&server).await;
    second.write_all(GET_AND_CLOSE.as_bytes()).await.unwrap();
    // The first is answered many times over; the second not at all.
    for _ in 0..50 {
        first.write_all(GET.as_bytes()).await.unwrap();
        read_answer(&mut first).await;
    }
    let unanswered = second.try_read(&mut [0; 1]).unwrap_err();
    assert_eq!(unanswered.kind(), io::ErrorKind::WouldBlock);
    drop(first);
    assert!(read_to_end(&mut second).await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn stopping_waits_for_requests_under_way() {
    let server = start(PATIENT).await;
    let mut idle = connect(&server).await;
    idle.write_all(GET.as_bytes()).await.unwrap();
    read_answer(&mut idle).await;
    let mut busy = connect(&server).await;
    busy.write_all(HALF_A_BODY.as_bytes()).await.unwrap();
    server.sees(2).await;
    server.stop.cancel();
    assert_eq!(read_to_end(&mut idle).await, "", "idle connections are closed at once");
    let rest = format!("\"a\"{}}}", " ".repeat(100 - "{\"door_id\":\"a\"}".len()));
    busy.write_all(rest.as_bytes()).await.unwrap();
    assert!(read_to_end(&mut busy).await.starts_with("HTTP/1.1 200 OK"));
    server.task.await.unwrap();
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn stopping_does_not_wait_longer_than_the_grace_period() {
    let server = start(Limits { grace: SHORT, ..PATIENT }).await;
    let mut hanging = connect(&server).await;
    hanging.write_all(HALF_A_BODY.as_bytes()).await.unwrap();
    server.sees(1).await;
    server.stop.cancel();
    server.task.await.unwrap();
    assert_eq!(read_to_end(&mut hanging).await, "");
}

#[tokio::test]
async fn a_client_that_does_not_take_its_answers_is_cut_off() {
    let server = start(Limits { write_stall: SHORT, connections: 1, ..PATIENT }).await;
    // A small buffer at the client, so that not much has to be answered before it is full.
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stalled = socket.connect(server.address).await.unwrap();
    let (_unread, mut writing) = stalled.into_split();
    // Requests without end, of which no answer is ever read: the server's answers fill both buffers and stall.
    let flood = tokio::spawn(async move { while writing.write_all(GET.as_bytes()).await.is_ok() {} });
    flood.await.unwrap();
    is_served(&server).await;
}

#[tokio::test]
async fn nonsense_and_heads_without_end_are_refused() {
    let server = start(PATIENT).await;
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(1 << 20));
    for nonsense in ["\x16\x03\x01 hello\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &long] {
        let mut stream = connect(&server).await;
        let _ = stream.write_all(nonsense.as_bytes()).await;
        let answer = read_to_end(&mut stream).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    is_served(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn routes_that_wait_run_on_several_threads() {
    let mut settings = routes::settings();
    settings.reads_wait = true;
    let server = start_with(settings, PATIENT).await;
    for _ in 0..20 {
        is_served(&server).await;
    }
    server.stop.cancel();
    server.task.await.unwrap();
}

/// Collects the log as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_has_one_line_per_request_and_no_secret() {
    // For the whole process, so that other tests cannot switch the lines off; theirs are told apart by request id.
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let mut settings = routes::settings();
    let count = AtomicU32::new(0);
    settings.request_ids = Box::new(move || format!("logged-{}", count.fetch_add(1, Ordering::Relaxed)));
    let server = start_with(settings, PATIENT).await;
    is_served(&server).await;
    let mut anonymous = connect(&server).await;
    anonymous.write_all(b"GET /doors/get?door_id=guest HTTP/1.1\r\nconnection: close\r\n\r\n").await.unwrap();
    read_to_end(&mut anonymous).await;
    server.stop.cancel();
    server.task.await.unwrap();
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("logged-")).collect();
    assert_eq!(lines.len(), 2, "{text}");
    for (line, status, who, id) in [(lines[0], "200", "api_key", "logged-0"), (lines[1], "401", "nobody", "logged-1")] {
        let told = format!("request method=\"GET\" path=\"/doors/get\" status={status} who=\"{who}\" duration_ms=");
        assert!(line.contains(&told), "{line}");
        assert!(line.ends_with(&format!("request_id=\"{id}\"")), "{line}");
    }
    assert!(!text.contains("desk1") && !text.contains("door_id"), "{text}");
}
