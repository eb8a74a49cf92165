//! A webhook of the test's own: it notes what it gets and answers as it is told.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

/// How long a delivery may take on a machine that is busy with other tests.
const LIMIT: Duration = Duration::from_secs(30);

/// What an endpoint does with a request.
#[derive(Clone)]
pub enum Habit {
    /// Answers with this status.
    Answer(u16),
    /// Sends the other side elsewhere.
    Redirect(String),
    /// Takes the request and says nothing.
    Silent,
    /// Begins an answer that has no end.
    Endless,
}

/// One request.
#[derive(Debug, Clone)]
pub struct Received {
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Received {
    /// What stands in a header.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A listening endpoint.
pub struct Endpoint {
    address: SocketAddr,
    habit: Arc<Mutex<Habit>>,
    connections: Arc<AtomicUsize>,
    received: Mutex<Receiver<Received>>,
}

impl Endpoint {
    pub fn with(habit: Habit) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let habit = Arc::new(Mutex::new(habit));
        let connections = Arc::new(AtomicUsize::new(0));
        let (sender, receiver) = channel();
        let (habits, counter) = (Arc::clone(&habit), Arc::clone(&connections));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                counter.fetch_add(1, Ordering::SeqCst);
                let (habits, sender) = (Arc::clone(&habits), sender.clone());
                thread::spawn(move || serve(stream, &habits, &sender));
            }
        });
        Self { address, habit, connections, received: Mutex::new(receiver) }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// From now on.
    pub fn behave(&self, habit: Habit) {
        *self.habit.lock().unwrap() = habit;
    }

    /// How often somebody has connected.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The next request, which must come.
    #[track_caller]
    pub fn next(&self) -> Received {
        self.received.lock().unwrap().recv_timeout(LIMIT).expect("nothing was delivered")
    }
}

fn serve(stream: TcpStream, habit: &Mutex<Habit>, sender: &Sender<Received>) {
    let mut reader = BufReader::new(stream);
    let Some(received) = read(&mut reader) else { return };
    let habit = habit.lock().unwrap().clone();
    // The test may be over.
    let _ = sender.send(received);
    let mut stream = reader.into_inner();
    let answered = match habit {
        Habit::Answer(status) => {
            write!(stream, "HTTP/1.1 {status} Told\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        }
        Habit::Redirect(url) => {
            write!(stream, "HTTP/1.1 307 Elsewhere\r\nlocation: {url}\r\ncontent-length: 0\r\n\r\n")
        }
        // Until the other side has had enough.
        Habit::Silent => stream.read(&mut [0; 1]).map(|_| ()),
        Habit::Endless => {
            let begun = write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n");
            begun.and_then(|()| {
                loop {
                    stream.write_all(&[b'.'; 4096])?;
                }
            })
        }
    };
    // The other side may have gone at any time.
    let _ = answered;
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length")?.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received { headers, body })
}
