//! What both benchmarks share: a server on a database file, a small client, and medians.

#![allow(dead_code, reason = "each benchmark uses its part")]

use std::{sync::Arc, time::Instant};

use domain::{Moment, id::AcsUserId};
use engine::{
    Caller,
    sites::{self, NewApiKey, NewSandbox, SeenDoor},
    users,
};
use innkeep_server::{
    adapter::{self, api_key},
    api,
    app::App,
    authenticate::authenticate,
    clock::Clock,
    counts::Counts,
    entropy, kept_answers,
    known_keys::KnownKeys,
    listen, sealer, webhooks,
};
use store::{Location, Store, entrances, page::Page};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use tokio_util::sync::CancellationToken;

/// The key of the benchmark's workspace.
pub const API_KEY: &str = "seam_test1_0123456789abcdef";

/// Rooms of the hotel: large, so that every credential finds few others at its door, as in a real one.
pub const ROOMS: usize = 2_000;

/// A site with rooms in a database file of its own.
pub struct Site {
    pub store: Store,
    pub clock: Clock,
    pub caller: Caller,
    pub sandbox: sites::Sandbox,
    pub doors: Vec<String>,
    pub folder: tempfile::TempDir,
}

impl Site {
    pub fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&Location::File(folder.path().join("innkeep.db"))).expect("a database");
        let clock = Clock::real();
        let moment = Moment::new(clock.now(), entropy::seed());
        let (short, long) = api_key::parse(API_KEY).expect("the key of this benchmark");
        let new = NewSandbox {
            workspace_name: "Benchmark".to_owned(),
            site_name: "Hotel Benchmark".to_owned(),
            time_zone: "Europe/Stockholm".to_owned(),
            api_key: NewApiKey { short_token: short.to_owned(), long_token_sha256: api_key::sha256_hex(long) },
        };
        let seen: Vec<SeenDoor> = (0..ROOMS)
            .map(|room| SeenDoor {
                name: (1_000 + room).to_string(),
                category: "guest".to_owned(),
                profiles: vec![("1".to_owned(), "BLE".to_owned())],
            })
            .collect();
        let sandbox = store
            .write("prepare", move |tx| {
                let mut moment = moment.clone();
                let sandbox = sites::create_sandbox(tx, &mut moment, &new)?;
                sites::record_doors(tx, &mut moment, sandbox.acs_system_id, &seen)?;
                Ok::<_, engine::Error>(sandbox)
            })
            .expect("a sandbox");
        let caller = Caller::of_workspace(sandbox.workspace_id, "benchmark".to_owned());
        let doors = store
            .read("doors", |tx| entrances::list(tx, sandbox.workspace_id, &entrances::Filter::default(), Page::whole()))
            .expect("doors")
            .into_iter()
            .map(|door| door.id.to_string())
            .collect();
        Self { store, clock, caller, sandbox, doors, folder }
    }

    /// Makes users, each for one credential: a second one for the same user would replace the first.
    pub fn users(&self, count: usize) -> Vec<AcsUserId> {
        let moment = Moment::new(self.clock.now(), entropy::seed());
        let (caller, system) = (self.caller.clone(), self.sandbox.acs_system_id);
        self.store
            .write("users", move |tx| {
                let mut moment = moment.clone();
                (0..count)
                    .map(|number| {
                        let new = users::Create {
                            acs_system_id: system,
                            full_name: format!("Guest {number}"),
                            email_address: None,
                            phone_number: None,
                            user_identity_id: None,
                            access_schedule: None,
                        };
                        users::create(tx, &mut moment, &caller, &new).map(|user| user.id)
                    })
                    .collect::<Result<Vec<_>, engine::Error>>()
            })
            .expect("users")
    }

    /// Serves the API on a free port of this machine.
    pub async fn serve(&self, stop: CancellationToken) -> std::net::SocketAddr {
        let app = App {
            store: self.store.clone(),
            clock: self.clock.clone(),
            changed: Arc::new(Notify::new()),
            sites_changed: Arc::default(),
            known_keys: KnownKeys::default(),
            counts: Counts::default(),
            sandbox: None,
            seal: None,
            instant_key_life: innkeep_server::instant_links::USUAL_LIFE,
            webhooks: webhooks::Policy::default(),
            automation: engine::customers::Automation::default(),
        };
        let settings = adapter::Settings {
            state: Arc::new(app),
            authenticate,
            clock: |app: &App| app.clock.now(),
            request_ids: Box::new(|| format!("{:016x}", entropy::seed())),
            reads_wait: false,
            answers: Some(kept_answers::ANSWERS),
            public_url: None,
            extra: axum::Router::new(),
        };
        tokio::spawn(sealer::run(self.store.clone(), stop.clone()));
        let service = adapter::router(api::table(), settings).expect("the table of routes");
        serve(service, self.clock.clone(), stop).await
    }
}

/// Serves any router the way the program does.
pub async fn serve(service: axum::Router, clock: Clock, stop: CancellationToken) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(listen::serve(listener, service, listen::Limits::default(), clock, stop));
    address
}

/// One connection that is kept open. Small on purpose: the load must not cost more than what it measures.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: std::net::SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Self { stream, buffer: Vec::with_capacity(16 * 1024) }
    }

    /// Sends a request and reads the whole answer; answers its body.
    pub async fn exchange(&mut self, request: &[u8]) -> &[u8] {
        self.stream.write_all(request).await.expect("to send");
        self.buffer.clear();
        loop {
            let head = self.buffer.windows(4).position(|window| window == b"\r\n\r\n").map(|end| end + 4);
            if let Some(head) = head {
                let length = content_length(&self.buffer[..head]);
                if self.buffer.len() >= head + length {
                    assert!(self.buffer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&self.buffer));
                    return &self.buffer[head..head + length];
                }
            }
            let read = self.stream.read_buf(&mut self.buffer).await.expect("an answer");
            assert!(read > 0, "the server closed the connection");
        }
    }
}

fn content_length(head: &[u8]) -> usize {
    String::from_utf8_lossy(head)
        .lines()
        .find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        })
        .expect("a content-length")
}

/// A request with the benchmark's key.
pub fn request(method: &str, target: &str, body: &str) -> Vec<u8> {
    let content = if body.is_empty() {
        String::new()
    } else {
        format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len())
    };
    format!("{method} {target} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {API_KEY}\r\n{content}\r\n{body}")
        .into_bytes()
}

/// Sends all requests over `clients` connections and answers requests per second.
pub async fn load(address: std::net::SocketAddr, clients: usize, requests: Arc<Vec<Vec<u8>>>) -> f64 {
    let next = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let mut connections = Vec::new();
    for _ in 0..clients {
        connections.push(Connection::open(address).await);
    }
    let started = now();
    let tasks: Vec<_> = connections
        .into_iter()
        .map(|mut connection| {
            let (next, requests) = (Arc::clone(&next), Arc::clone(&requests));
            tokio::spawn(async move {
                while let Some(request) = requests.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    connection.exchange(request).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a client");
    }
    per_second(requests.len(), started)
}

pub fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
    Instant::now()
}

pub fn per_second(count: usize, since: Instant) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = count as f64 / since.elapsed().as_secs_f64();
    rate
}

/// Prints a row of rates and answers their median.
pub fn row(name: &str, rates: &mut [f64]) -> f64 {
    rates.sort_by(f64::total_cmp);
    let median = rates[rates.len() / 2];
    say(&format!("{name:<44} median {median:>9.0}/s   min {:>9.0}   max {:>9.0}", rates[0], rates[rates.len() - 1]));
    median
}

pub fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}
