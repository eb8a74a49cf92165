//! The simulated hotel of a sandbox, inside this process: a lock server to talk to, and the controls of design 9.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body, extract::Request, response::IntoResponse};
use http::{Response, StatusCode, header};
use serde::Deserialize;
use visionline::{Transport, TransportFailure};
use visionline_sim::{Exchange, Hotel, Property};

use crate::{
    clock::{Clock, ClockError},
    entropy,
};

/// Largest body of a control request, in bytes.
const LARGEST_CONTROL_BODY_BYTES: usize = 64 * 1024;

/// A simulated hotel that the API, the worker and the controls share.
pub struct Sandbox {
    hotel: Mutex<Hotel>,
    clock: Clock,
    /// Where the hotel is kept between two runs; none keeps it in memory.
    file: Option<PathBuf>,
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
        Ok(Self { hotel: Mutex::new(hotel), clock, file })
    }

    /// Name and zone of the hotel.
    pub fn name_and_zone(&self) -> (String, String) {
        let hotel = self.lock();
        (hotel.property().name.clone(), hotel.property().zone.iana_name().unwrap_or("UTC").to_owned())
    }

    /// Enrols a phone: its endpoint is active at once. Doing so twice is harmless.
    pub fn enrol_phone(&self, endpoint_id: &str) {
        let mut hotel = self.lock();
        hotel.enrol_phone(endpoint_id);
        self.keep(&hotel);
    }

    /// Ends an endpoint, keys and all.
    pub fn remove_phone(&self, endpoint_id: &str) {
        let mut hotel = self.lock();
        hotel.remove_phone(endpoint_id);
        self.keep(&hotel);
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
        let exchange = {
            let mut hotel = self.lock();
            let exchange = hotel.lock_server(self.clock.now(), &request);
            self.keep(&hotel);
            exchange
        };
        match exchange {
            Exchange::Answered { response, delay_ms } => {
                if delay_ms > 0 {
                    tokio::time::sleep(Duration::from_millis(delay_ms)).await;
                }
                Ok(response)
            }
            Exchange::ReplyLost => Err(TransportFailure::Lost("the simulated connection broke".into())),
            Exchange::Unreachable => Err(TransportFailure::NotSent("the simulated lock server is unreachable".into())),
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
            return refusal(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", "the body is too large or was cut off");
        };
        if parts.uri.path() == "/control/v1/clock" {
            return self.move_clock(&parts.method, &body);
        }
        let request = http::Request::from_parts(parts, body.to_vec());
        let mut hotel = self.lock();
        let answer = hotel.control(self.clock.now(), &request);
        self.keep(&hotel);
        answer.map(Body::from)
    }

    fn move_clock(&self, method: &http::Method, body: &[u8]) -> Response<Body> {
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

fn refusal(status: StatusCode, kind: &str, message: &str) -> Response<Body> {
    json(status, &serde_json::json!({ "error": { "type": kind, "message": message } }))
}

fn json(status: StatusCode, body: &serde_json::Value) -> Response<Body> {
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body.to_string()).into_response()
}
