//! What becomes of a request that was sent to a simulated service.

use http::Response;
use http::header::{CONTENT_TYPE, DATE, HeaderValue};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::Value;

/// The outcome of one request, as the caller's network would show it.
#[derive(Debug)]
pub enum Exchange {
    /// An answer. The shell should hold it back for `delay_ms` milliseconds.
    Answered {
        /// Status, headers and body.
        response: Response<Vec<u8>>,
        /// Milliseconds to wait before the answer is given; 0 without a fault.
        delay_ms: u64,
    },
    /// The work was done, but the connection broke before the answer.
    ReplyLost,
    /// No connection: nothing was done.
    Unreachable,
    /// No answer yet. The shell asks [`crate::Hotel::resume`] again whenever the hotel has changed and at `until`, or
    /// calls [`crate::Hotel::abandon`] when the client has gone.
    Waiting {
        /// What to ask with.
        ticket: u64,
        /// When the answer may come by itself; `None` if only by somebody's doing.
        until: Option<Timestamp>,
    },
}

impl Exchange {
    /// The answer, if there was one.
    #[must_use]
    pub fn into_response(self) -> Option<Response<Vec<u8>>> {
        match self {
            Self::Answered { response, .. } => Some(response),
            Self::ReplyLost | Self::Unreachable | Self::Waiting { .. } => None,
        }
    }
}

/// A response with an optional JSON body, dated `now`: drivers learn the server's clock from it
/// (`spec/visionline.md` 7, row 3).
pub(crate) fn respond(now: Timestamp, status: u16, body: Option<&Value>) -> Response<Vec<u8>> {
    let bytes = body.map(|value| value.to_string().into_bytes()).unwrap_or_default();
    let mut response = Response::new(bytes);
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if body.is_some() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    }
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok();
    if let Some(date) = date.and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(DATE, date);
    }
    response
}
