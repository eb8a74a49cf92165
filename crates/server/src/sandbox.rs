//! The simulated hotel of a sandbox, inside this process: a lock server to talk to, and the controls of design 9.
//!
//! What waits, waits in [`answers`]; sockets for other people's clients are in [`crate::sim`].

mod answers;
mod hand;

pub use answers::Cut;

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body, extract::Request};
use http::{Response, StatusCode, header};
use serde::Deserialize;
use tokio::sync::{Notify, mpsc::UnboundedSender};
use visionline::{Transport, TransportFailure};
use visionline_sim::{Callback, Hotel, Property};

use crate::{
    clock::{Clock, ClockError},
    entropy,
};

/// Largest body of a control request, in bytes.
const LARGEST_CONTROL_BODY_BYTES: usize = 64 * 1024;

/// How long the driver in this process waits for the hotel: longer than any encoder's deadline.
const IN_PROCESS_TIMEOUT: Duration = Duration::from_secs(90);

/// A simulated hotel that the API, the worker and the controls share.
pub struct Sandbox {
    hotel: Mutex<Hotel>,
    clock: Clock,
    /// Where the hotel is kept between two runs; none keeps it in memory.
    file: Option<PathBuf>,
    /// Wakes the requests that wait for something to happen in the hotel.
    changed: Notify,
    /// Takes what the hotel's services tell on their own account.
    callbacks: Option<UnboundedSender<Callback>>,
    /// Encoders at which the controls were used.
    touched: Mutex<BTreeSet<String>>,
}

/// Why a kept hotel could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file could not be read.
    #[error("the simulated hotel in {file} could not be read")]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("the simulated hotel in {file} is not one of this version; remove the folder to start anew")]
    Content {
        /// The file.
        file: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
}

impl Sandbox {
    /// The built-in hotel: as it was left in `file`, or new.
    ///
    /// # Errors
    /// When the file is there and cannot be used.
    pub fn open(clock: Clock, file: Option<PathBuf>) -> Result<Self, OpenError> {
        let kept = match &file {
            Some(path) if path.exists() => {
                let bytes = std::fs::read(path).map_err(|source| OpenError::Read { file: path.clone(), source })?;
                let hotel = serde_json::from_slice(&bytes);
                Some(hotel.map_err(|source| OpenError::Content { file: path.clone(), source })?)
            }
            _ => None,
        };
        let hotel = kept.unwrap_or_else(|| Hotel::new(Property::meridian(), entropy::seed()));
        Ok(Self { file, ..Self::around(hotel, clock) })
    }

    /// A new hotel of this property, in memory. Its callbacks go to `callbacks`, in order.
    pub fn of(property: Property, clock: Clock, callbacks: UnboundedSender<Callback>) -> Self {
        Self { callbacks: Some(callbacks), ..Self::around(Hotel::new(property, entropy::seed()), clock) }
    }

    fn around(hotel: Hotel, clock: Clock) -> Self {
        Self {
            hotel: Mutex::new(hotel),
            clock,
            file: None,
            changed: Notify::new(),
            callbacks: None,
            touched: Mutex::default(),
        }
    }

    /// Name and zone of the hotel.
    pub fn name_and_zone(&self) -> (String, String) {
        let hotel = self.lock();
        (hotel.property().name.clone(), hotel.property().zone.iana_name().unwrap_or("UTC").to_owned())
    }

    /// Enrols a phone: its endpoint is active at once. Doing so twice is harmless.
    pub fn enrol_phone(&self, endpoint_id: &str) {
        self.step(|hotel, _| hotel.enrol_phone(endpoint_id));
    }

    /// Ends an endpoint, keys and all.
    pub fn remove_phone(&self, endpoint_id: &str) {
        self.step(|hotel, _| hotel.remove_phone(endpoint_id));
    }

    /// Cuts a phone off, or brings it back.
    pub fn set_phone_online(&self, endpoint_id: &str, is_online: bool) {
        self.step(|hotel, _| hotel.set_phone_online(endpoint_id, is_online));
    }

    /// The hotel as its property file says, with nothing on any card or phone.
    pub fn reset(&self) {
        self.step(|hotel, _| hotel.reset());
    }

    /// A transport on which the driver reaches the simulated lock server, with the same bytes as over a network.
    pub fn transport(self: &Arc<Self>) -> Transport {
        let sandbox = Arc::clone(self);
        Transport::in_process(move |request| {
            let sandbox = Arc::clone(&sandbox);
            async move { sandbox.exchange(request).await }
        })
    }

    async fn exchange(&self, request: http::Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportFailure> {
        let answer = tokio::time::timeout(IN_PROCESS_TIMEOUT, self.lock_server(&request)).await;
        match answer {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(Cut::ReplyLost)) => Err(TransportFailure::Lost("the simulated connection broke".into())),
            Ok(Err(Cut::Unreachable)) => {
                Err(TransportFailure::NotSent("the simulated lock server is unreachable".into()))
            }
            Err(late) => Err(TransportFailure::Lost(Box::new(late))),
        }
    }

    /// The routes of the controls, below `/control/v1`.
    pub fn controls(self: &Arc<Self>) -> Router {
        let sandbox = Arc::clone(self);
        Router::new().route(
            "/control/v1/{*path}",
            axum::routing::any(move |request: Request| {
                let sandbox = Arc::clone(&sandbox);
                async move { sandbox.control(request).await }
            }),
        )
    }

    async fn control(&self, request: Request) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let Ok(body) = axum::body::to_bytes(body, LARGEST_CONTROL_BODY_BYTES).await else {
            let message = "the body is too large or was cut off";
            return refusal(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", message).map(Body::from);
        };
        self.controlled(&http::Request::from_parts(parts, body.to_vec())).map(Body::from)
    }

    /// One request to the control interface.
    pub fn controlled(&self, request: &http::Request<Vec<u8>>) -> Response<Vec<u8>> {
        if request.uri().path() == "/control/v1/clock" {
            let answer = self.move_clock(request.method(), request.body());
            self.changed.notify_waiters();
            return answer;
        }
        self.note_hands(request);
        self.step(|hotel, now| hotel.control(now, request))
    }

    /// Does something in the hotel, keeps it, and wakes whoever waits for a change.
    fn step<T>(&self, work: impl FnOnce(&mut Hotel, jiff::Timestamp) -> T) -> T {
        let done = self.quietly(work);
        self.changed.notify_waiters();
        done
    }

    /// The same without waking anybody: two who wait must not wake each other for ever.
    fn quietly<T>(&self, work: impl FnOnce(&mut Hotel, jiff::Timestamp) -> T) -> T {
        let mut hotel = self.lock();
        let done = work(&mut hotel, self.clock.now());
        self.keep(&hotel);
        if let Some(sender) = &self.callbacks {
            for callback in hotel.take_callbacks() {
                // The receiver ends only with the program.
                let _ = sender.send(callback);
            }
        }
        done
    }

    fn move_clock(&self, method: &http::Method, body: &[u8]) -> Response<Vec<u8>> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Move {
            advance_seconds: Option<u64>,
            now: Option<jiff::Timestamp>,
        }
        if method == http::Method::GET {
            return json(StatusCode::OK, &serde_json::json!({ "now": self.clock.now().to_string() }));
        }
        if method != http::Method::POST {
            return refusal(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "use GET or POST");
        }
        let moved = match serde_json::from_slice(body) {
            Ok(Move { advance_seconds: Some(seconds), now: None }) => self.clock.advance(Duration::from_secs(seconds)),
            Ok(Move { advance_seconds: None, now: Some(target) }) => self.clock.advance_to(target),
            _ => {
                let message = "send either advance_seconds (a whole number) or now (an RFC 3339 timestamp)";
                return refusal(StatusCode::BAD_REQUEST, "invalid_input", message);
            }
        };
        match moved {
            Ok(now) => json(StatusCode::OK, &serde_json::json!({ "now": now.to_string() })),
            Err(error @ ClockError::Real) => {
                refusal(StatusCode::CONFLICT, "clock_is_real", &format!("{error}: --clock virtual"))
            }
            Err(error) => refusal(StatusCode::BAD_REQUEST, "invalid_input", &error.to_string()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Hotel> {
        self.hotel.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the hotel to its file, replacing the former whole. A sandbox that cannot be written goes on in memory.
    fn keep(&self, hotel: &Hotel) {
        let Some(file) = &self.file else { return };
        let written = serde_json::to_vec(hotel).map_err(std::io::Error::other).and_then(|bytes| {
            let fresh = file.with_extension("new");
            std::fs::write(&fresh, bytes)?;
            std::fs::rename(&fresh, file)
        });
        if let Err(error) = written {
            tracing::error!(file = %file.display(), %error, "the simulated hotel could not be kept");
        }
    }
}

fn refusal(status: StatusCode, kind: &str, message: &str) -> Response<Vec<u8>> {
    json(status, &serde_json::json!({ "error": { "type": kind, "message": message } }))
}

fn json(status: StatusCode, body: &serde_json::Value) -> Response<Vec<u8>> {
    let mut response = Response::new(body.to_string().into_bytes());
    *response.status_mut() = status;
    let kind = header::HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
